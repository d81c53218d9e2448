package io.coordinator.client.internal.document;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.option.Guard;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What documents need besides messages. */
public interface Surroundings {
    /**
     * Waits for the turn under a name.
     *
     * @throws io.coordinator.client.error.LockTimeoutException if it does not come in time
     */
    Turn turn(String namespace, String name, LockOptions options);

    Subscription watch(WatchOptions options, WatchListener listener);

    /** For calls of those who wait. */
    Promises waiting();

    /** Runs a function that may wait. */
    <T extends @Nullable Object> Promise<T> work(Callable<T> function);

    /** A turn, until it is closed. */
    interface Turn extends AutoCloseable {
        /** Refuses what comes once the turn is over. */
        Guard guard();

        /** Whether it goes on, as far as this client knows. */
        boolean isHeld();

        @Override
        void close();
    }
}
