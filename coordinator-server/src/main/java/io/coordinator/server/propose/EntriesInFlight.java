package io.coordinator.server.propose;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The account of entries between their submission and their end: what is out, for the window, and how much there has
 * been, for the metrics. Safe for use by many threads.
 */
final class EntriesInFlight {
    private final Queue<Batch> batches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger entries = new AtomicInteger();
    private final AtomicInteger filled = new AtomicInteger();
    private final AtomicInteger commands = new AtomicInteger();
    private final LongAdder entriesProposed = new LongAdder();
    private final LongAdder commandsProposed = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();

    void enter(Batch batch) {
        batches.add(batch);
        entries.incrementAndGet();
        filled.addAndGet(batch.commands() > 0 ? 1 : 0);
        commands.addAndGet(batch.commands());
        entriesProposed.increment();
        commandsProposed.add(batch.commands());
    }

    /** False if the batch had left before. */
    boolean leave(Batch batch) {
        if (!batch.end()) {
            return false;
        }
        batches.remove(batch);
        entries.decrementAndGet();
        filled.addAndGet(batch.commands() > 0 ? -1 : 0);
        commands.addAndGet(-batch.commands());
        return true;
    }

    /** One that left was applied so long after its submission. */
    void applied(long nanos) {
        commitNanos.add(nanos);
    }

    /** The one that was submitted first; null if there is none. */
    @Nullable
    Batch oldest() {
        return batches.peek();
    }

    int entries() {
        return entries.get();
    }

    /** Those with commands: the others are nobody's work. */
    int filled() {
        return filled.get();
    }

    int commands() {
        return commands.get();
    }

    long entriesProposed() {
        return entriesProposed.sum();
    }

    long commandsProposed() {
        return commandsProposed.sum();
    }

    /** The time from submission to apply, summed over all entries. */
    long commitNanos() {
        return commitNanos.sum();
    }
}
