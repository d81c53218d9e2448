package io.coordinator.server.raft;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Who takes part in the log, as the rest of the server sees and changes it. Names are those in the Raft group. */
public interface RaftMembers {
    /** Who is in the group. */
    Electorate electorate();

    /** How long ago this node heard of each other member; empty if it does not lead. */
    Map<String, Duration> silences();

    /**
     * Changes who is in the group, in one step; the leader does it.
     *
     * @param from whom it is thought to consist of; if it does not, nothing is changed
     * @param addresses where those are that are new
     * @return completes when the change is committed; exceptionally if it was refused, or may or may not come
     */
    CompletableFuture<Void> change(Electorate from, Electorate to, Map<String, String> addresses);

    /**
     * Has this node be what it is in the group; to be called now and then. Ratis 3.3.0 tells a member without a vote
     * never that it has been filled, as long as the same leader leads; and when another does, it takes it for a voter.
     */
    void takeRole();

    /** Looks again where a peer is, and reaches it there from now on. */
    void moved(String peer);

    /** Has the leader look whether those who are to come still answer; a change that waits for a silent one fails. */
    void nudge();
}
