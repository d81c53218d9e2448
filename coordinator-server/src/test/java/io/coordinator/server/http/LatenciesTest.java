package io.coordinator.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@Feature("PM-STAT-2")
class LatenciesTest {
    private long nanos;

    private static List<String> lines(ServerMetrics metrics, String part) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("coordinator_") && line.contains(part))
                .toList();
    }

    @Test
    void eachTimeIsInTheFirstBucketThatReachesSoFarAndInThoseBehind() {
        Latencies latencies = new Latencies();
        try (ServerMetrics metrics = new ServerMetrics()) {
            metrics.histogram("a.wait.seconds", "Waits", latencies);
            assertThat(lines(metrics, "_count")).containsExactly("coordinator_a_wait_seconds_count 0");
            for (long millis : new long[] {0, 5, 6, 1_000, 3_600_000, 3_600_001}) {
                latencies.add(millis);
            }
            assertThat(lines(metrics, ""))
                    .containsExactly(
                            "coordinator_a_wait_seconds_bucket{le=\"0.005\"} 2",
                            "coordinator_a_wait_seconds_bucket{le=\"0.02\"} 3",
                            "coordinator_a_wait_seconds_bucket{le=\"0.05\"} 3",
                            "coordinator_a_wait_seconds_bucket{le=\"0.1\"} 3",
                            "coordinator_a_wait_seconds_bucket{le=\"0.25\"} 3",
                            "coordinator_a_wait_seconds_bucket{le=\"1.0\"} 4",
                            "coordinator_a_wait_seconds_bucket{le=\"5.0\"} 4",
                            "coordinator_a_wait_seconds_bucket{le=\"30.0\"} 4",
                            "coordinator_a_wait_seconds_bucket{le=\"300.0\"} 4",
                            "coordinator_a_wait_seconds_bucket{le=\"3600.0\"} 5",
                            "coordinator_a_wait_seconds_bucket{le=\"+Inf\"} 6",
                            "coordinator_a_wait_seconds_count 6",
                            "coordinator_a_wait_seconds_sum 7201.012");
            assertThat(metrics.scrape()).contains("# TYPE coordinator_a_wait_seconds histogram");
        }
    }

    @Test
    void onlySoManyNamesHaveAPlace() {
        NamedLatencies latencies = new NamedLatencies("queue", () -> nanos);
        try (ServerMetrics metrics = new ServerMetrics()) {
            metrics.histogram("queue.wait.seconds", "Waits", latencies);
            assertThat(lines(metrics, "")).isEmpty();
            for (int i = 0; i < 10_000; i++) {
                latencies.add("key" + i, "shop", "mail" + i, 7);
            }
            assertThat(lines(metrics, "_count")).hasSize(NamedLatencies.NAMED_MAX);
            assertThat(lines(metrics, "_count"))
                    .contains("coordinator_queue_wait_seconds_count{namespace=\"shop\",queue=\"mail9\"} 1")
                    .noneMatch(line -> line.contains("mail10"));
        }
    }

    /** So that the names that are used in the end have places, and none of those in use loses its counts. */
    @Test
    void aNameThatIsNotUsedAnyMoreGivesItsPlaceToAnother() {
        NamedLatencies latencies = new NamedLatencies("queue", () -> nanos);
        try (ServerMetrics metrics = new ServerMetrics()) {
            metrics.histogram("queue.wait.seconds", "Waits", latencies);
            for (int i = 0; i < NamedLatencies.NAMED_MAX; i++) {
                latencies.add("key" + i, "shop", "mail" + i, 7);
            }
            nanos += TimeUnit.MINUTES.toNanos(10) - 1;
            latencies.add("key0", "shop", "mail0", 7);
            latencies.add("other", "shop", "other", 7);
            assertThat(lines(metrics, "other")).isEmpty();
            nanos++;
            latencies.add("other", "shop", "other", 7);
            assertThat(lines(metrics, "_count{"))
                    .hasSize(NamedLatencies.NAMED_MAX)
                    .contains("coordinator_queue_wait_seconds_count{namespace=\"shop\",queue=\"mail0\"} 2")
                    .contains("coordinator_queue_wait_seconds_count{namespace=\"shop\",queue=\"other\"} 1")
                    .noneMatch(line -> line.contains("mail1\""));
        }
    }
}
