package io.coordinator.client.internal.builds;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.error.BuildCircleException;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildFailure;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.BuildTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.QuotaExceededException;
import io.coordinator.client.error.RejectedException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Refusable;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.DeadlineWheel;
import io.coordinator.client.internal.session.Holding;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SilentCommand;
import io.coordinator.client.internal.session.ValueCommand;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildRefresh;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildReservation;
import io.coordinator.protocol.BuildResult;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.Reply;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of getOrBuild, from the reservation to exactly one outcome: a hit, another builder's value or failure, or the
 * own function's. Lives on the loop, but for the function itself.
 */
final class BuildRun<T> extends CommandCall implements Holding {
    private static final Logger log = LoggerFactory.getLogger(BuildRun.class);

    /** What a failure tells others of its message; a command must not be refused for its length. */
    private static final int MESSAGE_CHARS_MAX = 16_384;

    private final SessionChannel channel;
    private final BuildTarget target;
    private final BuildOptions options;
    private final JsonCodec json;
    private final Results<T> results;
    private final Work<T> work;
    private final Executor worker;
    private final Executor background;
    private final Runnable waiting;
    private final Promises userPromises;
    private final WaitCircles circles;
    private final WaitCircles.@Nullable Running caller;
    private final Promise<@Nullable T> promise;
    private final long requestTimeoutNanos;
    private final WaitDeadline waitDeadline = new WaitDeadline();
    private @Nullable Session session;
    private @Nullable ReservationContext context;
    private WaitCircles.@Nullable Running ownFunction;
    /** The function that made this call waits for it. */
    private boolean awaited;

    private Phase phase = Phase.ASKED;
    /** The caller has its value already: nobody but the log hears of a failure. */
    private volatile boolean refreshing;

    /** The function has ended, and the cluster is told how. */
    private volatile boolean reporting;

    /** The caller has left: whatever the function makes is not wanted. */
    private volatile boolean abandoned;

    private enum Phase {
        /** No reply yet. */
        ASKED,
        /** Another builder is at work. */
        WAITING,
        /** The own function runs, or its outcome is on its way. */
        BUILDING,
        /** The caller has left, or has its outcome. */
        SETTLED
    }

    /**
     * What a run is about, apart from the channel and the caller.
     *
     * @param worker runs the work while the caller waits
     * @param background runs it when the caller has its value already
     * @param waiting runs on the loop when somebody else is found to be the builder
     * @param caller the build whose function waits for this one, or null
     */
    record Plan<T>(
            BuildTarget target,
            BuildOptions options,
            Results<T> results,
            Work<T> work,
            Executor worker,
            Executor background,
            Runnable waiting,
            WaitCircles circles,
            WaitCircles.@Nullable Running caller) {}

    BuildRun(
            SessionChannel channel,
            JsonCodec json,
            Promises userPromises,
            long requestTimeoutNanos,
            Command.Builder reserve,
            Plan<T> plan,
            Promise<@Nullable T> promise) {
        super(reserve, reserve.getBuild().getSerializedSize());
        this.channel = channel;
        this.json = json;
        this.userPromises = userPromises;
        this.requestTimeoutNanos = requestTimeoutNanos;
        this.target = plan.target();
        this.options = plan.options();
        this.results = plan.results();
        this.work = plan.work();
        this.worker = plan.worker();
        this.background = plan.background();
        this.waiting = plan.waiting();
        this.circles = plan.circles();
        this.caller = plan.caller();
        this.promise = promise;
    }

    /** The caller has cancelled; on any thread. */
    void cancel() {
        channel.loop().run(() -> {
            if (session == null) {
                phase = Phase.SETTLED;
                channel.withdraw(this);
            } else {
                giveUp();
            }
        });
    }

    // ---- the reservation ----

    @Override
    protected void onSequenced(Session current, long seq) {
        session = current;
        current.hold(seq, this);
    }

