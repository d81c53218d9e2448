package io.coordinator.client.internal.lock;

import io.coordinator.client.lock.FencedContext;
import io.coordinator.client.lock.LockHandle;

/** Makes the data that functions under a lock write to. */
@FunctionalInterface
public interface FencedData {
    /** What a function under this grant gets. */
    FencedContext under(LockHandle handle);
}
