package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.lock.Permit;
import java.util.concurrent.CompletionStage;

/** A caller's grant of permits. */
final class HeldPermit extends EntryGrant implements Permit {
    private final int permits;

    HeldPermit(HoldEntry entry, int permits) {
        super(entry);
        this.permits = permits;
    }

    @Override
    public String name() {
        return entry.claim().names().get(0);
    }

    @Override
    public int permits() {
        return permits;
    }

    @Override
    public boolean release() {
        return Await.uninterruptibly(release(Promises.direct(), Released::wasHeld));
    }

    @Override
    public CompletionStage<Boolean> releaseAsync() {
        return release(entry.userPromises(), Released::wasHeld);
    }
}
