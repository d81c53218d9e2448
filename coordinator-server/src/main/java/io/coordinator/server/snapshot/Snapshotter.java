package io.coordinator.server.snapshot;

import io.coordinator.server.replica.Replica;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.state.StateCapture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots when the policy says so: freezes the changes on the applying thread, in constant time, and writes
 * them in the background, one snapshot at a time.
 */
public final class Snapshotter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshotter.class);

    private final Replica replica;
    private final SnapshotStore store;
    private final SnapshotPolicy policy;
    private final Runnable published;
    private final SnapshotObserver observer;
    private final ExecutorService background =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "coordinator-snapshot"));
    private final Object monitor = new Object();
    private boolean writing;
    private boolean paused;
    private volatile boolean unannounced;
    private long bytesSince;
    private long nanosAtLast = System.nanoTime();
    private final AtomicLong failures = new AtomicLong();
    private volatile long lastMicros;
    private volatile long captureNanosMax;

    /**
     * Starts the background thread.
     *
     * @param published called in the background after each new checkpoint, once another entry was applied
     * @param observer told in the background of each, and why one could not be written
     */
    public Snapshotter(
            Replica replica,
            SnapshotStore store,
            SnapshotPolicy policy,
            Runnable published,
            SnapshotObserver observer) {
        this.observer = observer;
        this.replica = replica;
        this.store = store;
        this.policy = policy;
        this.published = published;
        warmUp();
    }

    /** The first capture loads classes, which takes far longer than to capture: not while entries wait. */
    private static void warmUp() {
        int rows = new Coordinator(Limits.DEFAULT).capture().size();
        LOG.debug("an empty state has {} changed rows", rows);
    }

    /** Notes an applied entry; on the applying thread. */
    public void applied(long term, int entryBytes) {
        synchronized (monitor) {
            bytesSince += entryBytes;
            long age = System.nanoTime() - nanosAtLast;
            if (unannounced && !paused) {
                unannounced = false;
                inBackground(published);
            }
            if (!writing && !paused && policy.isDue(replica.status().dirtyRows(), bytesSince, age)) {
                start(term);
            }
        }
    }

    /** Takes a snapshot now unless one is being written; on the applying thread or when nothing is applied any more. */
    public void takeNow(long term) {
        synchronized (monitor) {
            if (!writing && !paused) {
                start(term);
            }
        }
    }

    /** Waits for the snapshot in progress, then starts no other until {@link #resume}. */
    public void pause() {
        synchronized (monitor) {
            paused = true;
            awaitIdle();
        }
    }

    /** Allows snapshots again, after the replica and the store were loaded anew. */
    public void resume() {
        synchronized (monitor) {
            paused = false;
            bytesSince = 0;
            nanosAtLast = System.nanoTime();
        }
    }

    /** Snapshots that could not be written. */
    public long failures() {
        return failures.get();
    }

    /** How long the last one took in the background, in microseconds. */
    public long lastMicros() {
        return lastMicros;
    }

    /** The longest time that a snapshot has kept entries from being applied, in nanoseconds. */
    public long captureNanosMax() {
        return captureNanosMax;
    }

    @Override
    public void close() {
        pause();
        background.shutdown();
    }

    private void start(long term) {
        long index = replica.status().index();
        if (store.latest().filter(latest -> latest.index() == index).isPresent()) {
            return;
        }
        long started = System.nanoTime();
        StateCapture capture = replica.locked(Coordinator::capture);
        long pauseNanos = System.nanoTime() - started;
        captureNanosMax = Math.max(captureNanosMax, pauseNanos);
        writing = true;
        bytesSince = 0;
        nanosAtLast = System.nanoTime();
        if (!inBackground(() -> write(term, capture, pauseNanos))) {
            writing = false;
        }
    }

    private boolean inBackground(Runnable task) {
        try {
            background.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
            return false;
        }
    }

    private void write(long term, StateCapture capture, long pauseNanos) {
        long started = System.nanoTime();
        try {
            Checkpoint checkpoint = store.write(term, capture);
            unannounced = true;
            observer.taken(checkpoint.index());
            lastMicros = (System.nanoTime() - started) / 1_000;
            LOG.info(
                    "snapshot {} of {} rows written in {} ms; entries waited {} us for it",
                    checkpoint.directory().getFileName(),
                    capture.size(),
                    lastMicros / 1_000,
                    pauseNanos / 1_000);
        } catch (SnapshotException e) {
            failures.incrementAndGet();
            observer.failed(e);
            LOG.error("snapshot failed; the log is kept and the next snapshot includes these changes", e);
        } finally {
            synchronized (monitor) {
                writing = false;
                monitor.notifyAll();
            }
        }
    }

    private void awaitIdle() {
        boolean interrupted = false;
        while (writing) {
            try {
                monitor.wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
