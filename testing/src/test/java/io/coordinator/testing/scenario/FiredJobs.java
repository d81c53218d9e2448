package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.testing.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The jobs of schedules of every second, as the one worker of their queue has done them. */
final class FiredJobs implements AutoCloseable {
    private final CoordinatorClient client;
    private final String queue;
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private final JobWorker worker;

    private FiredJobs(CoordinatorClient client, String queue) {
        this.client = client;
        this.queue = queue;
        worker = client.worker(
                queue,
                job -> {
                    done.add(job.id());
                    return null;
                },
                16);
    }

    /** Its session outlives every election, or a job would be done again for another reason. */
    static FiredJobs of(Cluster cluster, String queue) {
        return new FiredJobs(cluster.client(settings -> settings.sessionLease(Duration.ofMinutes(1))), queue);
    }

    /** Sets a schedule of every second, and waits until it has fired some times. */
    void begin(String schedule) {
        client.schedules().set(schedule, ScheduleOptions.cron("* * * * * *").queue(queue));
        awaitMore(schedule, 2);
    }

    void awaitMore(String schedule, int count) {
        int before = times(schedule).size();
        Waiting.await(count + " more firings of " + schedule)
                .until(() -> times(schedule).size() >= before + count);
    }

    /** The nominal times of the jobs that were done, those twice that were done twice. */
    List<Instant> times(String schedule) {
        String prefix = schedule + "@";
        return done.stream()
                .filter(id -> id.startsWith(prefix))
                .map(id -> Instant.parse(id.substring(prefix.length())))
                .sorted()
                .toList();
    }

    /** The latest of them. */
    Instant last(String schedule) {
        List<Instant> times = times(schedule);
        return times.get(times.size() - 1);
    }

    ScheduleStatus status(String schedule) {
        return client.schedules().get(schedule).orElseThrow();
    }

    /** Ends a schedule, and expects that each of its times has become one job, and that this was done once. */
    ScheduleStatus endedOnceEach(String schedule) {
        client.schedules().pause(schedule);
        ScheduleStatus status = status(schedule);
        Waiting.await("all jobs of " + schedule).until(() -> times(schedule).size() >= status.fired());
        List<Instant> times = times(schedule);
        assertThat(times).as(schedule).doesNotHaveDuplicates().hasSize((int) status.fired());
        assertThat(status.skipped()).isZero();
        return status;
    }

    /** The same, and that those which are missing from the first to the last were counted as missed. */
    void endedWithMissesCounted(String schedule) {
        ScheduleStatus status = endedOnceEach(schedule);
        List<Instant> times = times(schedule);
        long seconds = Duration.between(times.get(0), last(schedule)).toSeconds() + 1;
        assertThat(seconds - times.size()).as("missing of " + schedule).isEqualTo(status.misfired());
    }

    @Override
    public void close() {
        worker.close();
    }
}
