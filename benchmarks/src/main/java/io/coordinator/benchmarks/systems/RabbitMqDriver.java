package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.CallDriver;
import io.coordinator.benchmarks.harness.FanOutDriver;
import io.coordinator.benchmarks.harness.GroupDriver;
import io.coordinator.benchmarks.harness.JobDriver;
import io.coordinator.benchmarks.harness.MessageCaller;
import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.coordinator.benchmarks.harness.PublishDriver;
import java.util.List;

/** Clients of RabbitMQ: each workload has connections of its own, with one channel for each publisher and consumer. */
final class RabbitMqDriver implements PublishDriver, GroupDriver, FanOutDriver, CallDriver, JobDriver {
    private final RabbitMqNodes nodes;

    RabbitMqDriver(RabbitMqNodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public MessageSink openTopic() throws Exception {
        return RabbitMqQueue.open(nodes);
    }

    @Override
    public AutoCloseable consume(List<byte[]> backlog, int members, MessageReceiver receiver) throws Exception {
        return RabbitMqGroup.consume(nodes, backlog, members, receiver);
    }

    @Override
    public MessageSink openFanOut(int subscribers, MessageReceiver receiver) throws Exception {
        return RabbitMqFanOut.open(nodes, subscribers, receiver);
    }

    @Override
    public MessageCaller openCalls() throws Exception {
        return RabbitMqCalls.open(nodes);
    }

    @Override
    public MessageCaller openJobs(int atOnce) throws Exception {
        return RabbitMqJobs.open(nodes, atOnce);
    }

    @Override
    public void close() {
        nodes.close();
    }
}
