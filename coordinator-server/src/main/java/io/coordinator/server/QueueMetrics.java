package io.coordinator.server;

import io.coordinator.protocol.QueueSummary;
import io.coordinator.server.http.LabelledGauges;
import io.coordinator.server.http.ServerMetrics;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** The names of what is told of queues, jobs and schedules. */
final class QueueMetrics {
    private static final double MILLIS_PER_SECOND = 1_000;

    /** Sums that the state has counted. */
    static final List<Sum> SUMS = List.of(
            new Sum("queues", "Queues of jobs", "queues"),
            new Sum("queues.unserved", "Queues with jobs that wait and no worker", "queuesUnserved"),
            new Sum("queues.workers", "Workers of all queues", "queueWorkers"),
            new Sum("queues.free.slots", "Jobs more that they would take", "queueFreeSlots"),
            new Sum("jobs", "Jobs that are remembered", "jobs"),
            new Sum("jobs.waiting", "Jobs that wait for a worker or for their key", "jobsWaiting"),
            new Sum("jobs.delayed", "Jobs that are not due", "jobsDelayed"),
            new Sum("jobs.retrying", "Of these, jobs that wait for another attempt", "jobsRetrying"),
            new Sum("jobs.running", "Jobs that run", "jobsRunning"),
            new Sum("jobs.dead", "Dead jobs", "jobsDead"),
            new Sum("jobs.submitted", "Jobs submitted", "jobsSubmitted"),
            new Sum("jobs.succeeded", "Jobs that succeeded", "jobsSucceeded"),
            new Sum("jobs.died", "Times that a job became dead", "jobsDied"),
            new Sum("jobs.attempts.failed", "Attempts that failed or took too long", "jobAttemptsFailed"),
            new Sum("jobs.attempts.lost", "Attempts that were lost with their workers", "jobAttemptsLost"),
            new Sum("schedules", "Schedules", "schedules"),
            new Sum("schedules.paused", "Schedules that are paused", "schedulesPaused"),
            new Sum("schedules.fired", "Times that fired", "schedulesFired"),
            new Sum("schedules.misfired", "Times that were missed", "schedulesMisfired"),
            new Sum("schedules.skipped", "Times that were skipped", "schedulesSkipped"));

    private QueueMetrics() {}

    /**
     * A figure of the state.
     *
     * @param count its name there
     */
    record Sum(String name, String doc, String count) {}

    static LabelledGauges<QueueSummary> labelled(ServerMetrics metrics) {
        return metrics.<QueueSummary>labelled(
                        queue -> Tags.of("namespace", queue.getNamespace(), "queue", queue.getQueue()))
                .figure("queue.waiting", "Jobs that wait for a worker or for their key", QueueSummary::getWaiting)
                .figure(
                        "queue.oldest.seconds",
                        "Age of the oldest of them, in cluster time",
                        queue -> queue.getOldestWaitMillis() / MILLIS_PER_SECOND)
                .figure("queue.delayed", "Jobs that are not due", QueueSummary::getDelayed)
                .figure("queue.retrying", "Of these, jobs that wait for another attempt", QueueSummary::getRetrying)
                .figure("queue.running", "Jobs that run", QueueSummary::getRunning)
                .figure("queue.dead", "Dead jobs", QueueSummary::getDead)
                .figure("queue.workers", "Workers of the queue", QueueSummary::getWorkers)
                .figure("queue.free.slots", "Jobs more that they would take", QueueSummary::getFreeSlots)
                .figure("queue.paused", "1 if it is paused", queue -> queue.getPaused() ? 1 : 0)
                .figure("queue.submitted", "Jobs submitted since it was made", QueueSummary::getSubmitted)
                .figure("queue.succeeded", "Jobs that succeeded", QueueSummary::getSucceeded)
                .figure("queue.died", "Times that a job became dead", QueueSummary::getDied)
                .figure("queue.attempts", "Attempts that succeeded, failed or were lost", QueueMetrics::attempts)
                .figure(
                        "queue.attempts.failed",
                        "Attempts that failed or took too long",
                        QueueSummary::getAttemptsFailed)
                .figure(
                        "queue.attempts.lost",
                        "Attempts that were lost with their workers",
                        QueueSummary::getAttemptsLost);
    }

    private static long attempts(QueueSummary queue) {
        return queue.getSucceeded() + queue.getAttemptsFailed() + queue.getAttemptsLost();
    }
}
