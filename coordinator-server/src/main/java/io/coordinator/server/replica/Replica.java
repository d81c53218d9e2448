package io.coordinator.server.replica;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Query;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's copy of the replicated state, and the lock around it.
 *
 * <p>Entries are applied by one thread, which may wait for the lock. Reads come from transport threads, which must not
 * wait: a read is queued, and evaluated by whoever finds the lock free, be it the reader itself or the thread that
 * gives the lock back. An applier that waits has precedence, so reads cannot starve it; and they give the lock back
 * after a millisecond in any case, so that it waits for one query at most.
 */
public final class Replica {
    /** The most reads that a thread evaluates before it leaves the rest to the helper. */
    private static final int READS_PER_TURN = 256;
    /** So long may the thread that applies entries evaluate reads before it leaves the rest to the helper. */
    private static final long APPLIER_NANOS_MAX = 1_000_000;
    /** As above, for a thread that reads: it has others' frames to serve. */
    private static final long READER_NANOS_MAX = 5_000_000;
    /** So long may reads keep the lock at once, and then to the end of one query. */
    private static final long HOLD_NANOS_MAX = 1_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger lockersWaiting = new AtomicInteger();
    private final Queue<ReadTask> reads = new ConcurrentLinkedQueue<>();
    private final Executor helper;
    private final LongSupplier nanoTime;
    /** Set on a thread that evaluates: what it reads meanwhile joins the queue, so that answers do not nest. */
    private final ThreadLocal<Boolean> evaluating = new ThreadLocal<>();

    private final AtomicBoolean helperAsked = new AtomicBoolean();
    /** The thread that applies entries, from the first on. */
    private volatile @Nullable Thread applier;

    private final RecentDigests recent = new RecentDigests();
    private volatile Coordinator core;
    private volatile ReplicaStatus status;

    /**
     * A replica of that state.
     *
     * @param helper runs reads that piled up while the state was locked
     */
    public Replica(Coordinator core, Executor helper) {
        this(core, helper, System::nanoTime);
    }

    Replica(Coordinator core, Executor helper, LongSupplier nanoTime) {
        this.core = core;
        this.helper = helper;
        this.nanoTime = nanoTime;
        this.status = ReplicaStatus.of(core);
        recent.add(core.index(), core.digest());
    }

    /** Applies one entry; called by one thread, in log order. */
    public Applied apply(long index, Entry entry) {
        applier = Thread.currentThread();
        return locked(state -> {
            Applied applied = state.apply(index, entry);
            status = ReplicaStatus.of(state);
            recent.add(index, status.digest());
            return applied;
        });
    }

    /** Waits for the lock and runs the action with the state. Not for transport threads. */
    public <T> T locked(Function<Coordinator, T> action) {
        T result;
        lockersWaiting.incrementAndGet();
        lock.lock();
        try {
            lockersWaiting.decrementAndGet();
            result = action.apply(core);
        } finally {
            lock.unlock();
        }
        evaluateReads(READS_PER_TURN, APPLIER_NANOS_MAX);
        return result;
    }

    /** Puts another state in place of this one, after a snapshot was installed. */
    public void replace(Coordinator other) {
        locked(old -> {
            core = other;
            status = ReplicaStatus.of(other);
            recent.clear();
            recent.add(other.index(), other.digest());
            return old;
        });
    }

    /**
     * Evaluates the task as soon as the state is free, usually at once on this thread. Never waits. On the thread that
     * applies entries it is left to the helper: one entry can let any number of reads go on.
     */
    public void read(ReadTask task) {
        if (Thread.currentThread() == applier) {
            readLater(task);
        } else {
            reads.add(task);
            evaluateReads(READS_PER_TURN, READER_NANOS_MAX);
        }
    }

    /** Has the helper evaluate the task as soon as the state is free. Never waits. */
    public void readLater(ReadTask task) {
        reads.add(task);
        askHelper();
    }

    /** The digest after one of the latest entries; empty if that was not applied here, or is too long ago. */
    public OptionalLong digestAt(long index) {
        return recent.at(index);
    }

    /** See {@link Coordinator#refuse(Command)}. */
    public Optional<Error> refuse(Command command) {
        return core.refuse(command);
    }

    /** See {@link Coordinator#refuse(Query)}. */
    public Optional<Error> refuse(Query query) {
        return core.refuse(query);
    }

    public ReplicaStatus status() {
        return status;
    }

    /**
     * Evaluates queued reads while the lock can be had without waiting. Whoever gives the lock back looks at the queue
     * again afterwards, so a read queued in between is not forgotten.
     */
    private void evaluateReads(int limit, long nanosMax) {
        if (evaluating.get() != null) {
            return;
        }
        evaluating.set(true);
        try {
            evaluateSome(limit, nanosMax);
        } finally {
            evaluating.remove();
        }
        if (!reads.isEmpty() && lockersWaiting.get() == 0 && !lock.isLocked()) {
            askHelper();
        }
    }

    private void askHelper() {
        if (helperAsked.compareAndSet(false, true)) {
            helper.execute(this::evaluateAll);
        }
    }

    private ReadTurn turn() {
        long begun = nanoTime.getAsLong();
        return () -> lockersWaiting.get() > 0 || nanoTime.getAsLong() - begun >= HOLD_NANOS_MAX;
    }

    private void evaluateAll() {
        helperAsked.set(false);
        evaluateReads(Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    private void evaluateSome(int limit, long nanosMax) {
        long begun = nanoTime.getAsLong();
        int left = limit;
        while (left > 0
                && !reads.isEmpty()
                && lockersWaiting.get() == 0
                && nanoTime.getAsLong() - begun < nanosMax
                && lock.tryLock()) {
            List<ReadTask> done = new ArrayList<>();
            try {
                ReadTurn turn = turn();
                while (left > 0 && !turn.isOver()) {
                    ReadTask task = reads.poll();
                    if (task == null) {
                        break;
                    }
                    left--;
                    task.evaluate(core, turn);
                    done.add(task);
                }
            } finally {
                lock.unlock();
            }
            done.forEach(ReadTask::evaluated);
        }
    }
}
