package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageReceiver;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Members that share one pull consumer of a stream, and acknowledge each message by itself. */
final class NatsGroup implements AutoCloseable {
    private static final Duration FILL_TIMEOUT = Duration.ofSeconds(60);
    private static final String CONSUMER = "group";

    private final NatsStream stream;
    private final MessageReceiver receiver;
    private final List<Connection> connections = new ArrayList<>();
    private final List<MessageConsumer> members = new ArrayList<>();

    private final StartLine startLine = new StartLine();

    private NatsGroup(NatsStream stream, MessageReceiver receiver) {
        this.stream = stream;
        this.receiver = receiver;
    }

    static NatsGroup consume(
            Connection publisher, NatsNodes nodes, List<byte[]> backlog, int members, MessageReceiver receiver)
            throws Exception {
        NatsGroup group = new NatsGroup(NatsStream.open(publisher), receiver);
        try {
            FewAtATime.forEach(backlog, group.stream::publish, FILL_TIMEOUT);
            group.addConsumer(publisher, members);
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

    private void addConsumer(Connection connection, int members) throws Exception {
        connection
                .jetStreamManagement()
                .addOrUpdateConsumer(
                        stream.name(),
                        ConsumerConfiguration.builder()
                                .durable(CONSUMER)
                                .ackPolicy(AckPolicy.Explicit)
                                .maxAckPending(2L * members * Members.PREFETCH)
                                .build());
    }

    private void start(int member) throws Exception {
        ConsumeOptions options =
                ConsumeOptions.builder().batchSize(Members.PREFETCH).build();
        members.add(connections
                .get(member % connections.size())
                .getConsumerContext(stream.name(), CONSUMER)
                .consume(options, message -> acknowledge(member, message)));
    }

    private void acknowledge(int member, Message message) {
        if (startLine.await()) {
            message.ack();
            receiver.received(member, message.getData());
        }
    }

    @Override
    public void close() throws Exception {
        startLine.open();
        try (stream) {
            members.forEach(MessageConsumer::stop);
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }
}
