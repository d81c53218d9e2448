package io.coordinator.server.raft;

import io.coordinator.server.snapshot.Checkpoint;
import java.io.IOException;
import java.util.Optional;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Whether what a node finds on its disk is whole, so that it may take part with it. For operators, who get the reasons.
 */
final class StartChecks {
    private StartChecks() {}

    /**
     * A log that begins after the snapshot's end would be a silent hole in the state.
     *
     * @throws IOException if it does
     */
    static void requireNoGap(RaftLog log, Optional<Checkpoint> recovered) throws IOException {
        long next = recovered.map(checkpoint -> checkpoint.index() + 1).orElse(0L);
        long first = log.getStartIndex();
        if (first > next) {
            throw new IOException("the log begins at " + first + " but the newest usable snapshot ends before " + next
                    + ": entries are missing. Stop this node, delete its data directory and start it again, and it"
                    + " receives the state from the leader");
        }
    }

    /**
     * A disk that lost what it said it had.
     *
     * @param committedBefore the last entry that this node knew to be committed
     * @throws IOException if that is not there any more
     */
    static void requireCommitted(RaftLog log, Optional<Checkpoint> recovered, long committedBefore) throws IOException {
        long last = Math.max(
                log.getNextIndex() - 1, recovered.map(Checkpoint::index).orElse(-1L));
        if (last < committedBefore) {
            throw new IOException("the log ends at " + last + ", but this node had it up to " + committedBefore
                    + ": its disk lost what it had said was written. Do not trust that disk; delete the data directory"
                    + " and start this node again on another, and it receives the state from the leader");
        }
    }
}
