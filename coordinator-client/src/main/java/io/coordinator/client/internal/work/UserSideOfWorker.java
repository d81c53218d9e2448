package io.coordinator.client.internal.work;

import io.coordinator.client.internal.async.Thrown;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The code of a worker's user: where it runs, and who hears of failures.
 *
 * @param work what the worker is for, in messages
 * @param executor runs handlers, or tells that it does not
 * @param callbacks runs listeners; takes every task and throws nothing
 * @param errorListener hears of failures; null if they are logged
 */
public record UserSideOfWorker(
        String work,
        Executor executor,
        Executor callbacks,
        @Nullable Consumer<Throwable> errorListener) {
    private static final Logger log = LoggerFactory.getLogger(UserSideOfWorker.class);

    /** Tells the error listener, or logs. */
    public void report(Throwable error) {
        if (errorListener == null) {
            Thrown.warn(log, "The worker for {} goes on after a failure", work, error);
            return;
        }
        callbacks.execute(() -> {
            try {
                errorListener.accept(error);
            } catch (Throwable e) { // also what the compiler thinks cannot come
                Thrown.warn(log, "The error listener of the worker for {} threw", work, e);
            }
        });
    }
}
