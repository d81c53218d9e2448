package io.coordinator.client.internal.async;

import io.coordinator.client.error.ClosedException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Functions of the user's on the work executor, each with a stage that ends with the client at the latest. */
public final class UserWork implements AutoCloseable {
    private final Promises promises;
    private final Executor worker;
    private final Set<Promise<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Nothing runs yet.
     *
     * @param promises that user code sees
     */
    public UserWork(Promises promises, Executor worker) {
        this.promises = promises;
        this.worker = worker;
    }

    /** Runs a function, unless its stage has ended before it could begin. */
    public <T extends @Nullable Object> Promise<T> run(Callable<T> job) {
        Promise<T> result = promises.make();
        waiting.add(result);
        var unused = result.handle((value, error) -> waiting.remove(result));
        if (closed) {
            result.fail(new ClosedException("the client is closed; the function was not run", false));
            return result;
        }
        worker.execute(Refusable.of(() -> run(job, result), result::fail));
        return result;
    }

    private static <T extends @Nullable Object> void run(Callable<T> job, Promise<T> result) {
        if (result.isDone()) {
            return;
        }
        T value;
        try {
            value = job.call();
        } catch (Throwable e) { // also what the compiler thinks cannot come
            result.fail(e);
            return;
        }
        result.succeed(value);
    }

    /** Whoever waits for a function waits no longer; the function may go on. */
    @Override
    public void close() {
        closed = true;
        waiting.forEach(each ->
                each.fail(new ClosedException("the client was closed while the function ran or waited to run", false)));
    }
}
