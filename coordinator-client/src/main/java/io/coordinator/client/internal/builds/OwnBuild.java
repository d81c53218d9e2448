package io.coordinator.client.internal.builds;

import com.google.protobuf.ByteString;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.QuotaExceededException;
import io.coordinator.client.error.RejectedException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Refusable;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.ValueCommand;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildReservation;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.Reply;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The caller's own function, from its reservation to the cluster's word on what it made. */
final class OwnBuild<T> {
    private static final Logger log = LoggerFactory.getLogger(OwnBuild.class);

    /** What a failure tells others of its message; a command must not be refused for its length. */
    private static final int MESSAGE_CHARS_MAX = 16_384;

    private final BuildRun.Plan<T> plan;
    private final BuildTarget target;
    private final BuildOptions options;
    private final Session session;
    private final ReservationContext context;
    private final WaitCircles.Running function;
    private final Promise<@Nullable T> promise;
    private final Reservation reservation;
    /** The caller has its value already: nobody but the log hears of a failure. */
    private final boolean refreshing;

    /** The function has ended, and the cluster is told how. */
    private volatile boolean reporting;

    /** The caller has left: whatever the function makes is not wanted. */
    private volatile boolean abandoned;

    /** What the function was made the builder by. */
    interface Reservation {
        /** It has ended; the caller is told afterwards. */
        void settle();

        /** The function never ran: whoever waits next may try. */
        void giveUp();

        /** The cluster must not wait for its end. */
        void undo();
    }

    OwnBuild(
            BuildRun.Plan<T> plan,
            Session session,
            BuildReservation reserved,
            Promise<@Nullable T> promise,
            Reservation reservation,
            boolean refreshing) {
        this.plan = plan;
        this.target = plan.target();
        this.options = plan.options();
        this.session = session;
        this.promise = promise;
        this.reservation = reservation;
        this.refreshing = refreshing;
        context = new ReservationContext(plan.channel(), session, target, plan.json(), plan.userPromises(), reserved);
        context.start();
        function = plan.circles().begin(WaitCircles.Key.of(target), plan.caller(), context);
    }

    /** Has an executor run it. */
    void beginOn(Executor executor) {
        executor.execute(Refusable.of(this::run, why -> plan.channel().loop().run(() -> refused(why))));
    }

    /** What the function makes will be refused, and it may stop now; on the loop. */
    void cancel() {
        context.cancel();
    }

    /** Nobody wants what it makes; on the loop. */
    void abandon() {
        abandoned = true;
    }

    /** Whether the function has ended, and only the cluster's word is awaited. */
    boolean isReporting() {
        return reporting;
    }

    /** Nothing can come of it any more; on the loop. */
    void end() {
        plan.circles().end(function);
        context.stop();
    }

    /** The function does not run: whoever waits next may try. */
    private void refused(CoordinatorException why) {
        plan.circles().end(function);
        reservation.giveUp();
        failed(why);
    }

    /** On the worker. */
    private void run() {
        CompletionStage<@Nullable T> outcome;
        try {
            outcome = function.call(() -> plan.work().begin(context));
        } catch (Throwable e) { // whatever it is, the waiters and the caller must learn of it
            submitFailure(e);
            return;
        }
        Promises.<@Nullable T>whenDone(outcome, (value, error) -> {
            if (error == null) {
                store(value);
            } else {
                submitFailure(Thrown.cause(error));
            }
        });
    }

    private void store(@Nullable T value) {
        ByteString text;
        try {
            text = plan.json().write(value);
        } catch (CoordinatorException e) {
            submitFailure(e.withFunctionResult(value));
            return;
        }
        submitResult(value, text);
    }

