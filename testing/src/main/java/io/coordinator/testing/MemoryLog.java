package io.coordinator.testing;

import io.coordinator.protocol.Role;
import io.coordinator.server.raft.LogStatus;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.raft.Submission;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.session.Serving;
import io.coordinator.state.Applied;
import io.coordinator.state.Defect;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log of one member that keeps nothing: what is submitted is committed, and applied before {@link #submit} ends. */
final class MemoryLog implements RaftLog {
    private static final Logger log = LoggerFactory.getLogger(MemoryLog.class);

    private final Replica replica;
    private final String node;
    private volatile @Nullable Serving serving;
    private volatile long told;
    private volatile boolean closed;

    MemoryLog(Replica replica, String node) {
        this.replica = replica;
        this.node = node;
    }

    /** Who is told what entries did; before the first is submitted. */
    void tell(Serving parts) {
        serving = parts;
    }

    /** The index of the last entry of which everything was passed on. */
    long told() {
        return told;
    }

    /** On the one thread of the proposer, which thereby is the one that applies. */
    @Override
    public void submit(Submission submission) {
        Serving parts = serving;
        if (closed || parts == null) {
            submission.failed(new IllegalStateException("the cluster is closed"));
            return;
        }
        long index = told + 1;
        Applied applied = replica.apply(index, submission.entry());
        for (Defect defect : applied.defects()) {
            log.error(
                    "a defect: {} was undone and answered EINTERNAL; please report it", defect.what(), defect.cause());
        }
        parts.applied(submission, applied);
        told = index;
    }

    /** Whoever waits for a commit is told when the entry is applied, which is no later. */
    @Override
    public Optional<Submission> newestCommitted() {
        return Optional.empty();
    }

    @Override
    public LogStatus status() {
        return new LogStatus(Role.LEADER, 1, Optional.of(node), told, told, !closed);
    }

    @Override
    public Optional<String> heir(Optional<String> wanted) {
        return Optional.empty();
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String to, Duration timeout) {
        return CompletableFuture.failedFuture(new IllegalStateException(node + " is the only member"));
    }

    @Override
    public void close() {
        closed = true;
    }
}
