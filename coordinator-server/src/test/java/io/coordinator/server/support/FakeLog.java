package io.coordinator.server.support;

import io.coordinator.protocol.Role;
import io.coordinator.server.raft.LogStatus;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.raft.Submission;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A log that only collects what is submitted. */
public final class FakeLog implements RaftLog {
    private final BlockingQueue<Submission> submitted = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<Void>> heirs = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** The next entry submitted; fails if there is none soon. */
    public Submission next() {
        try {
            Submission next = submitted.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing was submitted");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Another who can take over, and what becomes of it. */
    public void handsOverTo(String node, CompletableFuture<Void> outcome) {
        heirs.put(node, outcome);
    }

    /** Who was to take over, in this order. */
    public List<String> asked() {
        return asked;
    }

    public int waiting() {
        return submitted.size();
    }

    @Override
    public void submit(Submission submission) {
        submitted.add(submission);
    }

    @Override
    public Optional<Submission> newestCommitted() {
        return Optional.empty();
    }

    @Override
    public LogStatus status() {
        return new LogStatus(Role.LEADER, 1, Optional.of("n1"), 0, 0, true);
    }

    @Override
    public Optional<String> heir(Optional<String> wanted) {
        return wanted.isPresent()
                ? wanted.filter(heirs::containsKey)
                : heirs.keySet().stream().findFirst();
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String to, Duration timeout) {
        asked.add(to);
        return heirs.getOrDefault(to, CompletableFuture.completedFuture(null));
    }

    @Override
    public void close() {
        submitted.clear();
    }
}
