package io.coordinator.server.read;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Proofs of leadership for those who ask nothing of the state: keep-alives and resumes. They touch memory only, so
 * neither apply nor reads nor snapshots hold them up; one entry proves for all who wait, and it needs to be committed,
 * not applied.
 */
public final class LeadershipProofs {
    private final LeaseRule lease;
    private final EntrySource entries;
    private final boolean leaseAllowed;
    private final Executor telling;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean open;

    /**
     * Closed until a leadership begins.
     *
     * @param leaseAllowed false requires an entry for every proof
     * @param telling where claims that had to wait are told
     */
    public LeadershipProofs(LeaseRule lease, EntrySource entries, boolean leaseAllowed, Executor telling) {
        this.lease = lease;
        this.entries = entries;
        this.leaseAllowed = leaseAllowed;
        this.telling = telling;
    }

    /** Someone who needs a proof; told once. */
    public interface Claim {
        /** At some moment since the claim was made, no other node served clients. */
        void proven();

        /** This node leads no longer. */
        void refused();
    }

    private record Waiting(Claim claim, long ordinal) {}

    /** A leadership begins. */
    public synchronized void open() {
        open = true;
    }

    /** It is over: refuses all who wait, and everyone until {@link #open}. */
    public void close() {
        List<Waiting> refused;
        synchronized (this) {
            open = false;
            refused = new ArrayList<>(waiting);
            waiting.clear();
        }
        telling.execute(() -> refused.forEach(each -> each.claim().refused()));
    }

    /**
     * Tells the claim at once if the log lease holds, else when an entry submitted after this call has committed.
     *
     * @return whether it was told at once
     */
    public boolean await(Claim claim) {
        if (leaseAllowed && lease.holds()) {
            claim.proven();
            return true;
        }
        boolean accepted;
        synchronized (this) {
            accepted = open;
            if (accepted) {
                waiting.add(new Waiting(claim, entries.submitted()));
            }
        }
        if (accepted) {
            entries.requestEntry();
        } else {
            claim.refused();
        }
        return !accepted;
    }

    /** An entry of this node has committed under its own leadership, whether or not it has been applied. */
    public void proven(long ordinal) {
        List<Claim> proven = takeBefore(ordinal);
        if (!proven.isEmpty()) {
            telling.execute(() -> proven.forEach(Claim::proven));
        }
    }

    /** Asks again for an entry if the one that someone waits for was held back. */
    public void look() {
        boolean wanted;
        synchronized (this) {
            Waiting last = waiting.peekLast();
            wanted = last != null && last.ordinal() >= entries.submitted();
        }
        if (wanted) {
            entries.requestEntry();
        }
    }

    private synchronized List<Claim> takeBefore(long ordinal) {
        List<Claim> ready = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().ordinal() < ordinal) {
            ready.add(waiting.remove().claim());
        }
        return ready;
    }
}
