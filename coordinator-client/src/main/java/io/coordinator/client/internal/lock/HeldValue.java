package io.coordinator.client.internal.lock;

import io.coordinator.client.error.FencedException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockedValue;
import org.jspecify.annotations.Nullable;

/**
 * A value while its lock is held.
 *
 * @param store where it is kept
 * @param userPromises for stages that callers see
 */
record HeldValue<T>(
        String name,
        LockHandle handle,
        ValueCalls.Store store,
        Promises userPromises,
        @Nullable T value) implements LockedValue.Held<T> {
    Promise<Long> write(@Nullable T newValue) {
        return store.put(name, handle.guard(), newValue);
    }

    @Override
    public boolean release(@Nullable T newValue) {
        return Await.result(release(newValue, Promises.direct().make()));
    }

    @Override
    public Promise<Boolean> releaseAsync(@Nullable T newValue) {
        return release(newValue, userPromises.make());
    }

    /** Whoever leaves while it is written leaves the lock as well. */
    private Promise<Boolean> release(@Nullable T newValue, Promise<Boolean> outcome) {
        Promise<Long> written = write(newValue);
        outcome.onCancel(() -> written.cancel(true));
        var unused = written.whenComplete((revision, error) -> {
            var ignored = handle.releaseAsync().whenComplete((wasHeld, failure) -> {
                if (error == null) {
                    outcome.succeed(true);
                } else if (error instanceof FencedException why && isOfTheLock(why)) {
                    outcome.succeed(false);
                } else {
                    outcome.fail(error);
                }
            });
        });
        return outcome;
    }

    /** And not of a guard that the caller has given. */
    private boolean isOfTheLock(FencedException why) {
        return why.presentedToken() == handle.token()
                && why.lock().equals(name)
                && why.namespace().equals(handle.namespace());
    }

    @Override
    public void close() {
        handle.close();
    }
}
