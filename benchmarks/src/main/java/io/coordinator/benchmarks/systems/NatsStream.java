package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageSink;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamOptions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** A stream of three replicas on file. */
final class NatsStream implements MessageSink {
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(30);

    private final Connection connection;
    private final JetStream publisher;
    private final String name;

    private NatsStream(Connection connection, JetStream publisher, String name) {
        this.connection = connection;
        this.publisher = publisher;
        this.name = name;
    }

    static NatsStream open(Connection connection) throws Exception {
        String name = "stream-" + UUID.randomUUID();
        NatsNodes.addStream(connection, name);
        JetStreamOptions options =
                JetStreamOptions.builder().requestTimeout(ACK_TIMEOUT).build();
        return new NatsStream(connection, connection.jetStream(options), name);
    }

    String name() {
        return name;
    }

    @Override
    public CompletionStage<?> publish(byte[] message) {
        return publisher.publishAsync(name, message);
    }

    @Override
    public void close() throws Exception {
        connection.jetStreamManagement().deleteStream(name);
    }
}
