package io.coordinator.benchmarks.systems;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessLock;
import org.apache.curator.framework.recipes.locks.InterProcessMultiLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.curator.retry.RetryOneTime;

/**
 * Curator's locks, which block their thread and so get one for each request in flight. They do not belong to a thread.
 */
final class CuratorLocks implements AutoCloseable {
    private static final int RETRY_MILLIS = 100;
    private static final String PARENT = "/curator/";

    private final CuratorFramework curator;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "curator-lock");
        thread.setDaemon(true);
        return thread;
    });

    private CuratorLocks(CuratorFramework curator) {
        this.curator = curator;
    }

    static CuratorLocks connect(String connectString) {
        CuratorFramework curator = CuratorFrameworkFactory.newClient(connectString, new RetryOneTime(RETRY_MILLIS));
        curator.start();
        return new CuratorLocks(curator);
    }

    CompletionStage<Void> lockUnlock(String lock) {
        return run(() -> mutex(lock));
    }

    CompletionStage<Void> lockUnlockAll(List<String> locks) {
        return run(
                () -> new InterProcessMultiLock(locks.stream().map(this::mutex).toList()));
    }

    private InterProcessLock mutex(String lock) {
        return new InterProcessSemaphoreMutex(curator, PARENT + lock);
    }

    private CompletionStage<Void> run(Callable<InterProcessLock> supplier) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        InterProcessLock lock = supplier.call();
                        lock.acquire();
                        lock.release();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    @Override
    public void close() {
        curator.close();
        threads.shutdownNow();
    }
}
