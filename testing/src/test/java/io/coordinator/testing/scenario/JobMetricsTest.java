package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the nodes of a cluster tell operators of jobs and schedules. */
@CoordinatorCluster
@Feature({"B-14", "B-26", "PM-STAT-1", "PM-STAT-2"})
class JobMetricsTest {
    private static final Logger LOG = LoggerFactory.getLogger(JobMetricsTest.class);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int MANY_QUEUES = 10_000;
    private static final int IN_FLIGHT = 500;
    private static final int PAGE_CHARS_MAX = 120_000;

    private static String page(Cluster cluster, String node) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + "/metrics"))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The figure of a node; 0 if it does not tell it. */
    private static double figure(Cluster cluster, String node, String name) {
        return page(cluster, node)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static double sum(Cluster cluster, String name) {
        return cluster.alive().stream()
                .mapToDouble(node -> figure(cluster, node, name))
                .sum();
    }

    private static String of(String metric, String queue) {
        return "coordinator_" + metric + "{namespace=\"default\",queue=\"" + queue + "\"}";
    }

    /** Each entry is counted by one node, so that sums are right, and a replayed log counts nothing again. */
    @Test
    void timesAreCountedOnceInTheWholeClusterAndFiguresOfTheStateOutliveRestarts(
            Cluster cluster, CoordinatorClient client) {
        String leader = cluster.awaitLeader();
        JobQueue mail = client.jobs("metered");
        double waits = sum(cluster, "coordinator_jobs_wait_seconds_count");
        List<JobHandle> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(mail.submit(i));
        }
        assertThat(sum(cluster, "coordinator_jobs_wait_seconds_count")).isEqualTo(waits);
        try (JobWorker worker = cluster.client()
                .worker(
                        "metered",
                        job -> {
                            if (job.payload().asInt() == 0) {
                                throw new PermanentJobException("no");
                            }
                            return "done";
                        },
                        4)) {
            jobs.subList(1, jobs.size()).forEach(job -> job.await(Waiting.LONG));
            Waiting.await("the one that fails")
                    .until(() -> mail.inspect().orElseThrow().summary().dead() == 1);
            for (String node : cluster.alive()) {
                Waiting.await(node + " has applied all")
                        .until(() -> figure(cluster, node, of("queue_succeeded", "metered")) == 19
                                && figure(cluster, node, of("queue_died", "metered")) == 1);
                assertThat(figure(cluster, node, of("queue_attempts", "metered")))
                        .isEqualTo(20);
                assertThat(figure(cluster, node, of("queue_attempts_failed", "metered")))
                        .isEqualTo(1);
                assertThat(figure(cluster, node, of("queue_dead", "metered"))).isEqualTo(1);
                assertThat(figure(cluster, node, of("queue_workers", "metered")))
                        .isEqualTo(1);
                assertThat(figure(cluster, node, of("queue_free_slots", "metered")))
                        .isEqualTo(4);
                assertThat(figure(cluster, node, of("queue_waiting", "metered")))
                        .isZero();
            }
            assertThat(worker.running()).isZero();
        }
        assertThat(sum(cluster, of("queue_wait_seconds_count", "metered"))).isEqualTo(20);
        assertThat(sum(cluster, of("queue_run_seconds_count", "metered"))).isEqualTo(20);
        assertThat(figure(cluster, leader, of("queue_run_seconds_count", "metered")))
                .isEqualTo(20);
        assertThat(sum(cluster, "coordinator_jobs_wait_seconds_count")).isEqualTo(waits + 20);

        cluster.restart(leader);

        String next = cluster.awaitLeader();
        Waiting.await("the state is there again")
                .until(() -> figure(cluster, leader, of("queue_died", "metered")) == 1);
        assertThat(figure(cluster, leader, of("queue_succeeded", "metered"))).isEqualTo(19);
        assertThat(figure(cluster, leader, of("queue_run_seconds_count", "metered")))
                .as("what was replayed")
                .isZero();
        assertThat(figure(cluster, next, of("queue_died", "metered"))).isEqualTo(1);
        mail.delete();
        Waiting.await("its series are gone").until(() -> !page(cluster, next).contains(of("queue_died", "metered")));
    }

    @Test
    @Feature("B-41")
    void schedulesAreSummedAndTheirLatenessIsCountedByTheLeader(Cluster cluster, CoordinatorClient client) {
        String leader = cluster.awaitLeader();
        double before = sum(cluster, "coordinator_schedules_lateness_seconds_count");
        client.schedules()
                .set("tick", ScheduleOptions.every(Duration.ofSeconds(1)).queue("ticks"));
        Waiting.await("two firings")
                .until(() -> client.schedules().get("tick").orElseThrow().fired() >= 2);
        client.schedules().pause("tick");
        double fired = (double) client.schedules().get("tick").orElseThrow().fired();
        assertThat(sum(cluster, "coordinator_schedules_lateness_seconds_count") - before)
                .isEqualTo(fired);
        for (String node : cluster.alive()) {
            Waiting.await(node + " has applied all")
                    .until(() -> figure(cluster, node, "coordinator_schedules_paused") == 1);
            assertThat(figure(cluster, node, "coordinator_schedules")).isEqualTo(1);
            assertThat(figure(cluster, node, "coordinator_schedules_fired")).isEqualTo(fired);
            assertThat(figure(cluster, node, "coordinator_schedules_untimed")).isZero();
        }
        assertThat(figure(cluster, leader, "coordinator_queues_unserved")).isPositive();
        client.schedules().delete("tick");
        client.jobs("ticks").delete();
        assertThat(client.stats().count("schedulesFired")).isZero();
    }

    @Test
    void veryManyQueuesMakeFewSeries(Cluster cluster, CoordinatorClient client) {
        forEachOfMany(i -> client.async().jobs("many/" + i).submit(i));
        String leader = cluster.awaitLeader();
        page(cluster, leader);
        long start = System.nanoTime();
        assertThat(client.stats().count("queues")).isGreaterThanOrEqualTo(MANY_QUEUES);
        LOG.info("stats of {} queues took {}", MANY_QUEUES, Duration.ofNanos(System.nanoTime() - start));

        // The figures of the state are a second old at most.
        Waiting.await("all queues to be counted")
                .until(() -> figure(cluster, leader, "coordinator_jobs_waiting") >= MANY_QUEUES - 100);
        String page = page(cluster, leader);

        LOG.info("a page of {} queues has {} characters", MANY_QUEUES, page.length());
        assertThat(page.length()).isLessThan(PAGE_CHARS_MAX);
        assertThat(page.lines().filter(line -> line.startsWith("coordinator_queue_waiting{")))
                .hasSize(20);
        assertThat(figure(cluster, leader, "coordinator_queues_oldest_seconds")).isPositive();
        assertThat(client.stats().queues())
                .hasSize(20)
                .isSortedAccordingTo((one, other) -> Long.compare(seconds(other), seconds(one)));
        forEachOfMany(i -> client.async().jobs("many/" + i).delete());
    }

    private static void forEachOfMany(IntFunction<CompletionStage<?>> action) {
        List<CompletionStage<?>> underWay = new ArrayList<>();
        for (int i = 0; i < MANY_QUEUES; i++) {
            underWay.add(action.apply(i));
            if (underWay.size() == IN_FLIGHT) {
                underWay.forEach(Waiting::get);
                underWay.clear();
            }
        }
        underWay.forEach(Waiting::get);
    }

    private static long seconds(QueueSummary queue) {
        return queue.oldestWait().toSeconds();
    }
}
