package io.coordinator.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.benchmarks.harness.Repeated.Phase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RepeatedTest {
    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);

    @Test
    void eachPhaseCountsItsOwnRequests() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        AtomicInteger underWay = new AtomicInteger();
        List<Measurement> found = Repeated.during(
                () -> {
                    underWay.incrementAndGet();
                    return CompletableFuture.runAsync(
                            () -> {
                                underWay.decrementAndGet();
                                if (broken.get()) {
                                    throw new IllegalStateException("broken");
                                }
                            },
                            LATER);
                },
                4,
                List.of(Phase.of(Duration.ofMillis(200)), () -> {
                    broken.set(true);
                    TimeUnit.MILLISECONDS.sleep(200);
                }));

        assertThat(found).hasSize(2);
        assertThat(found.get(0).opsPerSecond()).isBetween(1.0, 4_000.0);
        assertThat(found.get(0).p50Micros()).isGreaterThanOrEqualTo(1_000);
        assertThat(found.get(0).errors()).isZero();
        assertThat(found.get(1).errors()).isPositive();
        assertThat(underWay).as("still under way").hasValue(0);
    }
}