    @Override
    protected void onReply(Reply reply) {
        if (phase != Phase.ASKED) {
            return; // An event told the outcome before, or the caller has left.
        }
        if (reply.hasError()) {
            CoordinatorException error = Errors.of(reply.getError(), envelope());
            fail(
                    error instanceof KeyNotFoundException
                            ? BuildTarget.notFound(target.namespace(), target.key())
                            : error);
            return;
        }
        BuildReply build = reply.getBuild();
        switch (build.getOutcomeCase()) {
            case HIT -> succeed(build.getHit(), reply.getRevision());
            case BUILD -> build(build.getBuild(), worker);
            case REFRESH -> refresh(build.getRefresh(), reply.getRevision());
            case KNOWN_FAILURE -> failBy(() -> failure(build.getKnownFailure()));
            case WAIT -> await();
            default -> fail(Errors.unexpectedAnswer(build.getOutcomeCase()));
        }
    }

    private void await() {
        List<String> circle = circles.await(caller, key());
        if (!circle.isEmpty()) {
            giveUp();
            promise.fail(new BuildCircleException(circle));
            return;
        }
        awaited = true;
        phase = Phase.WAITING;
        waiting.run();
        if (envelope().getBuild().getReserve().getWaitMillis() >= 0) {
            long patience = Times.nanos(options.waitTimeout()) + requestTimeoutNanos;
            channel.addDeadline(waitDeadline, Times.deadline(patience));
        }
    }

    private void stopWaiting() {
        if (awaited) {
            awaited = false;
            circles.stopWaiting(caller, key());
        }
    }

    private WaitCircles.Key key() {
        return WaitCircles.Key.of(target);
    }

    @Override
    public void onEvent(Event event) {
        BuildEvent build = event.getBuild();
        if (build.hasLost() && context != null) {
            context.cancel(); // What the function makes will be refused, and it may stop now.
        } else if (phase == Phase.ASKED || phase == Phase.WAITING) {
            switch (build.getOutcomeCase()) {
                case COMPLETED ->
                    succeed(
                            build.getCompleted().toBuilder()
                                    .setValue(event.getValue())
                                    .build(),
                            build.getCompleted().getRevision());
                case FAILED -> failBy(() -> failure(event.getValue()));
                case PROMOTED -> build(build.getPromoted(), worker);
                case ABSENT -> fail(BuildTarget.notFound(target.namespace(), target.key()));
                case WAIT_ELAPSED ->
                    fail(new BuildTimeoutException("another builder of " + target + " did not finish within "
                            + Times.millis(options.waitTimeout()) + " ms; it goes on, ask again"));
                case LOST ->
                    fail(new RequestTimeoutException(
                            target + " was reserved, but the news of it came after the reservation had ended; nothing"
                                    + " was built, so ask again",
                            false,
                            null));
                case OUTCOME_NOT_SET -> fail(Errors.unexpectedAnswer(build.getOutcomeCase()));
            }
        }
    }

    private CoordinatorException failure(ByteString serialized) {
        try {
            return failure(io.coordinator.protocol.BuildFailure.parseFrom(serialized));
        } catch (InvalidProtocolBufferException e) {
            return Errors.unexpectedAnswer(BuildEvent.OutcomeCase.FAILED);
        }
    }

    private BuildFailedException failure(io.coordinator.protocol.BuildFailure failure) {
        return new BuildFailedException(
                "the builder of " + target + " failed: " + failure.getType() + ": " + failure.getMessage(),
                new BuildFailure(
                        failure.getType(),
                        failure.getMessage(),
                        failure.getCode(),
                        json.readIfPresent(failure.getData())));
    }

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private void succeed(BuildResult result, long asOf) {
        settle();
        promise.succeedBy(() -> results.found(result, asOf));
    }

    /** The failure has data in it, which are read as values are. */
    private void failBy(Supplier<CoordinatorException> why) {
        settle();
        readFailure(why);
    }

