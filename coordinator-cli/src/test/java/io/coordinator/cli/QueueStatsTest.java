package io.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code coordinator stats} about queues and schedules, against a real node. */
class QueueStatsTest {
    private static String run(RealNode node, String... arguments) {
        TestConsole console = new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
        assertThat(console.run(arguments)).as("%s", console.err()).isZero();
        return console.out().strip();
    }

    @Test
    @Feature({"B-26", "B-41", "PM-STAT-1"})
    void statsShowQueuesThatStandOutAndSums(@TempDir Path directory) throws Exception {
        try (RealNode node = RealNode.start(directory);
                CoordinatorClient client = CoordinatorClient.connect(
                        ClientConfig.builder().endpoints(node.endpoint()).build())) {
            assertThat(run(node, "stats")).contains("queues unserved").doesNotContain("FREE SLOTS");
            JobQueue mail = client.jobs("mail");
            mail.submit("one");
            mail.submit("two", SubmitOptions.defaults().withDelay(Duration.ofHours(1)));
            mail.pause();

            String table = run(node, "stats");
            assertThat(table).contains("QUEUE", "OLDEST", "RETRYING", "DEAD", "FREE SLOTS", "PAUSED");
            assertThat(table.lines().filter(line -> line.contains("mail")))
                    .singleElement()
                    .satisfies(line -> assertThat(line).endsWith("yes"));
            JsonNode stats = Json.parse(run(node, "stats", "-o", "json"));
            assertThat(stats.get("jobsWaiting").asInt()).isEqualTo(1);
            assertThat(stats.get("jobsDelayed").asInt()).isEqualTo(1);
            assertThat(stats.get("schedulesFired").asInt()).isZero();
            JsonNode queue = stats.get("queueList").get(0);
            assertThat(queue.get("namespace").asText()).isEqualTo("default");
            assertThat(queue.get("queue").asText()).isEqualTo("mail");
            assertThat(queue.get("waiting").asInt()).isEqualTo(1);
            assertThat(queue.get("submitted").asInt()).isEqualTo(2);
            assertThat(queue.get("freeSlots").asInt()).isZero();
            assertThat(queue.get("oldestWaitMillis").asLong()).isNotNegative();
            assertThat(queue.get("paused").asBoolean()).isTrue();
        }
    }
}
