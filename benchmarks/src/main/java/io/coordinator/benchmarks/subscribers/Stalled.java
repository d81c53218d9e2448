package io.coordinator.benchmarks.subscribers;

import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.benchmarks.systems.ServingNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicMessage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that has subscribed to every topic, and whose handler never returns from its first message. */
final class Stalled implements AutoCloseable {
    private final CoordinatorClient client;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();

    private Stalled(CoordinatorClient client) {
        this.client = client;
    }

    static Stalled connect(CoordinatorServers cluster) {
        Stalled stalled = new Stalled(
                CoordinatorClient.connect(ServingNode.clients(cluster).build()));
        var unused = stalled.client
                .topics()
                .subscribe(
                        "*",
                        stalled::take,
                        SubscribeOptions.defaults().bufferBytes(1).holdStream());
        return stalled;
    }

    private void take(TopicMessage message) {
        begun.incrementAndGet();
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * It has got one message, and no second.
     *
     * @throws IllegalStateException if that is not so
     */
    void requireStalled() {
        if (begun.get() != 1) {
            throw new IllegalStateException("the stalled subscriber took " + begun + " messages instead of one");
        }
    }

    @Override
    public void close() {
        closing.countDown();
        client.close();
    }
}
