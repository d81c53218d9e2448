package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a user writes first. */
class FirstStepsTest extends ClientFixture {
    record Report(String month, int total) {}

    @Test
    void buildLockAndCount() {
        ClientConfig config = ClientConfig.builder()
                .endpoints(node.endpoint())
                .clientName("billing")
                .build();
        try (CoordinatorClient client = CoordinatorClient.connect(config)) {
            Report report = client.builds()
                    .getOrBuild(
                            "report/2026-11", Report.class, build -> new Report("2026-11", 42), Duration.ofMinutes(5));
            long revision = client.lock("orders/42")
                    .<Long, RuntimeException>withLock(lock -> lock.cache().put("orders/42", Map.of("state", "paid")));
            client.cache().increment("orders/paid", 1);

            assertThat(report).isEqualTo(new Report("2026-11", 42));
            assertThat(client.cache().get("orders/42").orElseThrow().revision()).isEqualTo(revision);
        }
    }
}
