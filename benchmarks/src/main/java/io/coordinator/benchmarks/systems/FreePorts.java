package io.coordinator.benchmarks.systems;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports that nobody listens on. */
final class FreePorts {
    /** Below the range from which outgoing connections take theirs, so that none is lost before a server binds it. */
    private static final int LOWEST = 15_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private FreePorts() {}

    static List<Integer> find(int count) throws IOException {
        Set<Integer> found = new LinkedHashSet<>();
        for (int attempt = 0; attempt < ATTEMPTS && found.size() < count; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                found.add(port);
            }
        }
        if (found.size() < count) {
            throw new IOException("found no " + count + " free ports between " + LOWEST + " and " + HIGHEST);
        }
        return List.copyOf(found);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
