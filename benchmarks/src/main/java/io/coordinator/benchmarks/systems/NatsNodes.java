package io.coordinator.benchmarks.systems;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Options;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** Where the nodes are, connections to them, and streams on all of them. */
final class NatsNodes {
    private static final String PROBE = "probe";
    private static final int CONNECT_MILLIS = 1_000;

    private final List<String> addresses;

    NatsNodes(List<String> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    /** A connection to one of the nodes, and no other; these take turns. */
    Connection connect(int number) throws IOException, InterruptedException {
        Options options = new Options.Builder()
                .server("nats://" + addresses.get(number % addresses.size()))
                .noRandomize()
                .ignoreDiscoveredServers()
                .noReconnect()
                .build();
        return io.nats.client.Nats.connect(options);
    }

    /** Makes a stream of three replicas on file; its name is also the subject that it keeps. */
    static void addStream(Connection connection, String name) throws IOException, JetStreamApiException {
        connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(name)
                        .subjects(name)
                        .storageType(StorageType.File)
                        .replicas(LoopbackCluster.NODES.size())
                        .build());
    }

    /**
     * Proves that there can be streams of three replicas.
     *
     * @throws IOException if a node does not answer
     * @throws JetStreamApiException if they have not found each other yet
     */
    boolean requireStreams() throws IOException, InterruptedException, JetStreamApiException {
        for (String address : addresses) {
            requireListening(address);
        }
        for (int i = 0; i < addresses.size(); i++) {
            try (Connection connection = connect(i)) {
                addStream(connection, PROBE);
                connection.jetStreamManagement().deleteStream(PROBE);
            }
        }
        return true;
    }

    /** The client would log every connection that a starting server refuses. */
    private static void requireListening(String address) throws IOException {
        int colon = address.indexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    CONNECT_MILLIS);
        }
    }
}
