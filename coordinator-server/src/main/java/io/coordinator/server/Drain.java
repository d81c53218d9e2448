package io.coordinator.server;

import io.coordinator.protocol.Role;
import io.coordinator.server.raft.RaftLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node that is about to end lets go of leadership: it hands over to the member that it heard of last; if that
 * one does not take it, to the others, one after the other. If none does, a last entry still releases the read lease,
 * so that whoever is elected then need not wait for it. Does nothing on a node that does not lead.
 */
final class Drain {
    /** For one heir: nothing is written until it has taken over or this is over. */
    static final Duration ONE_HEIR = Duration.ofSeconds(2);

    private static final Duration LAST_WORD = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final List<String> others;
    private final RaftLog log;
    private final LeadershipCycle cycle;

    /** @param others the members that may take over */
    Drain(List<String> others, RaftLog log, LeadershipCycle cycle) {
        this.others = List.copyOf(others);
        this.log = log;
        this.cycle = cycle;
    }

    /** Returns when this node does not lead any more, or when nobody has taken over in time. */
    void run() {
        cycle.admitNoNewSessions();
        if (!leads() || others.isEmpty()) {
            return;
        }
        awaitEndOfOther();
        for (String heir : heirs()) {
            if (!leads() || handOver(heir)) {
                return;
            }
        }
        if (leads()) {
            LOG.warn("nobody has taken over; this node stops all the same, and the others will elect a leader");
            isDone("the read lease was not released", cycle.letGo(), LAST_WORD);
        }
    }

    private boolean leads() {
        return log.status().role() == Role.LEADER;
    }

    /** Whoever was heard of last first; who was not heard of for long comes at last, and is not asked then. */
    private List<String> heirs() {
        List<String> heirs = new ArrayList<>();
        log.heir(Optional.empty()).ifPresent(heirs::add);
        others.stream().filter(other -> !heirs.contains(other)).forEach(heirs::add);
        return heirs;
    }

    private boolean handOver(String heir) {
        if (log.heir(Optional.of(heir)).isEmpty()) {
            LOG.info("{} was not heard of lately, and is not asked to lead", heir);
            return false;
        }
        long begun = System.nanoTime();
        // Ratis' own limit is the shorter one, so that it has given up when the next is asked.
        boolean done =
                isDone(heir + " has not taken over", cycle.transfer(log, heir, ONE_HEIR), ONE_HEIR.multipliedBy(2));
        if (done) {
            LOG.info("{} has taken over after {} ms", heir, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        }
        return done;
    }

    /** One that an operator has asked for, and that may have the same end. */
    private void awaitEndOfOther() {
        isDone("another hand-over does not end", cycle.handOverUnderWay(), ONE_HEIR.multipliedBy(2));
    }

    private static boolean isDone(String what, CompletableFuture<Void> outcome, Duration patience) {
        try {
            outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "{}: {}",
                    what,
                    e.getCause() == null ? e.toString() : e.getCause().toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }
}
