package io.coordinator.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@Feature("PM-STAT-2")
class LabelledGaugesTest {
    @Test
    void onlyWhatIsThereIsToldOf() {
        List<String> there = new ArrayList<>(List.of("a", "\"b\"\n"));
        try (ServerMetrics metrics = new ServerMetrics()) {
            LabelledGauges<String> gauges = metrics.<String>labelled(name -> Tags.of("name", name))
                    .figure("name.length", "Length", String::length)
                    .figure("name.twice", "Twice of it", name -> 2.0 * name.length());
            metrics.beforeScrape(() -> gauges.set(there));
            assertThat(lines(metrics))
                    .containsExactlyInAnyOrder(
                            "coordinator_name_length{name=\"a\"} 1.0",
                            "coordinator_name_length{name=\"\\\"b\\\"\\n\"} 4.0",
                            "coordinator_name_twice{name=\"a\"} 2.0",
                            "coordinator_name_twice{name=\"\\\"b\\\"\\n\"} 8.0");
            there.clear();
            there.add("ccc");
            assertThat(lines(metrics))
                    .containsExactlyInAnyOrder(
                            "coordinator_name_length{name=\"ccc\"} 3.0", "coordinator_name_twice{name=\"ccc\"} 6.0");
            there.clear();
            assertThat(lines(metrics)).isEmpty();
        }
    }

    private static List<String> lines(ServerMetrics metrics) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("coordinator_name"))
                .toList();
    }
}
