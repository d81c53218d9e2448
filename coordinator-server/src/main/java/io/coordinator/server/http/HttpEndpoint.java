package io.coordinator.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.coordinator.server.config.HostPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Probes and metrics: {@code /startup}, {@code /ready}, {@code /live}, {@code /metrics}. */
public final class HttpEndpoint implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor;
    private final HostPort address;

    private HttpEndpoint(HttpServer server, ExecutorService executor, HostPort address) {
        this.server = server;
        this.executor = executor;
        this.address = address;
    }

    /**
     * Binds the port and serves.
     *
     * @param metrics in Prometheus' text format
     * @throws IOException if the port cannot be bound
     */
    public static HttpEndpoint start(HostPort bind, HealthChecks checks, Supplier<String> metrics) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(bind.host(), bind.port()), 16);
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "coordinator-http");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(executor);
        server.createContext("/startup", exchange -> probe(exchange, checks.startup()));
        server.createContext("/ready", exchange -> probe(exchange, checks.ready()));
        server.createContext("/live", exchange -> probe(exchange, checks.live()));
        server.createContext(
                "/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()));
        server.start();
        return new HttpEndpoint(
                server, executor, bind.withPort(server.getAddress().getPort()));
    }

    public HostPort address() {
        return address;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private static void probe(HttpExchange exchange, Health health) throws IOException {
        String body = "{\"ok\":" + health.ok() + ",\"reason\":\"" + escape(health.reason()) + "\"}\n";
        send(exchange, health.ok() ? 200 : 503, "application/json; charset=utf-8", body);
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
    }
}
