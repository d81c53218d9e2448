package io.coordinator.server.propose;

import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Reply;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.replica.ReplicaStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns queued commands into log entries while this node leads: one thread stamps, batches and submits, so that log
 * order is queue order. Any thread may offer; none ever waits.
 */
public final class Proposer implements AutoCloseable {
    private enum Mode {
        /** This node does not lead, or must not propose yet. */
        CLOSED,
        OPEN,
        /** The entry that releases the lease is the next and last one. */
        RELEASING,
        /** That entry is on its way; commands wait for the outcome of the hand-over. */
        RELEASED
    }

    /**
     * So long after the last entry one without commands may pass the window: entries that are slow to commit or to
     * apply must not keep back the proof that this node still leads, which is asked of a later entry.
     */
    private static final long PROOF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RaftLog log;
    private final Replica replica;
    private final ProposerSettings settings;
    private final LongSupplier nanoTime;
    private final LongSupplier date;
    private final InFlightWindow window;
    private final Gathering gathering = new Gathering();
    private final ProposalQueue queue = new ProposalQueue();
    private final EntriesInFlight inFlight = new EntriesInFlight();
    private final Thread thread;
    private volatile @Nullable ClusterClock clock;
    private final AtomicReference<Mode> mode = new AtomicReference<>(Mode.CLOSED);
    private volatile boolean entryWanted;
    private volatile @Nullable CompletableFuture<Void> lastWord;
    private volatile boolean parked;
    /** The thread is parked only to let more commands come; it ends that by itself. */
    private volatile boolean gatheringNow;

    private volatile boolean stopped;
    private volatile long submitted;
    private volatile long lastSubmittedNanos;
    private volatile long lastAppliedNanos;

    /**
     * A closed proposer.
     *
     * @param date milliseconds since 1970, for people to read
     * @param broken told when the proposing thread has died of a bug
     */
    public Proposer(
            RaftLog log,
            Replica replica,
            ProposerSettings settings,
            LongSupplier nanoTime,
            LongSupplier date,
            Consumer<Throwable> broken) {
        this.log = log;
        this.replica = replica;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.date = date;
        this.window = new InFlightWindow(settings.entriesInFlightMax());
        this.lastSubmittedNanos = nanoTime.getAsLong();
        this.lastAppliedNanos = lastSubmittedNanos;
        this.thread = new Thread(this::run, "coordinator-proposer");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((dead, bug) -> broken.accept(bug));
        thread.start();
    }

    /** Starts a leadership; everything of earlier ones has been applied, and nobody else can be serving reads. */
    public void open() {
        clock = new ClusterClock(replica.status().clusterTimeMillis(), nanoTime);
        mode.set(Mode.OPEN);
        wake();
    }

    /** Ends a leadership: fails what is queued and in flight. */
    public void close(String reason) {
        mode.set(Mode.CLOSED);
        clock = null;
        queue.failAll();
        for (Batch batch = inFlight.oldest(); batch != null; batch = inFlight.oldest()) {
            batch.failed(new IllegalStateException(reason));
        }
        CompletableFuture<Void> pendingLastWord = lastWord;
        if (pendingLastWord != null) {
            pendingLastWord.completeExceptionally(new IllegalStateException(reason));
        }
        wake();
    }

    public boolean isOpen() {
        return clock != null;
    }

    /** Cluster time by this leader's clock; if this node does not lead, that of the last applied entry. */
    public long clusterTimeMillis() {
        ClusterClock current = clock;
        long applied = replica.status().clusterTimeMillis();
        return current == null ? applied : Math.max(applied, current.millis());
    }

    /** Queues commands; if this node does not lead, they fail at once. */
    public void offer(Proposal proposal) {
        queue.add(proposal);
        if (clock == null) {
            queue.failAll();
        } else if (hasWork() && !(gatheringNow && queue.commands() < gathering.expected())) {
            wake();
        }
    }

    /** So much is queued that new commands should be turned away. */
    public boolean isOverloaded() {
        return queue.commands() >= settings.queueCommandsMax() || queue.bytes() >= settings.queueBytesMax();
    }

    /** Twice as much is queued: what goes past {@link #isOverloaded} must be turned away too. */
    public boolean isFlooded() {
        return queue.commands() / 2 >= settings.queueCommandsMax() || queue.bytes() / 2 >= settings.queueBytesMax();
    }

    /** Has an entry submitted after this call, be it an empty one. */
    public void requestEntry() {
        entryWanted = true;
        wake();
    }

    /** The ordinal of the last entry submitted. */
    public long submitted() {
        return submitted;
    }

    public boolean isIdle() {
        return inFlight.entries() == 0 && queue.commands() == 0;
    }

    /** For how long nothing was applied although entries are in flight; 0 if none are. */
    public long heldUpNanos() {
        Batch oldest = inFlight.oldest();
        if (oldest == null) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        return Math.min(now - oldest.submittedNanos(), now - lastAppliedNanos);
    }

    /** How long ago the last entry was submitted. */
    public long nanosSinceSubmission() {
        return nanoTime.getAsLong() - lastSubmittedNanos;
    }