    private void readFailure(Supplier<CoordinatorException> why) {
        promise.succeedBy(() -> {
            throw why.get();
        });
    }

    private void fail(Throwable why) {
        settle();
        promise.fail(why);
    }

    private void settle() {
        phase = Phase.SETTLED;
        channel.removeDeadline(waitDeadline);
        stopWaiting();
        if (ownFunction != null) {
            circles.end(ownFunction);
        }
        if (context != null) {
            context.stop();
        }
        if (session != null) {
            session.drop(seq());
        }
    }

    /** The caller leaves: a waiter is withdrawn, a reservation handed on, a running function told to stop. */
    private void giveUp() {
        Session current = session;
        if (current == null || phase == Phase.SETTLED) {
            return;
        }
        phase = Phase.SETTLED;
        abandoned = true;
        channel.removeDeadline(waitDeadline);
        stopWaiting();
        cancelInCluster(current);
        if (context != null) {
            context.cancel();
        }
    }

    private void cancelInCluster(Session current) {
        channel.submit(SilentCommand.cleanup(target.cancel(seq()), current, () -> current.drop(seq())), 0);
    }

    @Override
    protected void onDeadline(CoordinatorException why) {
        giveUp();
        promise.fail(why);
    }

    @Override
    protected void onFailure(CoordinatorException why) {
        fail(why);
    }

    /** A waiter may still be in line, and a reservation may still be good, when the session is resumed. */
    @Override
    public void onLeasePassed() {
        if (context != null) {
            context.cancel();
        }
    }

    @Override
    public void onSessionEnded(boolean closedByClient) {
        if (context != null) {
            context.cancel();
        }
        if (closedByClient && phase == Phase.BUILDING && !reporting) {
            abandoned = true;
            fail(new ClosedException(
                    "the client was closed while the function of " + target + " ran; nothing was stored", false));
        } else if (phase == Phase.WAITING) {
            fail(
                    closedByClient
                            ? new ClosedException("the client was closed while waiting for " + target, false)
                            : new SessionExpiredException(
                                    "the session was lost while waiting for " + target + "; ask again", false, null));
        }
    }

    // ---- the own function ----

    /** The caller has its value; what becomes of the new one is for others. */
    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private void refresh(BuildRefresh refresh, long asOf) {
        promise.succeedBy(() -> results.found(refresh.getResult(), asOf));
        refreshing = true;
        build(refresh.getReservation(), background);
        stopWaiting();
    }

    private void build(BuildReservation reservation, Executor executor) {
        Session current = session;
        if (current == null) {
            throw new IllegalStateException("reserved before it was asked for");
        }
        phase = Phase.BUILDING;
        channel.removeDeadline(waitDeadline);
        ReservationContext begun = new ReservationContext(channel, current, target, json, userPromises, reservation);
        context = begun;
        begun.start();
        if (!awaited) {
            // There can be no circle: what has not begun waits for nobody.
            awaited = circles.await(caller, key()).isEmpty();
        }
        WaitCircles.Running function = circles.begin(key(), caller, begun);
        ownFunction = function;
        executor.execute(Refusable.of(
                () -> run(function, begun, current), why -> channel.loop().run(() -> refused(function, why))));
    }

    /** The function does not run: whoever waits next may try. */
    private void refused(WaitCircles.Running function, CoordinatorException why) {
        circles.end(function);
        giveUp();
        failed(why);
    }

    /** On the worker. */
    private void run(WaitCircles.Running function, ReservationContext running, Session current) {
        CompletionStage<@Nullable T> outcome;
        try {
            outcome = function.call(() -> work.begin(running));
        } catch (Throwable e) { // whatever it is, the waiters and the caller must learn of it
            submitFailure(running, current, e);
            return;
        }
        Promises.<@Nullable T>whenDone(outcome, (value, error) -> {
            if (error == null) {
                store(running, current, value);
            } else {
                submitFailure(running, current, Thrown.cause(error));
            }
        });
    }

