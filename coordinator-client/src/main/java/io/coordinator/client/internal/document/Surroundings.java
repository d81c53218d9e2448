package io.coordinator.client.internal.document;

import io.coordinator.client.DistributedLock;
import io.coordinator.client.Subscription;
import io.coordinator.client.WatchListener;
import io.coordinator.client.WatchOptions;

/** What documents need of the client besides messages. */
public interface Surroundings {
    DistributedLock lock(String namespace, String name);

    Subscription watch(WatchOptions options, WatchListener listener);
}
