package io.coordinator.server.snapshot;

import io.coordinator.server.replica.Replica;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.state.StateCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
    private long lastIndex;
    private long lastTerm;
    private final List<Wish> wishes = new ArrayList<>();
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

    /** Somebody waits for a checkpoint that holds this entry. */
    private record Wish(long index, CompletableFuture<Checkpoint> granted) {}

    /** The first capture loads classes, which takes far longer than to capture: not while entries wait. */
    private static void warmUp() {
        int rows = new Coordinator(Limits.DEFAULT).capture().size();
        LOG.debug("an empty state has {} changed rows", rows);
    }

    /** Notes an applied entry; on the applying thread. */
    public void applied(long term, int entryBytes) {
        synchronized (monitor) {
            lastIndex = replica.status().index();
            lastTerm = term;
            bytesSince += entryBytes;
            long age = System.nanoTime() - nanosAtLast;
            if (unannounced && !paused) {
                unannounced = false;
                inBackground(published);
            }
            if (!writing && !paused && policy.isDue(replica.status().dirtyRows(), bytesSince, age)) {
                start(term);
            }
            grantWishes();
        }
    }

    /**
     * The newest checkpoint if it holds that entry, or else one that is taken as soon as the entry is applied; any
     * thread.
     *
     * @return fails with a {@link SnapshotException} if it cannot be written; who waits no longer cancels it
     */
    public CompletableFuture<Checkpoint> holding(long index) {
        CompletableFuture<Checkpoint> granted = new CompletableFuture<>();
        synchronized (monitor) {
            wishes.add(new Wish(index, granted));
            grantWishes();
        }
        return granted;
    }

    private void grantWishes() {
        if (wishes.isEmpty()) {
            return;
        }
        store.latest()
                .ifPresent(latest -> settleWishes(
                        wish -> wish.index() <= latest.index(),
                        wish -> wish.granted().complete(latest)));
        wishes.removeIf(wish -> wish.granted().isDone());
        if (!writing && !paused && wishes.stream().anyMatch(wish -> wish.index() <= lastIndex)) {
            start(lastTerm);
        }
    }

    /** In the background, since others go on from there. */
    private void settleWishes(Predicate<Wish> which, Consumer<Wish> settling) {
        for (Wish wish : List.copyOf(wishes)) {
            if (which.test(wish)) {
                wishes.remove(wish);
                if (!inBackground(() -> settling.accept(wish))) {
                    settling.accept(wish);
                }
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
            grantWishes();
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
        synchronized (monitor) {
            SnapshotException closing = new SnapshotException(
                    "this node is stopping; ask another one", new RejectedExecutionException("closed"));
            settleWishes(all -> true, wish -> wish.granted().completeExceptionally(closing));
        }
        background.shutdown();
    }

    private void start(long term) {
        long index = Math.max(lastIndex, store.latest().map(Checkpoint::index).orElse(0L));
        if (store.latest().filter(latest -> latest.index() == index).isPresent()) {
            return;
        }
        long started = System.nanoTime();
        // An entry that another thread has just applied is of a term that is not known here yet: its own turn comes.
        StateCapture capture = replica.locked(core -> core.index() == index ? core.capture() : null);
        if (capture == null) {
            return;
        }
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
            synchronized (monitor) {
                settleWishes(all -> true, wish -> wish.granted().completeExceptionally(e));
            }
            LOG.error("snapshot failed; the log is kept and the next snapshot includes these changes", e);
        } finally {
            synchronized (monitor) {
                writing = false;
                monitor.notifyAll();
                grantWishes();
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
