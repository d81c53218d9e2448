package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockMode;
import java.util.concurrent.CompletionStage;

/** A caller's grant of one lock. */
final class HeldLock extends EntryGrant implements LockHandle {
    private final LockTarget target;
    private volatile LockMode mode;

    HeldLock(LockTarget target, HoldEntry entry, LockMode mode) {
        super(entry);
        this.target = target;
        this.mode = mode;
    }

    @Override
    public String name() {
        return target.names().get(0);
    }

    @Override
    public LockMode mode() {
        return mode;
    }

    @Override
    public boolean release() {
        return Await.uninterruptibly(release(Promises.direct(), Released::wasHeld));
    }

    @Override
    public CompletionStage<Boolean> releaseAsync() {
        return release(entry.userPromises(), Released::wasHeld);
    }

    @Override
    public void downgrade() {
        Await.result(downgrade(Promises.direct()));
    }

    @Override
    public CompletionStage<Void> downgradeAsync() {
        return downgrade(entry.userPromises());
    }

    private Promise<Void> downgrade(Promises promises) {
        return entry.change(target.downgrade(token()), () -> mode = LockMode.SHARED, promises);
    }
}
