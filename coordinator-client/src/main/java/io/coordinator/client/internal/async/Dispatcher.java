package io.coordinator.client.internal.async;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor of user callbacks. One worker drains a burst of short callbacks without a hand-off for each; more join
 * while there is a backlog, or when a callback blocks, so that a callback may wait for another one.
 */
public final class Dispatcher implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int THREADS_MAX = 128;
    private static final int BACKLOG_PER_WORKER = 256;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger();
    private final ExecutorService threads;
    private final Scheduler scheduler;
    private final int parallelism;

    /** Grows whenever a worker takes a task; a stall is when it does not. Exact counts do not matter. */
    private volatile int taken;

    /** Runs something later. */
    @FunctionalInterface
    public interface Scheduler {
        void schedule(Runnable task, long delayNanos);
    }

    public Dispatcher(ThreadFactory factory, Scheduler scheduler) {
        this.threads = new ThreadPoolExecutor(0, THREADS_MAX, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
        this.scheduler = scheduler;
        this.parallelism = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        int backlog = queued.incrementAndGet();
        int active = workers.get();
        if (active == 0 || (active < parallelism && backlog > active * BACKLOG_PER_WORKER)) {
            startWorker();
        }
    }

    private void startWorker() {
        boolean first = workers.getAndIncrement() == 0;
        try {
            threads.execute(this::work);
        } catch (RejectedExecutionException e) {
            if (threads.isShutdown()) {
                ForkJoinPool.commonPool().execute(this::work); // Outcomes are told even after the client was closed.
            } else {
                workers.decrementAndGet(); // All threads are busy; they go on draining.
            }
            return;
        }
        if (first) {
            watchForStall(taken);
        }
    }

    private void watchForStall(int takenBefore) {
        scheduler.schedule(
                () -> {
                    if (queued.get() > 0 && taken == takenBefore) {
                        startWorker();
                    }
                    if (workers.get() > 0) {
                        watchForStall(taken);
                    }
                },
                STALL_NANOS);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // a lost increment only delays the detection of a stall
    private void work() {
        while (true) {
            Runnable task = tasks.poll();
            if (task == null) {
                workers.decrementAndGet();
                if (queued.get() == 0 || !rejoin()) {
                    return;
                }
                continue;
            }
            queued.decrementAndGet();
            taken++;
            run(task);
        }
    }

    /** A task was added after the queue looked empty and perhaps before this worker signed off. */
    private boolean rejoin() {
        return workers.compareAndSet(0, 1);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.warn("A callback threw", e);
        }
    }

    /** Lets queued callbacks finish and takes no new threads. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
