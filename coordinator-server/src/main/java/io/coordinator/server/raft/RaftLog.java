package io.coordinator.server.raft;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The replicated log, as the rest of the server sees it. */
public interface RaftLog {
    /** Appends an entry; entries of one calling thread keep their order. Does not wait for anything to commit. */
    void submit(Submission submission);

    /**
     * The newest submission that has committed since the last call under the leadership in which it was submitted,
     * whether or not it has been applied. Called by one thread.
     */
    Optional<Submission> newestCommitted();

    LogStatus status();

    /**
     * The follower to hand over to, that one or the one heard of last. Empty if this node does not lead, or has not
     * heard of it for as long as an election takes to begin: nothing could be written until it gave up.
     */
    Optional<String> heir(Optional<String> wanted);

    /**
     * Hands leadership over to another member, which is brought up to date first.
     *
     * @return completes when the other leads, exceptionally if it does not within the time
     */
    CompletableFuture<Void> transferLeadership(String to, Duration timeout);

    /** Stops taking part, after what is committed has been applied. */
    void close();
}
