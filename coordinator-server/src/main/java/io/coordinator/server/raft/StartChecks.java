package io.coordinator.server.raft;

import io.coordinator.server.config.HostPort;
import io.coordinator.server.snapshot.Checkpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Whether what a node finds on its disk is whole, so that it may take part with it. For operators, who get the reasons.
 */
final class StartChecks {
    private StartChecks() {}

    static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Ratis would tell of a port in use with five stack traces. */
    static void requireFree(HostPort address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address.host(), address.port()));
        } catch (BindException e) {
            throw new IOException("the peer port is not free", e);
        }
    }

    /** What to do about a file that was written and reads otherwise. */
    static String damage(Path file, String how) {
        return "the file " + file + " is damaged: " + how + ". This node does not take part with it: it could have"
                + " forgotten what it acknowledged or voted. Mistrust the disk. While the other members form a healthy"
                + " majority, move this node's whole data directory aside, and start it again: it receives the state"
                + " from the leader (see 'Rejoining empty' in docs/operating.md)";
    }

    /** Looks for the damage after Ratis has refused the log; its own message may name no file. */
    static Optional<String> damagedSegment(Path current) {
        try {
            long next = -1;
            for (LogSegmentFile segment : LogSegmentFile.list(current)) {
                if (next >= 0 && segment.first() != next) {
                    return Optional.of("entries " + next + " to " + (segment.first() - 1) + " are missing before "
                            + damage(segment.path(), "the file before it is gone"));
                }
                next = segment.last() + 1;
                StoredLog.verify(segment);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

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
                    + ": entries are missing. Move this node's data directory aside and start it again, and it"
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
