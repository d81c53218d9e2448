package io.coordinator.client.internal.job;

import com.google.protobuf.ByteString;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.PromiseDeadline;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.work.HandlerRun;
import io.coordinator.client.internal.work.HeldRuns;
import io.coordinator.client.internal.work.RemoteFailures;
import io.coordinator.client.job.JobRetryException;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.transaction.TransactionResult;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JobFailure;
import io.coordinator.protocol.RemoteFailure;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One attempt at a job that this client's handler got. */
final class JobRun extends HandlerRun {
    private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final QueueWorker worker;
    private final QueueMembership membership;
    private final JobAssigned job;
    private final AttemptContext context;

    JobRun(SessionChannel channel, QueueWorker worker, HeldRuns held, QueueMembership membership, JobAssigned job) {
        super(channel, worker, held);
        this.worker = worker;
        this.membership = membership;
        this.job = job;
        context = new AttemptContext(this, worker, membership, job);
    }

    // ---- its way ----

    @Override
    protected long token() {
        return job.getToken();
    }

    @Override
    protected OptionalLong deadlineNanos() {
        long deadline = job.getDeadlineMillis();
        return deadline == 0
                ? OptionalLong.empty()
                : OptionalLong.of(channel().clock().localNanos(deadline));
    }

    /** The cluster gives it to another worker, whether or not it can say so. */
    @Override
    protected void onTimeout() {
        lose();
    }

    @Override
    protected @Nullable Object handle() throws Exception {
        return worker.handler().run(context);
    }

    @Override
    protected boolean isAnswer(Throwable thrown) {
        return thrown instanceof PermanentJobException || thrown instanceof JobRetryException;
    }

    /** It, in messages. */
    String what() {
        return worker.target().job(job.getId());
    }

    // ---- for its context ----

    CoordinatorException lost() {
        return channel().isClosed()
                ? SessionChannel.closed(false)
                : new JobLeaseLostException(
                        what() + " is not this attempt's any more, so nothing was done; stop working on it",
                        false,
                        null);
    }

    // ---- the outcome, as the handler gives it itself ----

    /** Completes it. */
    Promise<Boolean> complete(Promises kind, @Nullable Object result) {
        return kind.attempt(() -> {
            CompleteJob.Builder outcome = CompleteJob.newBuilder().setResult(json().write(result));
            return tryOutcome(kind, () -> tell(outcome), completed -> true);
        });
    }

    /** Completes it with other writes. */
    Promise<TransactionResult> complete(Promises kind, @Nullable Object result, Transaction writes) {
        return kind.attempt(() -> {
            if (!(writes instanceof JoinedWrites joined)) {
                throw new ValidationException("writes must be a transaction that a client of this SDK has made");
            }
            CompleteJob.Builder outcome = CompleteJob.newBuilder().setResult(json().write(result));
            Command.Builder envelope =
                    joined.with(Command.newBuilder().setJob(completion(outcome)).build());
            return tryOutcome(
                    kind,
                    () -> membership.tell(
                            envelope,
                            envelope.getTransaction().getSerializedSize(),
                            reply ->
                                    new TransactionResult(reply.getTransaction().getHeld(), reply.getRevision())),
                    TransactionResult::held);
        });
    }

    private <T> Promise<T> tryOutcome(Promises kind, Supplier<Promise<T>> telling, Predicate<T> takes) {
        if (!outcome().tryOne()) {
            throw isLost() ? lost() : new ValidationException(what() + " was completed before; a job has one outcome");
        }
        Promise<T> tried = limited(kind, "the completion of ");
        var unused = telling.get().whenComplete((value, error) -> {
            if (error == null) {
                if (takes.test(value)) {
                    outcome().taken();
                } else {
                    outcome().refused();
                }
                tried.succeed(value);
            } else {
                Throwable why = heard(error);
                if (!isFinal(why)) {
                    outcome().refused();
                }
                tried.fail(why);
            }
        });
        return tried;
    }

    /** What the cluster is told as long as the session lives, though the handler does not wait for ever. */
    <T> Promise<T> limited(Promises kind, String what) {
        Promise<T> promise = kind.make();
        PromiseDeadline.set(
                channel(),
                promise,
                Times.nanos(worker.calls().timeout()),
                "the cluster did not confirm in time " + what + what()
                        + "; the SDK goes on telling it while the session lives");
        return promise;
    }

    /** What a refusal means; also for the run. */
    Throwable heard(Throwable refusal) {
        Throwable why = JobLosses.of(refusal, what());
        if (isFinal(why)) {
            channel().loop().run(this::lose);
        }
        return why;
    }

    private static boolean isFinal(Throwable why) {
        return why instanceof JobLeaseLostException || why instanceof ClosedException;
    }

    // ---- the outcome, as the run gives it ----

    /** One that the cluster does not take is told as a failure. */
    @Override
    protected void tellResult(ByteString json) {
        tell(CompleteJob.newBuilder().setResult(json), why -> tellFailure(RemoteFailures.of(why), null));
    }

    /** It must be told, or the job would be this worker's as long as the session lives. */
    @Override
    protected void tellFailure(RemoteFailure failure, @Nullable Throwable thrown) {
        JobFailure.Builder told = JobFailure.newBuilder()
                .setCode(failure.getCode())
                .setMessage(failure.getMessage())
                .setType(failure.getType());
        if (thrown instanceof PermanentJobException permanent) {
            told.setPermanent(true).setCode(RemoteFailures.code(permanent.code()));
        } else if (thrown instanceof JobRetryException retry) {
            told.setDelayMillis(Times.millis(retry.delay()));
        }
        tell(CompleteJob.newBuilder().setFailure(told), why -> {
            RemoteFailure shorter =
                    failure.toBuilder().clearMessage().clearType().build();
            channel().loop().schedule(() -> tellFailure(shorter, thrown), AGAIN_NANOS);
        });
    }

    @Override
    protected void tellStopped() {
        tell(CompleteJob.newBuilder().setCancelled(true), why -> {});
    }

    @Override
    protected void tellHandedBack() {
        tell(CompleteJob.newBuilder().setHandedBack(true), why -> {});
    }

    @Override
    protected void tellAbandoned() {
        tellHandedBack();
    }

    private void tell(CompleteJob.Builder outcome, Consumer<Throwable> refused) {
        var unused = tell(outcome).whenComplete((completed, error) -> {
            if (error == null) {
                return;
            }
            Throwable why = JobLosses.of(error, what());
            if (why instanceof CoordinatorException refusal) {
                refusal.withFunctionResult(value()); // Whoever hears of it may still save the work.
            }
            if (!(why instanceof ClosedException)) {
                worker.user().report(why);
            }
            if (!isFinal(why)) {
                refused.accept(why);
            }
        });
    }

    private Promise<Boolean> tell(CompleteJob.Builder outcome) {
        return membership.tell(completion(outcome), reply -> true);
    }

    private JobCommand.Builder completion(CompleteJob.Builder outcome) {
        return worker.target().command().setComplete(outcome.setId(job.getId()).setToken(job.getToken()));
    }
}
