package io.coordinator.client.internal.job;

import com.google.protobuf.ByteString;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.PendingRequest;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.AwaitJob;
import io.coordinator.protocol.CancelAwait;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.Reply;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits for the end of a job, in one session after the other: the job goes on when one is lost. */
final class JobAwait<T> {
    private final SessionChannel channel;
    private final QueueTarget target;
    private final String id;
    private final @Nullable Duration timeout;
    private final @Nullable Long deadlineNanos;
    private final Promise<T> promise;
    private final Function<ByteString, T> reader;

    /**
     * One that has not asked yet.
     *
     * @param timeout how long it waits; null for ever
     * @param reader reads the result, where the promise reads
     */
    JobAwait(
            SessionChannel channel,
            QueueTarget target,
            String id,
            @Nullable Duration timeout,
            Promise<T> promise,
            Function<ByteString, T> reader) {
        this.channel = channel;
        this.target = target;
        this.id = id;
        this.timeout = timeout;
        this.promise = promise;
        this.reader = reader;
        deadlineNanos = timeout == null ? null : channel.loop().deadlineIn(Times.nanos(timeout));
    }

    /** Asks; on any thread. */
    void begin() {
        JobCommand.Builder body =
                target.command().setAwait(AwaitJob.newBuilder().setId(id));
        Request request = new Request(Command.newBuilder().setJob(body));
        Long deadline = deadlineNanos;
        if (deadline == null) {
            channel.submit(request.persistent(), 0);
        } else {
            channel.submit(request, Math.max(1, deadline - channel.loop().nanoTime()));
        }
        promise.onCancel(request::cancel);
    }

    /** The session was lost, and the job goes on. */
    private void again(CoordinatorException why) {
        if (channel.isClosed()) {
            promise.fail(SessionChannel.closed(false));
        } else if (channel.session().hasEnded()) {
            promise.fail(why);
        } else if (!promise.isDone()) {
            begin();
        }
    }

    private RequestTimeoutException late() {
        return new RequestTimeoutException(
                target.job(id) + " did not end within " + (timeout == null ? "the time" : Times.millis(timeout) + " ms")
                        + "; it goes on, so await it again",
                false,
                null);
    }

    /** It, in one session. */
    private final class Request extends PendingRequest {
        Request(Command.Builder envelope) {
            super(channel, envelope, envelope.getJob().getSerializedSize());
        }

        @Override
        protected String what() {
            return "the end of " + target.job(id);
        }

        @Override
        protected Command.Builder undoing(long seq) {
            return Command.newBuilder()
                    .setJob(target.command()
                            .setCancelAwait(CancelAwait.newBuilder().setRequestSeq(seq)));
        }

        @Override
        protected void onAnswer(Reply reply) {
            if (!reply.getJob().hasAwaited()) {
                settleWith(Errors.unexpectedAnswer(reply.getJob().getOutcomeCase()));
            } else if (reply.getJob().getAwaited().hasEnd()) {
                ended(JobEnding.of(reply.getJob().getAwaited().getEnd()));
            } else if (isTooLate()) {
                settleWith(SessionChannel.closed(false));
            } else {
                inLine(deadlineNanos);
            }
        }

        @Override
        protected void onNews(Event event) {
            JobEnding ending;
            try {
                ending = JobEnding.of(event);
            } catch (CoordinatorException e) {
                settleWith(e);
                return;
            }
            ended(ending);
        }

        private void ended(JobEnding ending) {
            settle();
            if (ending.isSuccess()) {
                promise.succeedBy(() -> reader.apply(ending.result()));
            } else {
                promise.fail(ending.exception(target, id));
            }
        }

        @Override
        protected void fail(Throwable why) {
            if (why instanceof SessionExpiredException expired) {
                channel.loop().execute(() -> again(expired)); // When the next session has taken the place of this one.
            } else if (why instanceof RequestTimeoutException) {
                promise.fail(late());
            } else {
                promise.fail(why);
            }
        }

        @Override
        protected RequestTimeoutException unheard() {
            return late();
        }
    }
}
