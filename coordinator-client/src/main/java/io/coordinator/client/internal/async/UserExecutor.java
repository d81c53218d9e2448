package io.coordinator.client.internal.async;

import io.coordinator.client.error.ThrottledException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor of the user's, which may block, run tasks in place, or refuse them: it is called on threads where that
 * holds up nobody. What it refuses runs on these threads, or is told so if it is {@link Refusable}. Throws nothing.
 */
public final class UserExecutor implements Executor {
    private static final Logger log = LoggerFactory.getLogger(UserExecutor.class);

    private final Executor users;
    private final Executor own;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Wraps an executor.
     *
     * @param own where the user's is called; takes every task and throws nothing
     */
    public UserExecutor(Executor users, Executor own) {
        this.users = users;
        this.own = own;
    }

    @Override
    public void execute(Runnable task) {
        own.execute(() -> hand(new Once(task)));
    }

    private void hand(Once task) {
        try {
            users.execute(task);
        } catch (Throwable e) { // whatever it is: it is not the SDK's executor
            if (task.claim()) {
                refused(task.task, e);
            } else {
                Thrown.warn(log, "A callback threw", e); // It ran in place.
            }
        }
    }

    private void refused(Runnable task, Throwable why) {
        if (task instanceof Refusable refusable) {
            ThrottledException refusal = new ThrottledException(
                    "the work executor did not take the function, which was not run: " + Thrown.text(why)
                            + "; give the executor more room, or the client another one",
                    Duration.ZERO);
            refusal.addSuppressed(why);
            refusable.refused(refusal);
            return;
        }
        if (warned.compareAndSet(false, true)) {
            Thrown.warn(
                    log, "The callback executor does not take callbacks; such run on threads of the client's own", why);
        }
        task.run();
    }

    /** A task that ran is not refused, whatever the executor throws. */
    private static final class Once implements Runnable {
        private final Runnable task;
        private final AtomicBoolean claimed = new AtomicBoolean();

        Once(Runnable task) {
            this.task = task;
        }

        boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        @Override
        public void run() {
            if (claim()) {
                task.run();
            }
        }
    }
}
