package io.coordinator.client.internal.rpc;

import io.coordinator.client.error.AccessException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RejectedException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.PromiseDeadline;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.rpc.RpcWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A worker over all sessions of its client: registers in each new one, until it leaves. What is not said to be for
 * others lives on the loop.
 */
final class CallWorker implements RpcWorker {
    /** So many calls in a row that its executor refuses go to others; more of them fail. */
    static final int REFUSALS_MAX = 3;

    private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
    /** A handler that was told to stop gives its slot to another call by then, as in the cluster. */
    private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    private final ServedNames served;
    private final Calls calls;
    private final SessionChannel channel;
    private final ProcedureId procedure;
    private final UserSideOfCalls user;
    /** Changed on the loop, counted anywhere. */
    private final Set<CallRun> runs = ConcurrentHashMap.newKeySet();

    private final HandlerSlots slots;

    private final AtomicInteger refusals = new AtomicInteger();
    private final List<Promise<@Nullable Void>> closing = new ArrayList<>();
    private volatile @Nullable CallRegistration active;
    private @Nullable Promise<RpcWorker> first;
    private boolean left;
    private boolean replaced;
    private boolean reported;
    private boolean unregistering;

    CallWorker(ServedNames served, Calls calls, ProcedureId procedure, UserSideOfCalls user) {
        this.served = served;
        this.calls = calls;
        this.procedure = procedure;
        this.user = user;
        channel = calls.channel();
        slots = new HandlerSlots(user.options().concurrency());
    }

    ProcedureId procedure() {
        return procedure;
    }

    UserSideOfCalls user() {
        return user;
    }

    /** How many calls in a row its executor has refused; on any thread. */
    AtomicInteger refusals() {
        return refusals;
    }

    Calls calls() {
        return calls;
    }

    // ---- registering ----

    /** Registers for the first time; on any thread. */
    void begin(Promise<RpcWorker> promise) {
        first = promise;
        CallRegistration registration = CallRegistration.of(channel, this, procedure, user.options());
        channel.submit(registration, Times.nanos(calls.timeout()));
        promise.onCancel(() -> {
            channel.withdraw(registration);
            channel.loop().run(() -> {
                var unused = leave(false);
            });
        });
    }

    void onRegistered(CallRegistration registration) {
        Promise<RpcWorker> caller = first;
        first = null;
        if (left || (caller != null && caller.isDone())) {
            left = true; // Nobody has it: its caller has left, or was told that it failed.
            var unused = registration.leave(false);
            served.displaced(procedure, this);
            return;
        }
        active = registration;
        registration.serveEphemeral(served.ephemeral().work());
        reported = false;
        served.add(procedure, this);
        if (caller != null) {
            caller.succeed(this, this::unregisterAsync);
        }
    }

    /** Its caller was patient enough; what comes of the registration is undone. */
    void onUnanswered(CoordinatorException why) {
        Promise<RpcWorker> caller = first;
        first = null;
        if (caller != null) {
            left = true;
            caller.fail(why);
        }
    }

    void onRefused(CoordinatorException why) {
        if (first != null) {
            onUnanswered(why);
        } else if (!left) {
            if (why instanceof RejectedException || why instanceof AccessException) {
                end(why);
            } else {
                registerLater(why);
            }
        }
    }

    private void registerLater(CoordinatorException why) {
        if (!reported && !(why instanceof ClosedException)) {
            reported = true; // Once, not with every try.
            user.report(why);
        }
        channel.loop().schedule(this::registerAgain, AGAIN_NANOS);
    }

    private void registerAgain() {
        if (left || channel.isClosed()) {
            return;
        }
        if (channel.session().hasEnded()) {
            end(new SessionExpiredException(
                    "the session was lost, and this client opens no other one; " + procedure
                            + " is not served any more, so make a new client",
                    false,
                    null));
            return;
        }
        channel.submit(
                CallRegistration.of(channel, this, procedure, user.options()).persistent(), 0);
    }

    private void end(CoordinatorException why) {
        left = true;
        served.remove(procedure, this);
        user.report(why);
    }

