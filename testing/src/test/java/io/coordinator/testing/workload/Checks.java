package io.coordinator.testing.workload;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Checks what is over, in a thread of its own, and forgets it. Who is too far ahead of the checks waits. */
final class Checks implements AutoCloseable {
    private static final int BACKLOG_MAX = 64;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(Checks::thread);
    private final Semaphore room = new Semaphore(BACKLOG_MAX);
    private final Queue<Violation> violations = new ConcurrentLinkedQueue<>();
    private final Queue<String> undecided = new ConcurrentLinkedQueue<>();
    private final LongAdder checks = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "checks");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Has something checked soon.
     *
     * @param size how many operations it covers that no other check does
     */
    void submit(int size, Supplier<Optional<Violation>> check) {
        room.acquireUninterruptibly();
        thread.execute(() -> {
            try {
                run(size, check);
            } finally {
                room.release();
            }
        });
    }

    /** As {@link #submit}, of operations that are checked already; never waits. */
    void submitAgain(Supplier<Optional<Violation>> check) {
        thread.execute(() -> run(0, check));
    }

    private void run(int size, Supplier<Optional<Violation>> check) {
        long start = System.nanoTime();
        try {
            check.get().ifPresent(violations::add);
            checks.increment();
            operations.add(size);
        } catch (RuntimeException | Error e) {
            violations.add(new Violation("a check failed: " + e, Integer.MAX_VALUE));
        } finally {
            nanos.add(System.nanoTime() - start);
        }
    }

    /** Something is wrong. */
    void add(Violation violation) {
        violations.add(violation);
    }

    /** A check gave up. */
    void addUndecided(String report) {
        undecided.add(report);
    }

    boolean hasViolations() {
        return !violations.isEmpty();
    }

    int violations() {
        return violations.size();
    }

    /** The violation that is the least to read. */
    Optional<Violation> smallest() {
        return violations.stream().min(Comparator.comparingInt(Violation::size));
    }

    Queue<String> undecided() {
        return undecided;
    }

    /** How many operations were checked. */
    long operations() {
        return operations.sum();
    }

    /** Waits for what was submitted so far; nothing can be afterwards. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.MINUTES)) {
                addUndecided("the checks did not come to their end");
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread.shutdownNow();
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d checks of %,d operations, in %.1f s of one processor; %d undecided",
                checks.sum(),
                operations.sum(),
                nanos.sum() / 1e9,
                undecided.size());
    }
}
