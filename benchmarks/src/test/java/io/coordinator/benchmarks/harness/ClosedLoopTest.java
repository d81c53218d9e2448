package io.coordinator.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ClosedLoopTest {
    private final Samples samples = new Samples();

    @Test
    void keepsAsManyRequestsInFlightAsAskedFor() throws Exception {
        ConcurrentLinkedQueue<CompletableFuture<Void>> requests = new ConcurrentLinkedQueue<>();
        ClosedLoop loop = ClosedLoop.start(3, slot -> () -> started(requests), samples);
        await().until(() -> requests.size() == 3);

        requests.remove().complete(null);
        requests.remove().complete(null);

        assertThat(requests).hasSize(3);
        assertThat(samples.completed()).isEqualTo(2);
        assertThat(loop.stop(Duration.ZERO)).as("unanswered").isEqualTo(3);
        List.copyOf(requests).forEach(request -> request.complete(null));
        assertThat(loop.stop(Duration.ofSeconds(10))).as("unanswered").isZero();
        assertThat(samples.latencies().getTotalCount()).isEqualTo(5);
    }

    @Test
    void doesNotRecurseWhenAnswersComeAtOnce() throws Exception {
        int many = 200_000;
        AtomicInteger answered = new AtomicInteger();
        Queue<CompletableFuture<Void>> last = new ConcurrentLinkedQueue<>();
        SlotAction operation = () -> {
            CompletableFuture<Void> request = new CompletableFuture<>();
            if (answered.incrementAndGet() < many) {
                request.complete(null);
            } else {
                last.add(request);
            }
            return request;
        };

        ClosedLoop loop = ClosedLoop.start(1, slot -> operation, samples);

        await().until(() -> samples.completed() == many - 1);
        assertThat(loop.stop(Duration.ZERO)).isEqualTo(1);
        await().until(() -> !last.isEmpty());
        last.remove().complete(null);
        assertThat(loop.stop(Duration.ofSeconds(10))).isZero();
    }

    @Test
    void goesOnAfterAFailure() throws Exception {
        ConcurrentLinkedQueue<CompletableFuture<Void>> requests = new ConcurrentLinkedQueue<>();
        ClosedLoop loop = ClosedLoop.start(1, slot -> () -> started(requests), samples);

        await().until(() -> requests.size() == 1);
        requests.remove().completeExceptionally(new IllegalStateException("first"));

        await().until(() -> requests.size() == 1);
        assertThat(samples.failed()).isEqualTo(1);
        assertThat(samples.firstFailure()).get().hasToString("java.lang.IllegalStateException: first");
        loop.recordInto(new Samples());
        requests.remove().completeExceptionally(new IllegalStateException("not ours"));
        assertThat(samples.failed()).isEqualTo(1);
        assertThat(loop.stop(Duration.ofMillis(1))).isLessThanOrEqualTo(1);
    }

    @Test
    void leavesCountingToOperationsThatCountThemselves() throws Exception {
        ConcurrentLinkedQueue<CompletableFuture<Void>> requests = new ConcurrentLinkedQueue<>();
        ClosedLoop loop = ClosedLoop.pace(2, slot -> () -> started(requests), new CurrentSamples(samples));
        await().until(() -> requests.size() == 2);

        requests.remove().complete(null);
        requests.remove().completeExceptionally(new IllegalStateException("lost"));

        await().until(() -> requests.size() == 2);
        assertThat(samples.completed()).isZero();
        assertThat(samples.failed()).isEqualTo(1);
        assertThat(loop.stop(Duration.ZERO)).isEqualTo(2);
        List.copyOf(requests).forEach(request -> request.complete(null));
        assertThat(loop.stop(Duration.ofSeconds(10))).isZero();
    }

    private static CompletableFuture<Void> started(ConcurrentLinkedQueue<CompletableFuture<Void>> requests) {
        CompletableFuture<Void> request = new CompletableFuture<>();
        requests.add(request);
        return request;
    }
}