    /**
     * An entry of this node was applied under its own leadership: delivers the replies. On the applying thread.
     */
    public void applied(Batch batch, List<Reply> replies) {
        if (!inFlight.leave(batch)) {
            return;
        }
        long now = nanoTime.getAsLong();
        lastAppliedNanos = now;
        inFlight.applied(now - batch.submittedNanos());
        gathering.applied(batch.commands(), now - batch.submittedNanos(), now);
        if (queue.commands() > 0 || entryWanted) {
            wake();
        }
        batch.deliver(replies);
        CompletableFuture<Void> awaited = lastWord;
        if (awaited != null && batch.entry().getLeaseReleased()) {
            awaited.complete(null);
        }
    }

    /**
     * Stops proposing, with a last entry that releases the lease; what is offered meanwhile waits. The caller has made
     * sure that no read is served under the lease any more.
     *
     * @return completes when that entry is applied
     */
    public CompletableFuture<Void> releaseLease() {
        CompletableFuture<Void> awaited = new CompletableFuture<>();
        lastWord = awaited;
        if (mode.compareAndSet(Mode.OPEN, Mode.RELEASING)) {
            wake();
        } else {
            awaited.completeExceptionally(new IllegalStateException("this node does not lead, or hands over already"));
        }
        return awaited;
    }

    /** Goes on after a hand-over that failed. */
    public void resume() {
        lastWord = null;
        if (!mode.compareAndSet(Mode.RELEASED, Mode.OPEN)) {
            mode.compareAndSet(Mode.RELEASING, Mode.OPEN);
        }
        wake();
    }

    public int queuedCommands() {
        return queue.commands();
    }

    public int entriesInFlight() {
        return inFlight.entries();
    }

    public long entriesProposed() {
        return inFlight.entriesProposed();
    }

    public long commandsProposed() {
        return inFlight.commandsProposed();
    }

    /** The time from submission to apply, summed over all entries. */
    public long commitNanos() {
        return inFlight.commitNanos();
    }

    @Override
    public void close() {
        stopped = true;
        close("this node is closing");
        LockSupport.unpark(thread);
    }

    private void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!stopped) {
            ClusterClock current = clock;
            if (current == null || mode.get() == Mode.CLOSED) {
                queue.failSplit();
                park();
            } else if (mode.compareAndSet(Mode.RELEASING, Mode.RELEASED)) {
                submit(current, Entry.newBuilder().setLeaseReleased(true), List.of());
            } else if (hasWork()) {
                gatherOrPropose(current);
            } else {
                park();
            }
        }
    }

    private boolean hasWork() {
        return mode.get() == Mode.OPEN && (areCommandsAdmitted() || isEntryDue());
    }

    /** Entries without commands do not count, or proofs would hold up the commands. */
    private boolean areCommandsAdmitted() {
        int queued = queue.commands();
        return queued > 0 && window.admits(inFlight.filled(), inFlight.commands(), queued);
    }

    private boolean isEntryDue() {
        return entryWanted
                && (window.admits(inFlight.entries(), inFlight.commands(), 0) || nanosSinceSubmission() >= PROOF_NANOS);
    }

    private void gatherOrPropose(ClusterClock current) {
        long waitNanos =
                entryWanted || inFlight.entries() > 0 ? 0 : gathering.waitNanos(queue.commands(), nanoTime.getAsLong());
        if (waitNanos == 0) {
            propose(current);
        } else {
            gather(waitNanos);
        }
    }

    /** Sleeps until enough commands are queued, something else happens or the time is over. */
    private void gather(long nanos) {
        gatheringNow = true;
        parked = true;
        if (queue.commands() < gathering.expected() && !entryWanted && mode.get() == Mode.OPEN && !stopped) {
            LockSupport.parkNanos(this, nanos);
        }
        parked = false;
        gatheringNow = false;
    }

    private void propose(ClusterClock current) {
        entryWanted = false;
        Entry.Builder entry = Entry.newBuilder();
        List<Batch.Part> parts = areCommandsAdmitted()
                ? queue.drainTo(entry, settings.batchBytesMax(), settings.batchCommandsMax())
                : List.of();
        submit(current, entry, parts);
    }

    private void submit(ClusterClock current, Entry.Builder entry, List<Batch.Part> parts) {
        ReplicaStatus known = replica.status();
        entry.setClusterTimeMillis(Math.max(known.clusterTimeMillis(), current.millis()))
                .setDateMillis(date.getAsLong())
                .setDigestIndex(known.index())
                .setDigest(known.digest());
        long ordinal = submitted + 1;
        submitted = ordinal;
        long now = nanoTime.getAsLong();
        lastSubmittedNanos = now;
        Batch batch = new Batch(ordinal, now, entry.build(), parts, this::failed);
        inFlight.enter(batch);
        if (clock == current) {
            log.submit(batch);
        } else {
            batch.failed(new IllegalStateException("this node leads no longer"));
        }
    }

    private void failed(Batch batch) {
        if (inFlight.leave(batch)) {
            batch.fail();
            wake();
        }
    }

    /**
     * Sleeps until {@link #wake}; the condition is looked at again after announcing the sleep, so no wake-up is lost.
     */
    private void park() {
        parked = true;
        if (!hasWork() && mode.get() != Mode.RELEASING && !stopped) {
            LockSupport.park(this);
        }
        parked = false;
    }
}