    private void store(ReservationContext running, Session current, @Nullable T value) {
        ByteString text;
        try {
            text = json.write(value);
        } catch (CoordinatorException e) {
            submitFailure(running, current, e.withFunctionResult(value));
            return;
        }
        submitResult(running, current, value, text);
    }

    private void submitResult(ReservationContext running, Session current, @Nullable T value, ByteString text) {
        CompleteBuild.Builder complete =
                CompleteBuild.newBuilder().setToken(running.token()).setValue(text);
        options.expiry().ifPresent(ttl -> complete.setTtlMillis(Times.millis(ttl)));
        options.refreshAfter().ifPresent(time -> complete.setRefreshAfterMillis(Times.millis(time)));
        complete.setSliding(options.slides())
                .setDiscard(options.discards() || (value == null && !options.cachesNulls()));
        long sent = System.nanoTime();
        Promise<Long> stored = submit(
                target.body().setComplete(complete),
                current,
                reply -> reply.getBuild().getCompleted().getRevision());
        var unused = stored.whenComplete((revision, error) -> {
            if (error instanceof CoordinatorException failure) {
                failure.withFunctionResult(value);
            }
            if (error == null) {
                if (!complete.getDiscard()) {
                    results.built(value, revision, sent);
                }
                finish(() -> hand(value));
            } else if (error instanceof BuildLostException || error instanceof SessionExpiredException) {
                finish(() -> late(value, text));
            } else if (isRefusal(error)) {
                submitFailure(running, current, error); // or its waiters would wait for ever (JC-BOR-18)
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
            readFailure(() -> new BuildLostException(
                            "the reservation of " + target + " ended before its builder completed; the value was not"
                                    + " stored. Allow more time, or use the value attached",
                            json.read(text))
                    .withFunctionResult(value));
        }
    }

    private void submitFailure(ReservationContext running, Session current, Throwable error) {
        FailBuild.Builder fail = FailBuild.newBuilder().setToken(running.token());
        fail.getFailureBuilder()
                .setType(error.getClass().getName())
                .setMessage(message(error))
                .setCode(error instanceof CoordinatorException e ? e.code().name() : "");
        options.failureTtl().ifPresent(time -> fail.setKeepMillis(Times.millis(time)));
        Promise<Long> told = submit(target.body().setFail(fail), current, Reply::getRevision);
        // Whether it was told or not, the caller gets its own exception; told first, so that a new call builds anew.
        var unused = told.whenComplete((ok, refused) -> finish(() -> {
            if (isRefusal(refused)) {
                // The cluster does not take it as a failure, but waiters must not wait for it.
                cancelInCluster(current);
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

    private Promise<Long> submit(BuildCommand.Builder body, Session current, Function<Reply, Long> revision) {
        Promise<Long> done = Promises.direct().make();
        reporting = true;
        if (abandoned) {
            done.fail(new ClosedException("the caller of " + target + " has left", false));
            return done;
        }
        Command.Builder command = target.guarded(body);
        channel.submit(
                new ValueCommand<>(command, command.getBuild().getSerializedSize(), done, revision)
                        .persistent()
                        .boundTo(current),
                requestTimeoutNanos);
        return done;
    }

    private void finish(Runnable outcome) {
        Runnable finish = () -> {
            settle();
            outcome.run();
        };
        if (!channel.loop().tryRun(finish)) {
            finish.run(); // The client is closed, and nothing else runs any more.
        }
    }

    /** The end of the caller's patience, later than the wait that the cluster measures. */
    private final class WaitDeadline extends DeadlineWheel.Timeout {
        @Override
        protected void onTimeout() {
            giveUp();
            promise.fail(new RequestTimeoutException(
                    "the cluster did not tell the outcome of " + target + " in time; the waiter is withdrawn",
                    false,
                    null));
        }
    }
}
