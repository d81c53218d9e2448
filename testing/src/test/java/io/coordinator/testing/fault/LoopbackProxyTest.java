package io.coordinator.testing.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.testing.ports.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopbackProxyTest {
    private static final int SHORT_MILLIS = 200;

    private final String target = FreePorts.address();
    private final LoopbackProxy proxy = LoopbackProxy.start("test", target);
    private ServerSocket listener = open();

    @BeforeEach
    void listenerIsOpen() {
        assertThat(listener.isBound()).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        listener.close();
    }

    @Test
    void bytesPassBothWays() throws IOException {
        try (Socket client = connect();
                Socket server = listener.accept()) {
            send(client, 1, 2, 3);
            assertThat(read(server, 3)).containsExactly(1, 2, 3);
            send(server, 4);
            assertThat(read(client, 1)).containsExactly(4);
        }
        // Counted after they were passed on, so perhaps after they were read.
        await().untilAsserted(
                        () -> assertThat(proxy.forwarded(Direction.TO_SERVER)).isEqualTo(3));
        await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
    }

    @Test
    void aStallHoldsBytesAndHealLetsThemGo() throws IOException {
        try (Socket client = connect();
                Socket server = listener.accept()) {
            proxy.stall();
            send(client, 1);
            assertSilent(server);
            proxy.heal();
            assertThat(read(server, 1)).containsExactly(1);
        }
    }

    @Test
    void aStallCanBeOneWay() throws IOException {
        try (Socket client = connect();
                Socket server = listener.accept()) {
            proxy.stall(Direction.TO_CLIENT);
            send(client, 1);
            assertThat(read(server, 1)).containsExactly(1);
            send(server, 2);
            assertSilent(client);
        }
    }

    @Test
    void aDroppedReplyIsLostAndItsConnectionEndsAtHeal() throws IOException {
        try (Socket client = connect();
                Socket server = listener.accept()) {
            proxy.drop(Direction.TO_CLIENT);
            send(client, 1);
            assertThat(read(server, 1)).containsExactly(1);
            send(server, 2);
            assertSilent(client);
            proxy.heal();
            assertEnds(client);
        }
    }

    @Test
    void aCutEndsConnectionsAndRefusesNewOnesUntilHealed() throws IOException {
        try (Socket client = connect();
                Socket server = listener.accept()) {
            proxy.cut();
            assertEnds(client);
            assertEnds(server);
        }
        assertThatThrownBy(() -> {
                    try (Socket refused = connect()) {
                        if (refused.getInputStream().read() < 0) {
                            throw new SocketException("ended");
                        }
                    }
                })
                .isInstanceOf(SocketException.class);
        proxy.heal();
        bytesPassBothWays();
    }

    @Test
    void aDelayDelays() throws IOException {
        try (Socket client = connect();
                Socket server = listener.accept()) {
            proxy.delay(Duration.ofMillis(SHORT_MILLIS));
            long start = System.nanoTime();
            send(client, 1);
            assertThat(read(server, 1)).containsExactly(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(SHORT_MILLIS));
        }
    }

    @Test
    void theTargetMayComeBack() throws IOException {
        listener.close();
        try (Socket client = connect()) {
            assertEnds(client);
        }
        listener = open();
        bytesPassBothWays();
    }

    private ServerSocket open() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(target)));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port(proxy.address()));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static void send(Socket socket, int... bytes) throws IOException {
        for (int b : bytes) {
            socket.getOutputStream().write(b);
        }
    }

    private static byte[] read(Socket socket, int length) throws IOException {
        socket.setSoTimeout(5_000);
        return socket.getInputStream().readNBytes(length);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SHORT_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    private static void assertEnds(Socket socket) throws IOException {
        socket.setSoTimeout(5_000);
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (SocketException e) {
            assertThat(e).as("a reset ends it just as well").isNotNull();
        }
    }
}
