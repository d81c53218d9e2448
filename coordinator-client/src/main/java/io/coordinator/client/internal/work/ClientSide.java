package io.coordinator.client.internal.work;

import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.UserExecutor;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * What subscriptions, members and workers share with the rest of the client.
 *
 * @param promises for stages that user code sees, however the call was made
 * @param callbacks runs listeners; takes every task and throws nothing
 * @param worker runs functions that may take long, or tells that it does not
 * @param own where executors of the user's are called; takes every task and throws nothing
 * @param watches starts a watch
 */
public record ClientSide(
        Promises promises,
        Executor callbacks,
        Executor worker,
        Executor own,
        BiFunction<WatchOptions, WatchListener, Subscription> watches) {
    /** Where handlers run: on an executor of the user's, if there is one. */
    public Executor executor(Optional<Executor> users) {
        return users.<Executor>map(given -> new UserExecutor(given, own)).orElse(worker);
    }

    /**
     * The code of a worker's user.
     *
     * @param work what the worker is for, in messages
     */
    public UserSideOfWorker ofWorker(
            String work, Optional<Executor> users, Optional<Consumer<Throwable>> errorListener) {
        return new UserSideOfWorker(work, executor(users), callbacks, errorListener.orElse(null));
    }
}
