package io.coordinator.client.internal.rpc;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How a handler is told to stop: its thread is interrupted while it is in the handler and never afterwards, its stage
 * is cancelled, and what it asked to be run is run. Safe for use by many threads.
 */
final class CallInterruption {
    private final UserSideOfCalls user;
    private final List<Runnable> actions = new ArrayList<>();
    private @Nullable Thread thread;
    private @Nullable CompletionStage<?> stage;
    private boolean interrupted;
    private boolean struck;

    CallInterruption(UserSideOfCalls user) {
        this.user = user;
    }

    /** This thread runs the handler from now on. */
    synchronized void enter() {
        thread = Thread.currentThread();
        if (struck) {
            interrupt(thread);
        }
    }

    private void interrupt(Thread running) {
        interrupted = true;
        running.interrupt();
    }

    /** The handler has returned; an interrupt that it has not noticed is not for what comes next. */
    synchronized void leave() {
        thread = null;
        if (interrupted) {
            var unused = Thread.interrupted();
        }
    }

    /** The handler goes on elsewhere. */
    void follow(CompletionStage<?> pending) {
        synchronized (this) {
            stage = pending;
            if (!struck) {
                return;
            }
        }
        cancel(pending);
    }

    /** Runs something when it is told to stop. */
    void add(Runnable action) {
        requireNonNull(action, "action");
        synchronized (this) {
            if (!struck) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Tells it; elsewhere, since that is code of the user's. */
    void strike() {
        user.callbacks().execute(this::struck);
    }

    private void struck() {
        List<Runnable> asked;
        CompletionStage<?> pending;
        synchronized (this) {
            struck = true;
            if (thread != null) {
                interrupt(thread);
            }
            pending = stage;
            asked = List.copyOf(actions);
            actions.clear();
        }
        if (pending != null) {
            cancel(pending);
        }
        asked.forEach(this::run);
    }

    private void cancel(CompletionStage<?> pending) {
        run(() -> pending.toCompletableFuture().cancel(true));
    }

    private void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // also what the compiler thinks cannot come
            user.report(e);
        }
    }
}
