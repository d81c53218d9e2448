package io.coordinator.compat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.lock.Data;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Jobs one after another: each waits for a lock that it holds while it runs. */
final class LockTurns implements SerialQueue {
    private final DistributedLock lock;
    private final AsyncDistributedLock staged;
    private final CoordinatorClient client;

    /** Jobs under the lock of that name. */
    LockTurns(CoordinatorClient client, Data data, String name) {
        this.client = client;
        this.lock = data.lock(name);
        this.staged = data.async().lock(name);
    }

    @Override
    public String namespace() {
        return lock.namespace();
    }

    @Override
    public String name() {
        return lock.name();
    }

    @Override
    public <T extends @Nullable Object> T run(Callable<T> job) throws Exception {
        try (LockHandle turn = lock.acquire()) {
            return job.call();
        }
    }

    @Override
    public <T extends @Nullable Object> CompletionStage<T> submit(Callable<T> job) {
        return staged.withLock(
                LockOptions.defaults().waitForever(), turn -> client.async().run(job));
    }
}
