package io.coordinator.benchmarks.systems;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;

/** Where the nodes are, and connections to them. */
final class RabbitMqNodes implements AutoCloseable {
    private static final String PROBE = "probe";

    private final List<ConnectionFactory> factories;
    /** Runs the consumers of all connections, each channel's one at a time. */
    private final ExecutorService consumers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "rabbitmq-consumer");
        thread.setDaemon(true);
        return thread;
    });

    /** Connects to nothing yet. */
    RabbitMqNodes(List<String> addresses) {
        factories = addresses.stream().map(this::factory).toList();
    }

    private ConnectionFactory factory(String address) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.substring(0, address.indexOf(':')));
        factory.setPort(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setSharedExecutor(consumers);
        return factory;
    }

    /** A connection to one of the nodes; these take turns. */
    Connection connect(int number) throws IOException, TimeoutException {
        return factories.get(number % factories.size()).newConnection();
    }

    /**
     * Proves that all nodes run and are one cluster: what one of them declares the others know.
     *
     * @throws IOException if that is not so
     */
    boolean requireOneCluster() throws IOException, TimeoutException {
        try (Connection first = connect(0)) {
            Channel channel = first.createChannel();
            channel.queueDeclare(PROBE, true, false, false, null);
            for (int i = 1; i < factories.size(); i++) {
                try (Connection other = connect(i)) {
                    other.createChannel().queueDeclarePassive(PROBE);
                }
            }
            channel.queueDelete(PROBE);
            return true;
        }
    }

    @Override
    public void close() {
        consumers.shutdownNow();
    }
}
