package io.coordinator.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.server.config.HostPort;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Silent and slow connections hold up no probe. */
@Feature("C-10")
class SlowConnectionsTest {
    private static final String REQUEST = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    /** More than the buffers of a connection hold. */
    private static final String METRICS = "# a comment\n".repeat(700_000);

    private final HealthChecks healthy = new HealthChecks() {
        @Override
        public Health startup() {
            return new Health(true, "up");
        }

        @Override
        public Health ready() {
            return new Health(false, "a \"reason\"");
        }

        @Override
        public Health live() {
            return new Health(true, "up");
        }
    };
    private final HttpClient http = HttpClient.newHttpClient();

    private HttpEndpoint start() throws IOException {
        return HttpEndpoint.start(new HostPort("127.0.0.1", 0), healthy, () -> METRICS);
    }

    private static Socket connect(HttpEndpoint endpoint) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(
                endpoint.address().host(), endpoint.address().port()));
        return socket;
    }

    private HttpResponse<String> get(HttpEndpoint endpoint, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + endpoint.address() + path))
                        .timeout(Duration.ofSeconds(3))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void probesAreAnsweredAmongHundredsOfThem() throws Exception {
        List<Socket> silent = new ArrayList<>();
        List<Socket> slow = new ArrayList<>();
        List<Socket> deaf = new ArrayList<>();
        try (HttpEndpoint endpoint = start()) {
            for (int i = 0; i < 50; i++) {
                deaf.add(connect(endpoint));
                deaf.get(i).getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                slow.add(connect(endpoint));
            }
            for (int i = 0; i < 200; i++) {
                silent.add(connect(endpoint));
            }
            for (int round = 0; round < 8; round++) {
                char next = REQUEST.charAt(round);
                slow.forEach(socket -> write(socket, next));
                assertThat(get(endpoint, "/live").statusCode()).isEqualTo(200);
                assertThat(threads()).isLessThanOrEqualTo(2);
                // The pace of the slow ones, not a wait for anything.
                Thread.sleep(1_000);
            }
            for (List<Socket> group : List.of(silent, slow, deaf)) {
                for (Socket socket : group) {
                    await().pollDelay(Duration.ZERO)
                            .atMost(Duration.ofSeconds(20))
                            .until(() -> hasEnded(socket));
                }
            }
        } finally {
            for (List<Socket> group : List.of(silent, slow, deaf)) {
                for (Socket socket : group) {
                    socket.close();
                }
            }
        }
    }

    /** The connection may have been closed meanwhile. */
    private static void write(Socket socket, char next) {
        try {
            socket.getOutputStream().write(next);
        } catch (IOException e) {
            assertThat(e).isInstanceOf(SocketException.class);
        }
    }

    private static boolean hasEnded(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = socket.getInputStream();
            while (in.read(buffer) >= 0) {
                assertThat(socket.isConnected()).isTrue();
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("coordinator-(http|metrics).*"))
                .filter(Thread::isAlive)
                .count();
    }

    @Test
    void pagesAreServedAndOthersAreNot() throws Exception {
        try (HttpEndpoint endpoint = start()) {
            assertThat(get(endpoint, "/live").body()).isEqualTo("{\"ok\":true,\"reason\":\"up\"}\n");
            assertThat(get(endpoint, "/live?probe=1").statusCode()).isEqualTo(200);
            assertThat(get(endpoint, "/ready").statusCode()).isEqualTo(503);
            assertThat(get(endpoint, "/ready").body()).contains("a \\\"reason\\\"");
            assertThat(get(endpoint, "/metrics").body()).isEqualTo(METRICS);
            assertThat(get(endpoint, "/other").statusCode()).isEqualTo(404);
            assertThat(http.send(
                                    HttpRequest.newBuilder(URI.create("http://" + endpoint.address() + "/live"))
                                            .POST(HttpRequest.BodyPublishers.ofString("x"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void aRequestThatIsTooLargeIsNone() throws Exception {
        try (HttpEndpoint endpoint = start();
                Socket socket = connect(endpoint)) {
            String header = "GET /live HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n";
            socket.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(10_000);
            byte[] answer = socket.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
    }
}
