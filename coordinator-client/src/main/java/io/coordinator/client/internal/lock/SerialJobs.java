package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Refusable;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.SerialQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Jobs one after another: each waits for a lock that it holds while it runs. */
public final class SerialJobs implements SerialQueue {
    private final LockCalls blocking;

    /** Jobs under a lock. */
    public SerialJobs(LockCalls blocking) {
        this.blocking = blocking;
    }

    @Override
    public String namespace() {
        return blocking.namespace();
    }

    @Override
    public String name() {
        return blocking.name();
    }

    @Override
    public <T extends @Nullable Object> T run(Callable<T> job) throws Exception {
        try (LockHandle turn = Await.result(blocking.acquire())) {
            return job.call();
        }
    }

    @Override
    public <T extends @Nullable Object> Promise<T> submit(Callable<T> job) {
        Promise<T> result = blocking.user().promises().make();
        Promise<LockHandle> turn = blocking.acquire();
        var unused = turn.whenComplete((handle, error) -> {
            if (error == null) {
                LockCalls.endWithClient(handle, result);
                blocking.user()
                        .worker()
                        .execute(Refusable.of(
                                () -> runAndLeave(handle, job, result), why -> refused(handle, why, result)));
            } else if (!(error instanceof CancellationException)) {
                result.fail(error);
            }
        });
        result.onCancel(() -> turn.cancel(true));
        return result;
    }

    private static void refused(LockHandle turn, CoordinatorException why, Promise<?> result) {
        var unused = turn.releaseAsync().whenComplete((wasHeld, error) -> result.fail(why));
    }

    private static <T extends @Nullable Object> void runAndLeave(LockHandle turn, Callable<T> job, Promise<T> result) {
        if (result.isDone()) {
            turn.close(); // cancelled before it started
            return;
        }
        T value;
        try (turn) {
            value = job.call();
        } catch (Throwable e) { // also what the compiler thinks cannot come
            result.fail(e);
            return;
        }
        result.succeed(value);
    }
}
