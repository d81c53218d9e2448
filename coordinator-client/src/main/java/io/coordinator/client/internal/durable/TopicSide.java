package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * What subscriptions and members share with the rest of the client.
 *
 * @param promises for stages that user code sees, however the call was made
 * @param callbacks runs listeners; takes every task and throws nothing
 * @param worker runs functions that may take long
 * @param own where executors of the user's are called; takes every task and throws nothing
 * @param watches starts a watch
 */
public record TopicSide(
        Promises promises,
        Executor callbacks,
        Executor worker,
        Executor own,
        BiFunction<WatchOptions, WatchListener, Subscription> watches) {}
