package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A subject with a subscription for each subscriber. */
final class NatsFanOut implements MessageSink {
    private static final long SUBSCRIBE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long RETRY_MILLIS = 20;
    /** What tells a subscriber only that its subscription is known everywhere; nobody counts it. */
    private static final byte[] PROBE = {};

    private final Connection publisher;
    private final String subject = "fan-out." + UUID.randomUUID();
    private final Set<Integer> reached = ConcurrentHashMap.newKeySet();
    private final List<Connection> connections = new ArrayList<>();

    private NatsFanOut(Connection publisher) {
        this.publisher = publisher;
    }

    static NatsFanOut open(Connection publisher, NatsNodes nodes, int subscribers, MessageReceiver receiver)
            throws Exception {
        NatsFanOut fanOut = new NatsFanOut(publisher);
        try {
            List<Dispatcher> dispatchers = new ArrayList<>();
            for (int i = 0; i < Members.connections(subscribers); i++) {
                Connection connection = nodes.connect(i);
                fanOut.connections.add(connection);
                dispatchers.add(connection.createDispatcher());
            }
            for (int i = 0; i < subscribers; i++) {
                fanOut.subscribe(dispatchers.get(i % dispatchers.size()), i, receiver);
            }
            fanOut.awaitAll(subscribers);
            return fanOut;
        } catch (Exception e) {
            fanOut.close();
            throw e;
        }
    }

    private void subscribe(Dispatcher dispatcher, int subscriber, MessageReceiver receiver) {
        var unused = dispatcher.subscribe(subject, message -> {
            if (message.getData().length == PROBE.length) {
                reached.add(subscriber);
            } else {
                receiver.received(subscriber, message.getData());
            }
        });
    }

    /** Subscriptions travel from node to node, and nobody says when they have arrived. */
    private void awaitAll(int subscribers) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + SUBSCRIBE_NANOS;
        while (reached.size() < subscribers) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException(
                        "only " + reached.size() + " of " + subscribers + " subscribers were reached");
            }
            publisher.publish(subject, PROBE);
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
    }

    @Override
    public CompletionStage<?> publish(byte[] message) {
        publisher.publish(subject, message);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() throws InterruptedException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
