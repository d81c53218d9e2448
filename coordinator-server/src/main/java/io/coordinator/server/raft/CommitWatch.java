package io.coordinator.server.raft;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Which submissions have committed under the leadership in which they were appended, applied or not. A leader whose
 * applying thread is held up can still prove that it leads (C-09).
 */
final class CommitWatch {
    private final LongPredicate leadsTerm;
    private final LongSupplier lastIndex;
    private final LongSupplier committedIndex;
    private final Queue<Appended> appended = new ConcurrentLinkedQueue<>();

    /**
     * @param leadsTerm does this node lead, and is this the current term?
     * @param lastIndex of the log
     * @param committedIndex of the log
     */
    CommitWatch(LongPredicate leadsTerm, LongSupplier lastIndex, LongSupplier committedIndex) {
        this.leadsTerm = leadsTerm;
        this.lastIndex = lastIndex;
        this.committedIndex = committedIndex;
    }

    /** @param index the entry's own, or a later one */
    private record Appended(Submission submission, long term, long index) {}

    /**
     * The log has taken a submission; whoever submits next calls this before.
     *
     * @param term before it was handed over: if this node leads in it still, it led in it all the while
     */
    void appended(Submission submission, long term) {
        long index = lastIndex.getAsLong();
        if (leadsTerm.test(term)) {
            appended.add(new Appended(submission, term, index));
        }
    }

    /** The newest submission committed since the last call, unless this leadership is over. Called by one thread. */
    Optional<Submission> newest() {
        long committed = committedIndex.getAsLong();
        Optional<Appended> newest = Optional.empty();
        for (Appended head = appended.peek(); head != null; head = appended.peek()) {
            // A leader's log only grows, so what it led then and leads now was never taken back. Asked after the index.
            boolean current = leadsTerm.test(head.term());
            if (current && head.index() > committed) {
                break;
            }
            appended.remove();
            newest = current ? Optional.of(head) : newest;
        }
        return newest.map(Appended::submission);
    }
}
