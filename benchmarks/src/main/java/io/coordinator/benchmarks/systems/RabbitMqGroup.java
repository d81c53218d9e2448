package io.coordinator.benchmarks.systems;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import io.coordinator.benchmarks.harness.MessageReceiver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Consumers of one quorum queue, which acknowledge each message by itself. */
final class RabbitMqGroup implements AutoCloseable {
    private static final Duration FILL_TIMEOUT = Duration.ofSeconds(60);

    private final RabbitMqQueue queue;
    private final MessageReceiver receiver;
    private final List<Connection> connections = new ArrayList<>();
    private final StartLine startLine = new StartLine();
    private volatile boolean stopped;

    private RabbitMqGroup(RabbitMqQueue queue, MessageReceiver receiver) {
        this.queue = queue;
        this.receiver = receiver;
    }

    static RabbitMqGroup consume(RabbitMqNodes nodes, List<byte[]> backlog, int members, MessageReceiver receiver)
            throws Exception {
        RabbitMqGroup group = new RabbitMqGroup(RabbitMqQueue.open(nodes), receiver);
        try {
            FewAtATime.forEach(backlog, group.queue::publish, FILL_TIMEOUT);
            for (int i = 0; i < Members.connections(members); i++) {
                group.connections.add(nodes.connect(i));
            }
            for (int i = 0; i < members; i++) {
                group.start(i);
            }
            group.startLine.open();
            return group;
        } catch (Exception e) {
            group.close();
            throw e;
        }
    }

    private void start(int member) throws IOException {
        Channel channel = connections.get(member % connections.size()).createChannel();
        channel.basicQos(Members.PREFETCH);
        channel.basicConsume(queue.name(), false, (tag, delivery) -> acknowledge(member, channel, delivery), tag -> {});
    }

    private void acknowledge(int member, Channel channel, Delivery delivery) throws IOException {
        if (!startLine.await()) {
            return;
        }
        try {
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        } catch (AlreadyClosedException e) {
            if (stopped) {
                return;
            }
            throw e;
        }
        receiver.received(member, delivery.getBody());
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        startLine.open();
        try (queue) {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }
}
