package io.coordinator.benchmarks.systems;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An exchange of type fanout, and for each subscriber a queue that goes with its connection. */
final class RabbitMqFanOut implements MessageSink {
    private final Connection publisher;
    private final Channel channel;
    private final String exchange = "fan-out-" + UUID.randomUUID();
    private final List<Connection> connections = new ArrayList<>();

    private RabbitMqFanOut(Connection publisher, Channel channel) {
        this.publisher = publisher;
        this.channel = channel;
    }

    static RabbitMqFanOut open(RabbitMqNodes nodes, int subscribers, MessageReceiver receiver) throws Exception {
        Connection publisher = nodes.connect(0);
        RabbitMqFanOut fanOut = new RabbitMqFanOut(publisher, publisher.createChannel());
        try {
            fanOut.channel.exchangeDeclare(fanOut.exchange, BuiltinExchangeType.FANOUT);
            for (int i = 0; i < Members.connections(subscribers); i++) {
                fanOut.connections.add(nodes.connect(i));
            }
            for (int i = 0; i < subscribers; i++) {
                fanOut.subscribe(i, receiver);
            }
            return fanOut;
        } catch (Exception e) {
            fanOut.close();
            throw e;
        }
    }

    private void subscribe(int subscriber, MessageReceiver receiver) throws IOException {
        Channel own = connections.get(subscriber % connections.size()).createChannel();
        // A transient queue with a name of the broker's, exclusive, and removed with its consumer.
        String queue = own.queueDeclare().getQueue();
        own.queueBind(queue, exchange, "");
        own.basicConsume(queue, true, (tag, delivery) -> receiver.received(subscriber, delivery.getBody()), tag -> {});
    }

    @Override
    public CompletionStage<?> publish(byte[] message) {
        synchronized (channel) {
            try {
                channel.basicPublish(exchange, "", MessageProperties.BASIC, message);
                return CompletableFuture.completedFuture(null);
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (publisher) {
            for (Connection connection : connections) {
                connection.close();
            }
            channel.exchangeDelete(exchange);
        }
    }
}
