package io.coordinator.client.internal.node;

import io.coordinator.client.cluster.ClusterStats;
import io.coordinator.client.cluster.NamespaceUsage;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.cluster.SessionInfo;
import io.coordinator.client.cluster.SessionPage;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.durable.TopicViews;
import io.coordinator.client.internal.job.QueueViews;
import io.coordinator.client.internal.rpc.ProcedureViews;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.ListSessions;
import io.coordinator.protocol.Ping;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionList;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Questions about the cluster as a whole, for calls of one kind. */
public record ClusterCalls(Calls calls, Nodes nodes) {
    private static final TypeEnvelope<SessionCommand, SessionQuery> SESSION = new TypeEnvelope<>(
            Command.Builder::setSession,
            Reply.OutcomeCase.SESSION,
            Query.Builder::setSession,
            Answer.OutcomeCase.SESSION);

    /** How long a linearizable round trip takes. */
    public Promise<Duration> ping() {
        long start = System.nanoTime();
        return calls.query(
                SESSION,
                () -> SessionQuery.newBuilder()
                        .setPing(Ping.getDefaultInstance())
                        .build(),
                answer -> Duration.ofNanos(System.nanoTime() - start));
    }

    /** Counts over the replicated state. */
    public Promise<ClusterStats> stats() {
        return calls.query(
                SESSION,
                () -> SessionQuery.newBuilder()
                        .setStats(GetStats.getDefaultInstance())
                        .build(),
                ClusterCalls::clusterStats);
    }

    /** A page of the open sessions. */
    public Promise<SessionPage> sessions(long after, int limit) {
        return calls.promises().attempt(() -> {
            Arguments.notNegative("after", after);
            Arguments.positive("limit", limit);
            ListSessions list =
                    ListSessions.newBuilder().setAfter(after).setLimit(limit).build();
            return calls.query(
                    SESSION, () -> SessionQuery.newBuilder().setList(list).build(), ClusterCalls::sessionPage);
        });
    }

    private static SessionPage sessionPage(Answer answer) {
        SessionList list = answer.getSession().getList();
        return new SessionPage(
                list.getSessionsList().stream()
                        .map(session -> new SessionInfo(
                                session.getSessionId(),
                                session.getClientName(),
                                session.getLeaseMillis(),
                                session.getOpenedAtMillis(),
                                session.getUnacknowledged()))
                        .toList(),
                list.getMore(),
                answer.getClusterTimeMillis());
    }

    private static ClusterStats clusterStats(Answer answer) {
        Stats stats = answer.getSession().getStats();
        return new ClusterStats(
                stats.getSessions(),
                counts(stats),
                stats.getLastToken(),
                answer.getRevision(),
                stats.getDigest(),
                stats.getIndex(),
                stats.getStateBytes(),
                stats.getStateBytesMax(),
                stats.getChores(),
                stats.getUsageList().stream()
                        .map(usage -> new NamespaceUsage(
                                usage.getData().name(), usage.getNamespace(), usage.getBytes(), usage.getRows()))
                        .toList(),
                stats.getGroupsList().stream().map(TopicViews::summary).toList(),
                stats.getProceduresList().stream().map(ProcedureViews::summary).toList(),
                stats.getQueuesList().stream().map(QueueViews::summary).toList());
    }

    private static Map<String, Long> counts(Stats stats) {
        Map<String, Long> counts = new LinkedHashMap<>();
        stats.getCountsList().forEach(count -> counts.put(count.getName(), count.getValue()));
        return counts;
    }

    /** How every known node sees itself and the cluster. */
    public Promise<List<NodeStatus>> status() {
        return nodes.status(calls.promises());
    }

    /** The members, and changes of them. */
    public MemberAsker members(String actor) {
        return new MemberAsker(calls, nodes, actor, "");
    }

    /** Has the leader hand over; to any other member if {@code toNode} is empty. */
    public Promise<String> transferLeadership(String toNode) {
        return nodes.transferLeadership(calls.promises(), toNode);
    }
}
