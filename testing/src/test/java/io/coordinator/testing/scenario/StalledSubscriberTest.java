package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicGap;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A subscriber that takes nothing, beside one that takes each message before the next is published. */
@CoordinatorCluster(config = "topic-soft-limit-bytes=1024")
class StalledSubscriberTest {
    private static final int MESSAGES = 500;
    private static final String TEXT = "x".repeat(4 << 10);
    private static final CallOptions PATIENT = CallOptions.defaults().timeout(Duration.ofMinutes(1));

    /** Takes one message, and no more until it is let go. */
    private static final class Stalled {
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicInteger taken = new AtomicInteger();
        final Queue<TopicGap> gaps = new ConcurrentLinkedQueue<>();

        void subscribe(CoordinatorClient client) {
            var unused = client.topics()
                    .subscribe(
                            "s69",
                            this::take,
                            SubscribeOptions.defaults()
                                    .bufferBytes(1)
                                    .holdStream()
                                    .onGap(gaps::add));
        }

        private void take(TopicMessage message) {
            awaitOpen(go);
            taken.incrementAndGet();
        }

        long takenOrToldOf() {
            return taken.get() + gaps.stream().mapToLong(TopicGap::messages).sum();
        }
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Feature({"S-69", "PM-PS-8", "PM-PS-9", "PM-PS-10"})
    void itHoldsUpNeitherOthersNorItsOwnCalls(
            CoordinatorClient client, CoordinatorClient fast, CoordinatorClient publisher) throws InterruptedException {
        Stalled stalled = new Stalled();
        stalled.subscribe(client);
        Semaphore heard = new Semaphore(0);
        fast.topics().subscribe("s69", message -> heard.release());
        CountDownLatch worked = new CountDownLatch(1);
        publisher.rpc().register("s69", request -> {
            awaitOpen(worked);
            return request.arguments();
        });
        CompletableFuture<String> called = call(client, "before");
        LockHandle held = publisher.lock("s69").acquire();
        CompletableFuture<LockHandle> waiter =
                client.async().lock("s69").acquire().toCompletableFuture();

        int dropped = 0;
        for (int i = 0; i < MESSAGES; i++) {
            int sessions = publisher.topics().publish("s69", TEXT);
            assertThat(heard.tryAcquire(1, Waiting.LONG.toMillis(), TimeUnit.MILLISECONDS))
                    .as("the fast one hears message %d", i)
                    .isTrue();
            dropped += 2 - sessions;
        }
        assertThat(dropped).as("messages that the stalled one did not get").isPositive();

        held.release();
        Waiting.get(waiter).release();
        worked.countDown();
        assertThat(Waiting.get(called)).isEqualTo("before");
        assertThat(Waiting.get(call(client, "while stalled"))).isEqualTo("while stalled");
        assertThat(client.cache().increment("s69", 1)).isEqualTo(1);
        assertThat(stalled.taken).hasValue(0);

        stalled.go.countDown();
        Waiting.await("what is missing was told").until(() -> stalled.takenOrToldOf() == MESSAGES);
        assertThat(stalled.gaps.stream().mapToLong(TopicGap::messages).sum()).isEqualTo(dropped);
        assertThat(stalled.gaps).allMatch(gap -> gap.cause() == TopicGap.Cause.SLOW_CLIENT);
    }

    private static CompletableFuture<String> call(CoordinatorClient client, String argument) {
        return client.async().rpc().call("s69", argument, String.class, PATIENT).toCompletableFuture();
    }
}
