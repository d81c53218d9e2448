package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.CallDriver;
import io.coordinator.benchmarks.harness.FanOutDriver;
import io.coordinator.benchmarks.harness.GroupDriver;
import io.coordinator.benchmarks.harness.MessageCaller;
import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.coordinator.benchmarks.harness.PublishDriver;
import io.nats.client.Connection;
import java.util.List;

/** A client of NATS that publishes and calls; subscribers, members and workers have connections of their own. */
final class NatsDriver implements PublishDriver, GroupDriver, FanOutDriver, CallDriver {
    private final NatsNodes nodes;
    private final Connection connection;

    private NatsDriver(NatsNodes nodes, Connection connection) {
        this.nodes = nodes;
        this.connection = connection;
    }

    static NatsDriver connect(NatsNodes nodes) throws Exception {
        return new NatsDriver(nodes, nodes.connect(0));
    }

    @Override
    public MessageSink openTopic() throws Exception {
        return NatsStream.open(connection);
    }

    @Override
    public AutoCloseable consume(List<byte[]> backlog, int members, MessageReceiver receiver) throws Exception {
        return NatsGroup.consume(connection, nodes, backlog, members, receiver);
    }

    @Override
    public MessageSink openFanOut(int subscribers, MessageReceiver receiver) throws Exception {
        return NatsFanOut.open(connection, nodes, subscribers, receiver);
    }

    @Override
    public MessageCaller openCalls() throws Exception {
        return NatsCalls.open(connection, nodes);
    }

    @Override
    public void close() throws InterruptedException {
        connection.close();
    }
}
