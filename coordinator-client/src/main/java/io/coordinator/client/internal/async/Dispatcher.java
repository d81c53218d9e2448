package io.coordinator.client.internal.async;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor of user callbacks. One worker drains a burst of short callbacks without a hand-off for each; more join
 * while there is a backlog, or when callbacks block. Their number has no bound, so that any number of callbacks may wait for
 * others. It takes every task and throws nothing, also after it was closed.
 */
public final class Dispatcher implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private static final long STALL_MILLIS = 20;
    private static final long IDLE_SECONDS = 10;
    private static final int BACKLOG_PER_WORKER = 256;

    /** The JDK's own timer: callbacks may wait for each other when the client's timers have ended with it. */
    private static final Executor LATER =
            CompletableFuture.delayedExecutor(STALL_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger();
    private final AtomicBoolean watching = new AtomicBoolean();
    private final ThreadPoolExecutor threads;
    private final int parallelism;

    /** Grows whenever a worker takes a task; a stall is when it does not. Exact counts do not matter. */
    private volatile int taken;

    public Dispatcher(ThreadFactory factory) {
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
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
        watchForStall();
    }

    private void startWorker() {
        workers.incrementAndGet();
        try {
            threads.execute(this::work);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            workers.decrementAndGet();
            log.warn("No thread can be started for callbacks; trying again while some wait", e);
        }
    }

    private void watchForStall() {
        if (!watching.get() && watching.compareAndSet(false, true)) {
            lookLater();
        }
    }

    private void lookLater() {
        int takenBefore = taken;
        LATER.execute(() -> look(takenBefore));
    }

    private void look(int takenBefore) {
        int waiting = queued.get();
        if (waiting > 0 && taken == takenBefore) {
            // All workers are blocked, perhaps by what waits: twice as many, each time.
            for (int more = Math.max(1, Math.min(waiting, workers.get())); more > 0; more--) {
                startWorker();
            }
        }
        if (waiting > 0) {
            lookLater();
        } else {
            watching.set(false);
            if (queued.get() > 0) {
                watchForStall();
            }
        }
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
        } catch (Throwable e) { // whatever it is, it must not stop the others
            Thrown.warn(log, "A callback threw", e);
        } finally {
            var unused = Thread.interrupted(); // An interrupt was this task's own.
        }
    }

    /** Whether no callback waits or runs. */
    public boolean isIdle() {
        return queued.get() == 0 && workers.get() == 0;
    }

    /** Lets queued callbacks finish, and keeps no idle threads from now on. */
    @Override
    public void close() {
        threads.setKeepAliveTime(0, TimeUnit.SECONDS);
    }
}
