package io.coordinator.benchmarks.systems;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import io.coordinator.benchmarks.harness.MessageCaller;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** A quorum queue that is published to with confirms, and a consumer that acknowledges each message by itself. */
final class RabbitMqJobs implements MessageCaller {
    private final Connection worker;
    private final RabbitMqQueue queue;
    private final JobsUnderWay underWay = new JobsUnderWay();

    private RabbitMqJobs(Connection worker, RabbitMqQueue queue) {
        this.worker = worker;
        this.queue = queue;
    }

    static RabbitMqJobs open(RabbitMqNodes nodes, int atOnce) throws Exception {
        Connection worker = nodes.connect(0);
        try {
            RabbitMqJobs jobs = new RabbitMqJobs(worker, RabbitMqQueue.open(nodes));
            jobs.consume(worker.createChannel(), atOnce);
            return jobs;
        } catch (Exception e) {
            worker.close();
            throw e;
        }
    }

    private void consume(Channel channel, int atOnce) throws IOException {
        channel.basicQos(atOnce);
        channel.basicConsume(queue.name(), false, (tag, message) -> acknowledge(channel, message), tag -> {});
    }

    /** The client does not hear whether the acknowledgement arrived. */
    private void acknowledge(Channel channel, Delivery message) throws IOException {
        channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
        underWay.completed(message.getBody());
    }

    @Override
    public CompletionStage<byte[]> call(byte[] request) {
        return underWay.submit(request, queue::publish);
    }

    @Override
    public void close() throws IOException {
        try (queue) {
            worker.close();
        }
    }
}