    private void submitResult(@Nullable T value, ByteString text) {
        CompleteBuild.Builder complete =
                CompleteBuild.newBuilder().setToken(context.token()).setValue(text);
        options.expiry().ifPresent(ttl -> complete.setTtlMillis(Times.millis(ttl)));
        options.refreshAfter().ifPresent(time -> complete.setRefreshAfterMillis(Times.millis(time)));
        complete.setSliding(options.slides())
                .setDiscard(options.discards() || (value == null && !options.cachesNulls()));
        long sent = System.nanoTime();
        Promise<Long> stored = submit(
                target.body().setComplete(complete),
                reply -> reply.getBuild().getCompleted().getRevision());
        var unused = stored.whenComplete((revision, error) -> {
            if (error instanceof CoordinatorException failure) {
                failure.withFunctionResult(value);
            }
            if (error == null) {
                if (!complete.getDiscard()) {
                    plan.results().built(value, revision, sent);
                }
                finish(() -> hand(value));
            } else if (error instanceof BuildLostException || error instanceof SessionExpiredException) {
                finish(() -> late(value, text));
            } else if (isRefusal(error)) {
                submitFailure(error); // or its waiters would wait for ever (JC-BOR-18)
            } else {
                finish(() -> failed(error));
            }
        });
    }

    private void failed(Throwable error) {
        if (refreshing) {
            Thrown.warn(log, "{} was not refreshed; what there is stays until its time", target, error);
        }
        promise.fail(error);
    }

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private void hand(@Nullable T value) {
        promise.succeed(value);
    }

    private void late(@Nullable T value, ByteString text) {
        if (options.returnsLateValue()) {
            hand(value);
        } else {
            if (refreshing) {
                log.warn("{} was not refreshed: its reservation ended before", target);
            }
            promise.succeedBy(() -> {
                throw new BuildLostException(
                                "the reservation of " + target + " ended before its builder completed; the value was"
                                        + " not stored. Allow more time, or use the value attached",
                                plan.json().read(text))
                        .withFunctionResult(value);
            });
        }
    }

    private void submitFailure(Throwable error) {
        FailBuild.Builder fail = FailBuild.newBuilder().setToken(context.token());
        fail.getFailureBuilder()
                .setType(error.getClass().getName())
                .setMessage(message(error))
                .setCode(error instanceof CoordinatorException e ? e.code().name() : "");
        options.failureTtl().ifPresent(time -> fail.setKeepMillis(Times.millis(time)));
        Promise<Long> told = submit(target.body().setFail(fail), Reply::getRevision);
        // Whether it was told or not, the caller gets its own exception; told first, so that a new call builds anew.
        var unused = told.whenComplete((ok, refused) -> finish(() -> {
            if (isRefusal(refused)) {
                // The cluster does not take it as a failure, but waiters must not wait for it.
                reservation.undo();
            }
            failed(error);
        }));
    }

    /** The cluster will not take it at any time, and still has the reservation. */
    private static boolean isRefusal(@Nullable Throwable error) {
        return error instanceof RejectedException
                || error instanceof QuotaExceededException
                || error instanceof FencedException;
    }

    /** Perhaps very long. */
    private static String message(Throwable error) {
        String message = Thrown.message(error);
        return message.substring(0, Math.min(message.length(), MESSAGE_CHARS_MAX));
    }

    private Promise<Long> submit(BuildCommand.Builder body, Function<Reply, Long> revision) {
        Promise<Long> done = Promises.direct().make();
        reporting = true;
        if (abandoned) {
            done.fail(new ClosedException("the caller of " + target + " has left", false));
            return done;
        }
        Command.Builder command = target.guarded(body);
        plan.channel()
                .submit(
                        new ValueCommand<>(command, command.getBuild().getSerializedSize(), done, revision)
                                .persistent()
                                .boundTo(session),
                        plan.requestTimeoutNanos());
        return done;
    }

    private void finish(Runnable outcome) {
        Runnable finish = () -> {
            reservation.settle();
            outcome.run();
        };
        if (!plan.channel().loop().tryRun(finish)) {
            finish.run(); // The client is closed, and nothing else runs any more.
        }
    }
}