    /** Another one of this client has the name now, and the calls that this one has go on. */
    void replaced() {
        replaced = true;
        left = true;
        deactivate();
    }

    /** Another one has taken its place in the cluster, which nobody wanted in the end. */
    void displaced() {
        deactivate();
        registerAgain();
    }

    private void deactivate() {
        CallRegistration before = active;
        active = null;
        if (before != null) {
            before.stopEphemeral();
            before.forgetLater();
        }
    }

    void onSessionEnded(CallRegistration registration, boolean closedByClient) {
        if (active == registration) {
            active = null;
            if (!left && !closedByClient) {
                channel.loop().execute(this::registerAgain); // When the next session has taken the place of this one.
            }
        }
        settleClosing();
    }

    // ---- calls ----

    void onDispatched(CallRun run) {
        runs.add(run);
        run.arrive();
        if (left && !replaced) {
            run.handBack();
        } else {
            slots.enter(run);
        }
    }

    /** The cluster does not wait for it any more. */
    void onFinished(CallRun run) {
        runs.remove(run);
        if (!run.isInHandler()) {
            slots.leave(run);
        }
        settleClosing();
    }

    /** Its handler has ended. */
    void onHandled(CallRun run) {
        slots.leave(run);
    }

    /** Its handler is told to stop, and does so or hangs. */
    void onStopping(CallRun run) {
        channel.loop().schedule(() -> slots.leave(run), GRACE_NANOS);
    }

    // ---- for users ----

    @Override
    public String namespace() {
        return procedure.namespace();
    }

    @Override
    public String name() {
        return procedure.name();
    }

    @Override
    public boolean isRegistered() {
        CallRegistration registration = active;
        return registration != null && registration.isLive();
    }

    @Override
    public int running() {
        return runs.size();
    }

    @Override
    public boolean unregister() {
        return Await.result(unregister(Promises.direct()));
    }

    @Override
    public CompletionStage<Boolean> unregisterAsync() {
        return unregister(served.userPromises());
    }

    private Promise<Boolean> unregister(Promises kind) {
        Promise<Boolean> outcome = kind.make();
        channel.onLoop(
                () -> {
                    var unused = leave(false).whenComplete((was, error) -> {
                        if (error == null) {
                            outcome.succeed(was);
                        } else {
                            outcome.fail(error);
                        }
                    });
                },
                closed -> outcome.succeed(false));
        PromiseDeadline.set(
                channel,
                outcome,
                Times.nanos(calls.timeout()),
                "the cluster did not confirm in time that the worker for " + procedure
                        + " is unregistered; it is as soon as that can be told");
        return outcome;
    }

    private Promise<Boolean> leave(boolean drain) {
        if (left) {
            return Promises.direct().succeeded(false);
        }
        left = true;
        served.remove(procedure, this);
        CallRegistration registration = active;
        active = null;
        if (registration != null) {
            registration.stopEphemeral();
        }
        runs.forEach(CallRun::handBack);
        return registration == null ? Promises.direct().succeeded(false) : registration.leave(drain);
    }

    @Override
    public void close() {
        var unused = Await.briefly(close(Promises.direct()), Duration.ofMillis(Times.MILLIS_MAX));
    }

    @Override
    public CompletionStage<@Nullable Void> closeAsync() {
        return close(served.userPromises());
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private Promise<@Nullable Void> close(Promises kind) {
        Promise<@Nullable Void> closed = kind.make();
        channel.onLoop(() -> drain(closed), ended -> closed.succeed(null));
        return closed;
    }

    private void drain(Promise<@Nullable Void> closed) {
        closing.add(closed);
        if (!left) {
            unregistering = true;
            var unused = leave(true).whenComplete((was, error) -> {
                unregistering = false;
                settleClosing();
            });
        }
        channel.loop().schedule(this::abandon, Times.nanos(user.options().drainTimeout()));
        settleClosing();
    }

    /** Those who wait for the end have waited enough. */
    private void abandon() {
        unregistering = false;
        runs.forEach(CallRun::abandon);
        settleClosing();
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private void settleClosing() {
        if (runs.isEmpty() && !unregistering) {
            closing.forEach(each -> each.succeed(null));
            closing.clear();
        }
    }
}
