package io.coordinator.benchmarks.systems;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import io.coordinator.benchmarks.harness.MessageCaller;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A transient queue with a worker, and a caller who has the answers sent straight to its channel. */
final class RabbitMqCalls implements MessageCaller {
    private static final String REPLY_TO = "amq.rabbitmq.reply-to";
    private static final int PREFETCH = 256;

    private final Connection worker;
    private final Connection caller;
    private final Channel channel;
    private final String queue;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, CompletableFuture<byte[]>> unanswered = new ConcurrentHashMap<>();

    private RabbitMqCalls(Connection worker, Connection caller, Channel channel, String queue) {
        this.worker = worker;
        this.caller = caller;
        this.channel = channel;
        this.queue = queue;
    }

    static RabbitMqCalls open(RabbitMqNodes nodes) throws Exception {
        Connection worker = nodes.connect(0);
        try {
            String queue = serve(worker);
            Connection caller = nodes.connect(0);
            RabbitMqCalls calls = new RabbitMqCalls(worker, caller, caller.createChannel(), queue);
            calls.listen();
            return calls;
        } catch (Exception e) {
            worker.close();
            throw e;
        }
    }

    /** The queue that the worker works through. */
    private static String serve(Connection worker) throws IOException {
        Channel channel = worker.createChannel();
        String queue = channel.queueDeclare("", false, false, true, null).getQueue();
        channel.basicQos(PREFETCH);
        channel.basicConsume(queue, false, (tag, request) -> answer(channel, request), tag -> {});
        return queue;
    }

    private static void answer(Channel channel, Delivery request) throws IOException {
        BasicProperties asked = request.getProperties();
        BasicProperties properties = new BasicProperties.Builder()
                .correlationId(asked.getCorrelationId())
                .build();
        channel.basicPublish("", asked.getReplyTo(), properties, request.getBody());
        channel.basicAck(request.getEnvelope().getDeliveryTag(), false);
    }

    private void listen() throws IOException {
        channel.basicConsume(REPLY_TO, true, (tag, answer) -> answered(answer), tag -> {});
    }

    private void answered(Delivery answer) {
        CompletableFuture<byte[]> call =
                unanswered.remove(answer.getProperties().getCorrelationId());
        if (call != null) {
            call.complete(answer.getBody());
        }
    }

    @Override
    public CompletionStage<byte[]> call(byte[] request) {
        String number = Long.toString(numbers.incrementAndGet());
        BasicProperties properties = new BasicProperties.Builder()
                .correlationId(number)
                .replyTo(REPLY_TO)
                .build();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        unanswered.put(number, answer);
        synchronized (channel) {
            try {
                channel.basicPublish("", queue, properties, request);
            } catch (IOException e) {
                unanswered.remove(number);
                answer.completeExceptionally(e);
            }
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        try (worker) {
            caller.close();
        }
    }
}
