package io.coordinator.client.internal.data;

import io.coordinator.client.lock.FencedContext;
import io.coordinator.client.lock.LockHandle;

/** What a function under a lock gets: the data of the lock's namespace, written to only while the grant is live. */
final class HeldData extends BlockingData implements FencedContext {
    private final LockHandle handle;

    HeldData(Handles handles, LockHandle handle) {
        super(handles, handle.namespace(), handle.guard());
        this.handle = handle;
    }

    @Override
    public LockHandle handle() {
        return handle;
    }
}
