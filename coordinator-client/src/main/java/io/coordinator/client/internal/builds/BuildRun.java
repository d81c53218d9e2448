package io.coordinator.client.internal.builds;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.error.BuildCircleException;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildFailure;
import io.coordinator.client.error.BuildTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.PendingRequest;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildRefresh;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildReservation;
import io.coordinator.protocol.BuildResult;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of getOrBuild, from the reservation to exactly one outcome: a hit, another builder's value or failure, or
 * the own function's. Lives on the loop.
 */
final class BuildRun<T> extends PendingRequest {
    private final Plan<T> plan;
    private final BuildTarget target;
    private final Promise<@Nullable T> promise;
    private @Nullable OwnBuild<T> own;
    /** The function that made this call waits for it. */
    private boolean awaited;

    /**
     * What a run is about, apart from the reservation and the caller.
     *
     * @param userPromises for what contexts give to user code
     * @param requestTimeoutNanos of each command
     * @param worker runs the work while the caller waits
     * @param background runs it when the caller has its value already
     * @param waiting runs on the loop when somebody else is found to be the builder
     * @param caller the build whose function waits for this one, or null
     */
    record Plan<T>(
            SessionChannel channel,
            JsonCodec json,
            Promises userPromises,
            long requestTimeoutNanos,
            BuildTarget target,
            BuildOptions options,
            Results<T> results,
            Work<T> work,
            Executor worker,
            Executor background,
            Runnable waiting,
            WaitCircles circles,
            WaitCircles.@Nullable Running caller) {}

    BuildRun(Plan<T> plan, Command.Builder reserve, Promise<@Nullable T> promise) {
        super(plan.channel(), reserve, reserve.getBuild().getSerializedSize());
        this.plan = plan;
        this.target = plan.target();
        this.promise = promise;
    }

    @Override
    protected String what() {
        return target.toString();
    }

    @Override
    protected Command.Builder undoing(long seq) {
        return target.cancel(seq);
    }

    // ---- the reservation ----

    @Override
    protected void onAnswer(Reply reply) {
        BuildReply build = reply.getBuild();
        switch (build.getOutcomeCase()) {
            case HIT -> succeed(build.getHit(), reply.getRevision());
            case BUILD -> build(build.getBuild());
            case REFRESH -> refresh(build.getRefresh(), reply.getRevision());
            case KNOWN_FAILURE -> failBy(() -> failure(build.getKnownFailure()));
            case WAIT -> await();
            default -> settleWith(Errors.unexpectedAnswer(build.getOutcomeCase()));
        }
    }

    @Override
    protected CoordinatorException refusal(CoordinatorException why) {
        return why instanceof KeyNotFoundException ? BuildTarget.notFound(target.namespace(), target.key()) : why;
    }

    private void await() {
        List<String> circle = plan.circles().await(plan.caller(), key());
        if (!circle.isEmpty()) {
            giveUp();
            fail(new BuildCircleException(circle));
            return;
        }
        awaited = true;
        boolean forEver = envelope().getBuild().getReserve().getWaitMillis() < 0;
        long patience = Times.nanos(plan.options().waitTimeout()) + plan.requestTimeoutNanos();
        inLine(forEver ? null : Long.valueOf(deadlineIn(patience)));
        plan.waiting().run();
    }

    private void stopWaiting() {
        if (awaited) {
            awaited = false;
            plan.circles().stopWaiting(plan.caller(), key());
        }
    }

    private WaitCircles.Key key() {
        return WaitCircles.Key.of(target);
    }

    @Override
    protected void onNews(Event event) {
        BuildEvent build = event.getBuild();
        switch (build.getOutcomeCase()) {
            case COMPLETED ->
                succeed(
                        build.getCompleted().toBuilder()
                                .setValue(event.getValue())
                                .build(),
                        build.getCompleted().getRevision());
            case FAILED -> failBy(() -> failure(event.getValue()));
            case PROMOTED -> build(build.getPromoted());
            case ABSENT -> settleWith(BuildTarget.notFound(target.namespace(), target.key()));
            case WAIT_ELAPSED ->
                settleWith(new BuildTimeoutException("another builder of " + target + " did not finish within "
                        + Times.millis(plan.options().waitTimeout()) + " ms; it goes on, ask again"));
            case LOST -> cameAndWent();
            case OUTCOME_NOT_SET -> settleWith(Errors.unexpectedAnswer(build.getOutcomeCase()));
        }
    }

    @Override
    protected void onLaterNews(Event event) {
        if (event.getBuild().hasLost()) {
            cancelOwn();
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
                        plan.json().readIfPresent(failure.getData())));
    }

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private void succeed(BuildResult result, long asOf) {
        settle();
        promise.succeedBy(() -> plan.results().found(result, asOf));
    }

    /** The failure has data in it, which are read as values are. */
    private void failBy(Supplier<CoordinatorException> why) {
        settle();
        promise.succeedBy(() -> {
            throw why.get();
        });
    }

    @Override
    protected void fail(Throwable why) {
        promise.fail(why);
    }

    @Override
    protected RequestTimeoutException unheard() {
        return new RequestTimeoutException(
                "the cluster did not tell the outcome of " + target + " in time; the waiter is withdrawn", false, null);
    }

    @Override
    protected void settle() {
        super.settle();
        stopWaiting();
        if (own != null) {
            own.end();
        }
    }

    /** A running function is told to stop. */
    @Override
    protected void onGivenUp() {
        stopWaiting();
        if (own != null) {
            own.abandon();
            own.cancel();
        }
    }

    /** A reservation may still be good when the session is resumed, but nobody knows. */
    @Override
    public void onLeasePassed() {
        cancelOwn();
    }

    @Override
    public void onSessionEnded(boolean closedByClient) {
        cancelOwn();
        if (closedByClient && isGranted() && own != null && !own.isReporting()) {
            own.abandon();
            settleWith(new ClosedException(
                    "the client was closed while the function of " + target + " ran; nothing was stored", false));
        } else {
            super.onSessionEnded(closedByClient);
        }
    }

    private void cancelOwn() {
        if (own != null) {
            own.cancel();
        }
    }

    // ---- the own function ----

    /** The caller has its value; what becomes of the new one is for others. */
    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private void refresh(BuildRefresh refresh, long asOf) {
        if (isTooLate()) {
            succeed(refresh.getResult(), asOf);
            return;
        }
        promise.succeedBy(() -> plan.results().found(refresh.getResult(), asOf));
        build(refresh.getReservation(), plan.background(), true);
        stopWaiting();
    }

    private void build(BuildReservation reserved) {
        if (isTooLate()) {
            cameTooLate();
        } else {
            build(reserved, plan.worker(), false);
        }
    }

    private void build(BuildReservation reserved, Executor executor, boolean refreshing) {
        granted();
        if (!awaited) {
            // There can be no circle: what has not begun waits for nobody.
            awaited = plan.circles().await(plan.caller(), key()).isEmpty();
        }
        OwnBuild<T> begun = new OwnBuild<>(plan, session(), reserved, promise, new Reserved(), refreshing);
        own = begun;
        begun.beginOn(executor);
    }

    /** What the function does to the reservation. */
    private final class Reserved implements OwnBuild.Reservation {
        @Override
        public void settle() {
            BuildRun.this.settle();
        }

        @Override
        public void giveUp() {
            BuildRun.this.giveUp();
        }

        @Override
        public void undo() {
            BuildRun.this.undo();
        }
    }
}
