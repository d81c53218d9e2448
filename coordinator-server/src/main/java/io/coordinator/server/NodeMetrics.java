package io.coordinator.server;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Role;
import io.coordinator.server.call.CallExchange;
import io.coordinator.server.event.ServerEvents;
import io.coordinator.server.http.ServerMetrics;
import io.coordinator.server.net.ClientListener;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.session.Outgoing;
import io.coordinator.server.session.SessionGateway;
import io.coordinator.server.snapshot.Snapshotter;
import io.coordinator.server.topic.TopicExchange;
import io.coordinator.server.watch.EventHub;
import io.coordinator.state.DataKinds;
import java.util.Locale;

/** The list of a node's metrics; docs/metrics.md explains each. */
final class NodeMetrics {
    private NodeMetrics() {}

    static ServerMetrics of(
            RaftLog log,
            Replica replica,
            Proposer proposer,
            ReadGate gate,
            SessionGateway gateway,
            Outgoing outgoing,
            EventHub hub,
            TopicExchange topics,
            CallExchange calls,
            Snapshotter snapshotter,
            NodeListener listener,
            ClientListener clients,
            ServerEvents events) {
        ServerMetrics metrics = new ServerMetrics();
        raft(metrics, log, replica, listener);
        topics(metrics, topics);
        StateMetrics.add(metrics, replica, System::nanoTime);
        calls(metrics, calls);
        metrics.counter("proposed.entries", "Log entries submitted", proposer, Proposer::entriesProposed)
                .counter("proposed.commands", "Commands submitted", proposer, Proposer::commandsProposed)
                .counter(
                        "commit.seconds", "Time from submission to apply, summed", proposer, p -> p.commitNanos() / 1e9)
                .gauge("proposer.queue", "Commands waiting to be submitted", proposer, Proposer::queuedCommands)
                .gauge("proposer.inflight", "Entries in flight", proposer, Proposer::entriesInFlight);
        metrics.counter("reads.lease", "Reads released under the lease", gate, ReadGate::leaseReads)
                .counter("reads.parked", "Reads that waited for an entry", gate, ReadGate::parkedReads);
        metrics.counter(
                "sessions.reaped", "Sessions ended since they were silent", events, ServerEvents::sessionsReaped);
        metrics.gauge("sessions.attached", "Sessions served here", gateway, SessionGateway::attachedSessions)
                .gauge("streams", "Client streams open", gateway, SessionGateway::openStreams);
        metrics.counter(
                        "commands.refused",
                        "Commands that were refused before the log",
                        gateway,
                        SessionGateway::refusedCommands)
                .gauge("outgoing.bytes", "Bytes evaluated or sent that are not on the wire", outgoing, Outgoing::bytes)
                .gauge("outgoing.waiting", "Streams and calls waiting for room", outgoing, Outgoing::waiting)
                .counter(
                        "slow.consumers",
                        "Streams ended since their clients took nothing",
                        outgoing,
                        Outgoing::slowConsumers);
        metrics.gauge("connections", "Client connections open", clients, ClientListener::connections)
                .counter(
                        "connections.refused",
                        "Client connections that were too many",
                        clients,
                        ClientListener::connectionsRefused);
        metrics.gauge("watches", "Watches open", hub, EventHub::watches)
                .counter("watch.changes", "Changes handed to watchers", hub, EventHub::delivered)
                .counter("watch.compacted", "Watches that fell behind a ring", hub, EventHub::compacted);
        for (DataKind kind : DataKinds.all()) {
            metrics.gauge(
                    "watch.ring.bytes",
                    "Recent changes kept for watchers",
                    "data",
                    kind.name().toLowerCase(Locale.ROOT),
                    hub,
                    h -> h.ringBytes(kind));
        }
        metrics.counter("snapshot.failures", "Snapshots that could not be written", snapshotter, Snapshotter::failures)
                .gauge(
                        "snapshot.last.seconds",
                        "Background time of the last snapshot",
                        snapshotter,
                        s -> s.lastMicros() / 1e6)
                .gauge(
                        "snapshot.capture.max.seconds",
                        "Longest pause of apply for a snapshot",
                        snapshotter,
                        s -> s.captureNanosMax() / 1e9);
        return metrics;
    }

    private static void topics(ServerMetrics metrics, TopicExchange topics) {
        metrics.gauge("topic.streams", "Topic streams open", topics, TopicExchange::openStreams)
                .gauge("topic.subscriptions", "Subscriptions of ephemeral topics", topics, TopicExchange::subscriptions)
                .gauge(
                        "topic.waiting.bytes",
                        "Heap of messages that wait for clients",
                        topics,
                        TopicExchange::waitingBytes)
                .counter("topic.published", "Messages published", topics, TopicExchange::published)
                .counter("topic.queued", "Messages queued, once for each session", topics, TopicExchange::queued)
                .counter("topic.dropped", "Messages dropped, once for each session", topics, TopicExchange::dropped)
                .counter(
                        "topic.slow.consumers",
                        "Topic streams ended since their clients were too far behind",
                        topics,
                        TopicExchange::slowConsumers);
    }

    private static void calls(ServerMetrics metrics, CallExchange calls) {
        metrics.gauge("call.streams", "Call streams open", calls, CallExchange::openStreams)
                .gauge("call.inflight", "Ephemeral calls that workers have", calls, CallExchange::inFlight)
                .gauge("call.waiting", "Ephemeral calls that wait for a worker", calls, CallExchange::waiting)
                .gauge("call.bytes", "Heap of ephemeral calls and of their results", calls, CallExchange::bytes)
                .counter("call.received", "Ephemeral calls received", calls, CallExchange::calls)
                .counter("call.refused", "Ephemeral calls refused: not run", calls, CallExchange::refused)
                .counter("call.timed.out", "Ephemeral calls whose time passed", calls, CallExchange::timedOut);
    }

    private static void raft(ServerMetrics metrics, RaftLog log, Replica replica, NodeListener listener) {
        metrics.gauge(
                        "raft.leader",
                        "1 if this node leads",
                        log,
                        l -> l.status().role() == Role.LEADER ? 1 : 0)
                .gauge("raft.term", "Current term", log, l -> l.status().term())
                .gauge(
                        "raft.committed.index",
                        "Last index known to be committed",
                        log,
                        l -> l.status().committedIndex())
                .gauge(
                        "raft.applied.index",
                        "Last index applied",
                        log,
                        l -> l.status().appliedIndex())
                .gauge(
                        "state.revision",
                        "Revision of the applied state",
                        replica,
                        r -> r.status().revision())
                .gauge(
                        "state.bytes",
                        "Heap that the state is estimated to take",
                        replica,
                        r -> r.status().stateBytes())
                .gauge(
                        "state.bytes.max",
                        "Heap that the state may take; 0: no quota yet",
                        replica,
                        r -> r.status().stateBytesMax())
                .gauge(
                        "state.dirty.rows",
                        "Rows changed since the last snapshot",
                        replica,
                        r -> r.status().dirtyRows())
                .counter(
                        "digest.mismatches",
                        "Times this replica differed from the leader; must be 0",
                        listener,
                        NodeListener::digestMismatches)
                .counter(
                        "internal.errors",
                        "Commands, expiries and jobs that threw and were undone; must be 0",
                        listener,
                        NodeListener::internalErrors);
    }
}
