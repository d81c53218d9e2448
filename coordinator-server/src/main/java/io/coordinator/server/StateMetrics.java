package io.coordinator.server;

import io.coordinator.protocol.Count;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.GroupSummary;
import io.coordinator.protocol.ProcedureSummary;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueSummary;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import io.coordinator.server.http.LabelledGauges;
import io.coordinator.server.http.ServerMetrics;
import io.coordinator.server.replica.Replica;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What this node's copy of the state says of groups, procedures, queues and schedules: sums, and the few that stand
 * out by name. It is looked up when somebody scrapes, and at most once a second.
 */
final class StateMetrics {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final Query STATS = Query.newBuilder()
            .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance()))
            .build();

    private final Replica replica;
    private final LongSupplier nanoTime;
    private final LabelledGauges<GroupSummary> groups;
    private final LabelledGauges<ProcedureSummary> procedures;
    private final LabelledGauges<QueueSummary> queues;
    private Stats stats = Stats.getDefaultInstance();
    private long nextLookNanos;

    private StateMetrics(ServerMetrics metrics, Replica replica, LongSupplier nanoTime) {
        this.replica = replica;
        this.nanoTime = nanoTime;
        this.nextLookNanos = nanoTime.getAsLong();
        this.groups = groups(metrics);
        this.procedures = procedures(metrics);
        this.queues = QueueMetrics.labelled(metrics);
        QueueMetrics.SUMS.forEach(figure -> sum(metrics, figure.name(), figure.doc(), figure.count()));
        metrics.gauge("queues.oldest.seconds", "Age of the oldest job that waits", this, StateMetrics::oldestSeconds)
                .gauge("jobs.attempts", "Attempts that succeeded, failed or were lost", this, StateMetrics::attempts);
        sum(metrics, "groups", "Consumer groups", "consumerGroups");
        sum(metrics, "groups.lag", "Messages that groups have not acknowledged", "groupLag");
        sum(metrics, "groups.unsettled", "Messages that are with members or wait for them", "unsettledDeliveries");
        sum(metrics, "groups.redeliveries", "Redeliveries of all groups", "groupRedeliveries");
        sum(metrics, "groups.dead.letters", "Dead letters of all groups", "groupDeadLetters");
        sum(metrics, "groups.missed", "Messages dropped before groups had acknowledged them", "groupMissed");
        sum(metrics, "rpc.procedures", "Names with workers or calls", "procedures");
        sum(metrics, "rpc.workers", "Workers of all names", "rpcWorkers");
        sum(metrics, "rpc.pending.calls", "Calls that are not over", "rpcCalls");
        sum(metrics, "rpc.backlog", "Calls that wait for a worker", "rpcCallsWaiting");
    }

    /** Adds them to the node's metrics. */
    static void add(ServerMetrics metrics, Replica replica, LongSupplier nanoTime) {
        StateMetrics state = new StateMetrics(metrics, replica, nanoTime);
        metrics.beforeScrape(state::look);
    }

    private void sum(ServerMetrics metrics, String name, String doc, String count) {
        metrics.gauge(name, doc, this, state -> state.count(count));
    }

    private static LabelledGauges<GroupSummary> groups(ServerMetrics metrics) {
        return metrics.<GroupSummary>labelled(group -> Tags.of(
                        "namespace", group.getNamespace(), "topic", group.getTopic(), "group", group.getGroup()))
                .figure("group.lag", "Messages that the group has not acknowledged", GroupSummary::getLag)
                .figure(
                        "group.oldest.seconds",
                        "Age of the oldest of them, in cluster time",
                        group -> group.getOldestAgeMillis() / MILLIS_PER_SECOND)
                .figure("group.members", "Members of the group", GroupSummary::getMembers)
                .figure("group.redeliveries", "Redeliveries since it was made", GroupSummary::getRedeliveries)
                .figure("group.dead.letters", "Dead letters since it was made", GroupSummary::getDeadLetters)
                .figure("group.missed", "Messages dropped before it had acknowledged them", GroupSummary::getMissed);
    }

    private static LabelledGauges<ProcedureSummary> procedures(ServerMetrics metrics) {
        return metrics.<ProcedureSummary>labelled(
                        procedure -> Tags.of("namespace", procedure.getNamespace(), "name", procedure.getName()))
                .figure("rpc.procedure.workers", "Workers of the name", ProcedureSummary::getWorkers)
                .figure("rpc.procedure.inflight", "Calls that a worker has", ProcedureSummary::getRunning)
                .figure("rpc.procedure.backlog", "Calls that wait for a worker", ProcedureSummary::getWaiting)
                .figure(
                        "rpc.procedure.pending.calls",
                        "Calls that are not over",
                        procedure -> procedure.getRunning() + procedure.getWaiting());
    }

    private synchronized void look() {
        long now = nanoTime.getAsLong();
        if (now - nextLookNanos < 0) {
            return;
        }
        nextLookNanos = now + FRESH_NANOS;
        stats = replica.locked(core -> core.query(STATS)).getSession().getStats();
        groups.set(stats.getGroupsList());
        procedures.set(stats.getProceduresList());
        queues.set(stats.getQueuesList());
    }

    /** Those that are named are the oldest of all. */
    private synchronized double oldestSeconds() {
        return stats.getQueuesList().stream()
                        .mapToLong(QueueSummary::getOldestWaitMillis)
                        .max()
                        .orElse(0)
                / MILLIS_PER_SECOND;
    }

    private synchronized double attempts() {
        return count("jobsSucceeded") + count("jobAttemptsFailed") + count("jobAttemptsLost");
    }

    private synchronized double count(String name) {
        return stats.getCountsList().stream()
                .filter(count -> count.getName().equals(name))
                .mapToLong(Count::getValue)
                .findFirst()
                .orElse(0);
    }
}
