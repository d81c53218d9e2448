package io.coordinator.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Loopback ports that nothing listens on at this moment. They lie below the ranges from which systems number outgoing
 * connections, so that none of these takes one before its server does.
 */
final class DemoPorts {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    private DemoPorts() {}

    /** That many different ones. */
    static List<Integer> find(int count, Random random) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int attempt = 0; held.size() < count; attempt++) {
                if (attempt == 1_000) {
                    throw new IOException("no " + count + " free loopback ports between " + LOWEST + " and " + HIGHEST);
                }
                tryBind(LOWEST + random.nextInt(HIGHEST - LOWEST), held);
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static void tryBind(int port, List<ServerSocket> held) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            held.add(socket);
        } catch (IOException taken) {
            socket.close();
        }
    }
}
