package io.coordinator.benchmarks.systems;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.coordinator.benchmarks.harness.MessageSink;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** A quorum queue on three nodes, and one channel that publishes to it with confirms. */
final class RabbitMqQueue implements MessageSink {
    private static final Map<String, Object> QUORUM =
            Map.of("x-queue-type", "quorum", "x-quorum-initial-group-size", LoopbackCluster.NODES.size());

    private final Connection connection;
    private final Channel channel;
    private final String name = "queue-" + UUID.randomUUID();
    private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> unconfirmed = new ConcurrentSkipListMap<>();

    private RabbitMqQueue(Connection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    static RabbitMqQueue open(RabbitMqNodes nodes) throws Exception {
        Connection connection = nodes.connect(0);
        try {
            RabbitMqQueue queue = new RabbitMqQueue(connection, connection.createChannel());
            queue.declare();
            return queue;
        } catch (Exception e) {
            connection.close();
            throw e;
        }
    }

    private void declare() throws IOException {
        channel.queueDeclare(name, true, false, false, QUORUM);
        channel.confirmSelect();
        channel.addConfirmListener(
                (tag, multiple) -> settle(tag, multiple, confirmed -> confirmed.complete(null)),
                (tag, multiple) -> settle(
                        tag,
                        multiple,
                        refused -> refused.completeExceptionally(new IOException("the broker refused a message"))));
        channel.addShutdownListener(cause -> settle(Long.MAX_VALUE, true, lost -> lost.completeExceptionally(cause)));
    }

    private void settle(long tag, boolean multiple, Consumer<CompletableFuture<Void>> outcome) {
        List<Long> tags = multiple ? List.copyOf(unconfirmed.headMap(tag, true).keySet()) : List.of(tag);
        for (Long each : tags) {
            CompletableFuture<Void> settled = unconfirmed.remove(each);
            if (settled != null) {
                outcome.accept(settled);
            }
        }
    }

    String name() {
        return name;
    }

    @Override
    public CompletionStage<?> publish(byte[] message) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        // The number and the message must go together.
        synchronized (channel) {
            long tag = channel.getNextPublishSeqNo();
            unconfirmed.put(tag, confirmed);
            try {
                channel.basicPublish("", name, MessageProperties.PERSISTENT_BASIC, message);
            } catch (IOException e) {
                unconfirmed.remove(tag);
                confirmed.completeExceptionally(e);
            }
        }
        return confirmed;
    }

    @Override
    public void close() throws IOException {
        try (connection) {
            channel.queueDelete(name);
        }
    }
}
