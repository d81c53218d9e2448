package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ReleaseReport;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.lock.MultiLockHandle;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A caller's grant of a set of locks. */
final class HeldSet extends EntryGrant implements MultiLockHandle {
    HeldSet(HoldEntry entry) {
        super(entry);
    }

    @Override
    public List<String> names() {
        return entry.claim().names();
    }

    @Override
    public ReleaseReport release() {
        return Await.uninterruptibly(release(Promises.direct(), this::report));
    }

    @Override
    public CompletionStage<ReleaseReport> releaseAsync() {
        return release(entry.userPromises(), this::report);
    }

    private ReleaseReport report(Released released) {
        return new ReleaseReport(
                names().stream().filter(name -> !released.gone().contains(name)).toList(), released.gone());
    }
}
