package io.coordinator.server.raft;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The replicated log, as the rest of the server sees it. */
public interface RaftLog {
    /** Appends an entry; entries of one calling thread keep their order. Does not wait for anything to commit. */
    void submit(Submission submission);

    LogStatus status();

    /**
     * Hands leadership over.
     *
     * @param to the node that shall lead; empty chooses the follower that has most of the log
     * @return completes when the other leads, exceptionally if it does not within the time
     */
    CompletableFuture<Void> transferLeadership(Optional<String> to, Duration timeout);

    /** Stops taking part, after what is committed has been applied. */
    void close();
}
