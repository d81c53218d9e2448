package io.coordinator.client.internal.work;

import io.coordinator.client.error.AccessException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RejectedException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.SessionChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A worker over all sessions of its client: registers in each new one, until it leaves. What is not said to be for
 * others lives on the loop.
 *
 * @param <W> what its user has of it
 */
public abstract class LiveWorker<W> {
    /** So many pieces of work in a row that its executor refuses go to others; more of them fail. */
    static final int REFUSALS_MAX = 3;

    private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Calls calls;
    private final SessionChannel channel;
    private final UserSideOfWorker user;
    /** Changed on the loop, counted anywhere. */
    private final Set<HandlerRun> runs = ConcurrentHashMap.newKeySet();

    private final HandlerSlots slots;
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<Promise<@Nullable Void>> closing = new ArrayList<>();
    private volatile @Nullable WorkerRegistration active;
    private volatile boolean left;
    private @Nullable Promise<W> first;
    private boolean reported;
    private volatile boolean leaving;

    /**
     * One that is not registered.
     *
     * @param handlersMax how many of its handlers run at a time, however much work the cluster gives it
     */
    protected LiveWorker(Calls calls, UserSideOfWorker user, int handlersMax) {
        this.calls = calls;
        this.user = user;
        channel = calls.channel();
        slots = new HandlerSlots(channel.loop(), handlersMax);
    }

    // ---- what a type makes of it ----

    /** What its user gets. */
    protected abstract W self();

    /** A registration that was not sent yet. */
    protected abstract WorkerRegistration registration();

    /** It gets work from now on. */
    protected void onActive() {}

    /** It gets no work, for as long as it has not registered again. */
    protected void onInactive() {}

    /** It never gets work again, since it has left or is refused. */
    protected void onLeft() {}

    /** It was registered although nobody wanted it in the end. */
    protected void onUnwanted() {}

    /** Whether work that comes when it has left is done all the same. */
    protected boolean takesStragglers() {
        return false;
    }

    // ---- for the type, on any thread ----

    /** What it is for, in messages. */
    public final String work() {
        return user.work();
    }

    public final Calls calls() {
        return calls;
    }

    public final UserSideOfWorker user() {
        return user;
    }

    protected final SessionChannel channel() {
        return channel;
    }

    /** How many pieces of work in a row its executor has refused. */
    final AtomicInteger refusals() {
        return refusals;
    }

    /** How many handlers run. */
    public final int running() {
        return runs.size();
    }

    /** Whether it gets work, as far as this client knows. */
    public final boolean isRegistered() {
        WorkerRegistration registration = active;
        return registration != null && registration.isLive();
    }

    /** Whether it never gets work again. */
    protected final boolean hasLeft() {
        return left;
    }

    /** Whether it never gets work again, and its handlers are done. */
    protected final boolean isOver() {
        return left && !leaving && runs.isEmpty();
    }

    /** Registers for the first time. */
    public final void begin(Promise<W> promise) {
        first = promise;
        WorkerRegistration registration = registration();
        channel.submit(registration, Times.nanos(calls.timeout()));
        promise.onCancel(() -> {
            channel.withdraw(registration);
            channel.loop().run(this::leaveSilently);
        });
    }

    private void leaveSilently() {
        var unused = leave(false);
    }

    // ---- registering ----

    final void onRegistered(WorkerRegistration registration) {
        Promise<W> caller = first;
        first = null;
        if (left || (caller != null && caller.isDone())) {
            left = true; // Nobody has it: its caller has left, or was told that it failed.
            var unused = registration.leave(false);
            onUnwanted();
            return;
        }
        active = registration;
        reported = false;
        onActive();
        if (caller != null) {
            caller.succeed(self(), () -> channel.loop().run(this::leaveSilently));
        }
    }

    /** Its caller was patient enough; what comes of the registration is undone. */
    final void onUnanswered(CoordinatorException why) {
        Promise<W> caller = first;
        first = null;
        if (caller != null) {
            left = true;
            caller.fail(why);
        }
    }

