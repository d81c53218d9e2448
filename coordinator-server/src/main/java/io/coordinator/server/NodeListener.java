package io.coordinator.server;

import io.coordinator.server.event.ServerAlarm;
import io.coordinator.server.event.ServerEvents;
import io.coordinator.server.raft.AppliedEntry;
import io.coordinator.server.raft.LogListener;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.session.Serving;
import io.coordinator.state.Defect;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Spreads what the log says to the parts of the node. Wired before the log starts. */
final class NodeListener implements LogListener {
    private static final Logger LOG = LoggerFactory.getLogger(NodeListener.class);

    private final Replica replica;
    private final ServerEvents events;
    private final Consumer<Throwable> fatal;
    private final AtomicLong digestMismatches = new AtomicLong();
    private final AtomicLong internalErrors = new AtomicLong();
    private volatile @Nullable Wiring wiring;

    NodeListener(Replica replica, ServerEvents events, Consumer<Throwable> fatal) {
        this.replica = replica;
        this.events = events;
        this.fatal = fatal;
    }

    /** The parts that hear of the log. */
    record Wiring(LeadershipCycle cycle, Serving serving, SpanMetrics spans) {}

    void wire(Wiring parts) {
        parts.cycle().onServing(events::leads);
        wiring = parts;
    }

    /** Entries after which this replica's digest was not the leader's. */
    long digestMismatches() {
        return digestMismatches.get();
    }

    /** Commands, expiries and jobs that threw and were undone. */
    long internalErrors() {
        return internalErrors.get();
    }

    @Override
    public void elected() {
        wired().cycle().elected();
    }

    @Override
    public void ready(long term) {
        wired().cycle().ready(term);
    }

    @Override
    public void deposed() {
        wired().cycle().deposed();
        events.leadsNoLonger();
    }

    @Override
    public void applied(AppliedEntry entry) {
        Wiring parts = wired();
        if (entry.applied().diverged()) {
            if (digestMismatches.getAndIncrement() == 0) {
                events.alarm(
                        ServerAlarm.DIVERGED, "digest at index " + entry.entry().getDigestIndex());
            }
            LOG.error(
                    "this replica has diverged: its digest at index {} is not the leader's. Stop this node, keep its"
                            + " data directory for analysis, and let it rejoin with an empty one",
                    entry.entry().getDigestIndex());
        }
        for (Defect defect : entry.applied().defects()) {
            internalErrors.incrementAndGet();
            events.alarm(ServerAlarm.DEFECT, defect.what() + " at index " + entry.index());
            LOG.error(
                    "a defect at index {}: {} was undone and answered EINTERNAL on every node; please report it",
                    entry.index(),
                    defect.what(),
                    defect.cause());
        }
        parts.serving().applied(entry.own(), entry.applied());
        if (entry.own() != null) {
            parts.spans().count(entry.applied().took());
        }
    }

    @Override
    public void installed() {
        wired().serving().hub().reset(replica.status().revision());
    }

    @Override
    public void broken(Throwable cause) {
        fatal.accept(cause);
    }

    private Wiring wired() {
        Wiring parts = wiring;
        if (parts == null) {
            throw new IllegalStateException("the log spoke before the node was wired");
        }
        return parts;
    }
}
