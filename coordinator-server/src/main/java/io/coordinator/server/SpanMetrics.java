package io.coordinator.server;

import io.coordinator.protocol.DataKind;
import io.coordinator.server.http.Latencies;
import io.coordinator.server.http.NamedLatencies;
import io.coordinator.server.http.ServerMetrics;
import io.coordinator.state.kernel.Span;
import io.coordinator.state.kernel.Took;
import java.util.List;

/**
 * Distributions of how long jobs waited and ran, and of how late schedules fired. The core tells of each with the entry
 * that ended it. Only the node that has proposed the entry counts it, so that sums over all nodes are right, and
 * nothing is counted twice when a log is replayed.
 */
final class SpanMetrics {
    private final Latencies waits = new Latencies();
    private final Latencies runs = new Latencies();
    private final Latencies lateness = new Latencies();
    private final NamedLatencies queueWaits = new NamedLatencies("queue", System::nanoTime);
    private final NamedLatencies queueRuns = new NamedLatencies("queue", System::nanoTime);

    void addTo(ServerMetrics metrics) {
        metrics.histogram("jobs.wait.seconds", "From when jobs could run to when workers got them", waits)
                .histogram("jobs.run.seconds", "From when workers got jobs to when attempts ended", runs)
                .histogram("queue.wait.seconds", "The same as coordinator_jobs_wait_seconds by queue", queueWaits)
                .histogram("queue.run.seconds", "The same as coordinator_jobs_run_seconds by queue", queueRuns)
                .histogram("schedules.lateness.seconds", "How much later than their times schedules fired", lateness);
    }

    /** Counts what ended with an entry of this node; on the applying thread. */
    void count(List<Took> ended) {
        for (Took took : ended) {
            if (took.data() == DataKind.JOB) {
                count(took);
            } else if (took.data() == DataKind.SCHEDULE && took.span() == Span.LATENESS) {
                lateness.add(took.millis());
            }
        }
    }

    private void count(Took took) {
        switch (took.span()) {
            case WAIT -> count(took, waits, queueWaits);
            case RUN -> count(took, runs, queueRuns);
            case LATENESS -> {}
        }
    }

    private static void count(Took took, Latencies all, NamedLatencies named) {
        all.add(took.millis());
        named.add(took.name().key(), took.name().namespace(), took.name().name(), took.millis());
    }
}