    final void onRefused(CoordinatorException why) {
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

    protected final void registerAgain() {
        if (left || channel.isClosed()) {
            return;
        }
        if (channel.session().hasEnded()) {
            end(new SessionExpiredException(
                    "the session was lost, and this client opens no other one; " + work()
                            + " is not served any more, so make a new client",
                    false,
                    null));
            return;
        }
        channel.submit(registration().persistent(), 0);
    }

    /** It can get no more work. */
    protected final void end(CoordinatorException why) {
        left = true;
        deactivate();
        onLeft();
        user.report(why);
        settleClosing();
    }

    /** Gets no more work, although the cluster was not told; handlers that run go on. */
    protected final void retire() {
        left = true;
        deactivate();
    }

    protected final void deactivate() {
        WorkerRegistration before = takeActive();
        if (before != null) {
            before.forgetLater();
        }
    }

    private @Nullable WorkerRegistration takeActive() {
        WorkerRegistration before = active;
        active = null;
        if (before != null) {
            onInactive();
        }
        return before;
    }

    final void onSessionEnded(WorkerRegistration registration, boolean closedByClient) {
        if (active == registration) {
            takeActive();
            if (closedByClient) {
                left = true;
            } else if (!left) {
                channel.loop().execute(this::registerAgain); // When the next session has taken the place of this one.
            }
        }
        settleClosing();
    }

    // ---- work ----

    final void onDispatched(HandlerRun run) {
        runs.add(run);
        if (left && !takesStragglers()) {
            run.handBack();
        } else {
            slots.enter(run);
        }
    }

    /** A handler is done, or will not be heard any more. */
    final void onFinished(HandlerRun run) {
        runs.remove(run);
        slots.finished(run);
        settleClosing();
    }

    /** Its handler is told to stop, and does so or hangs. */
    final void onStopping(HandlerRun run) {
        slots.stopping(run);
    }

    // ---- its end ----

    /**
     * Gets nothing more from now on; what no handler has begun is handed back.
     *
     * @param drain how the cluster is told: see the commands of the type
     */
    protected final Promise<Boolean> leave(boolean drain) {
        if (left) {
            return Promises.direct().succeeded(false);
        }
        left = true;
        onLeft();
        WorkerRegistration registration = takeActive();
        if (!drain) {
            runs.forEach(HandlerRun::handBack); // Before that ends whatever the worker has.
        }
        Promise<Boolean> told = registration == null ? Promises.direct().succeeded(false) : registration.leave(drain);
        runs.forEach(HandlerRun::handBack); // If not before, then behind it, or it would be given the same again.
        return told;
    }

    /**
     * Leaves, and waits for handlers that run; on any thread.
     *
     * @param limit how long; null for as long as they take
     */
    @SuppressWarnings("NullAway") // a Void has no other value
    protected final Promise<@Nullable Void> close(Promises kind, @Nullable Duration limit) {
        Promise<@Nullable Void> closed = kind.make();
        channel.onLoop(() -> drain(closed, limit), ended -> closed.succeed(null));
        return closed;
    }

    private void drain(Promise<@Nullable Void> closed, @Nullable Duration limit) {
        closing.add(closed);
        if (!left) {
            leaving = true;
            var unused = leave(true).whenComplete((was, error) -> {
                leaving = false;
                settleClosing();
            });
        }
        if (limit == null) {
            channel.loop().schedule(this::leftUnconfirmed, Times.nanos(calls.timeout()));
        } else {
            channel.loop().schedule(this::abandon, Times.nanos(limit));
        }
        settleClosing();
    }

    /** The cluster is told as soon as that is possible; what comes until then is handed back. */
    private void leftUnconfirmed() {
        leaving = false;
        settleClosing();
    }

    /** Those who wait for the end have waited enough. */
    private void abandon() {
        leaving = false;
        runs.forEach(HandlerRun::abandon);
        settleClosing();
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private void settleClosing() {
        if (runs.isEmpty() && !leaving) {
            closing.forEach(each -> each.succeed(null));
            closing.clear();
        }
    }
}
