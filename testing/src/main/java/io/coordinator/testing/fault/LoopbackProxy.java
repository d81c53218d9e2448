package io.coordinator.testing.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP proxy on a loopback port of its own, through which one side reaches the other while a test decides what passes.
 *
 * <p>{@link #stall} holds bytes back and keeps connections open, as a network does that loses every packet: bytes flow
 * again after {@link #heal}, late but in order. {@link #drop} loses bytes for good, so the connections that lost some
 * are closed by {@code heal}. {@link #cut} closes connections and refuses new ones until {@code heal}. The target may
 * come and go behind the proxy. Thread-safe; its threads are daemons.
 */
public final class LoopbackProxy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LoopbackProxy.class);
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final String name;
    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Map<Direction, OneWay> lanes = new EnumMap<>(Direction.class);
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;

    private LoopbackProxy(String name, InetSocketAddress target) throws IOException {
        this.name = name;
        this.target = target;
        this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        for (Direction direction : Direction.values()) {
            lanes.put(direction, new OneWay());
        }
    }

    /**
     * Starts a proxy.
     *
     * @param name for thread names and messages
     * @param target {@code host:port}; need not be listening yet
     */
    public static LoopbackProxy start(String name, String target) {
        int colon = target.lastIndexOf(':');
        try {
            LoopbackProxy proxy = new LoopbackProxy(
                    name,
                    new InetSocketAddress(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1))));
            daemon("proxy-" + name, proxy::accept).start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("no loopback port for proxy " + name, e);
        }
    }

    /** Where to connect instead of the target, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Holds back bytes both ways. */
    public void stall() {
        lanes.values().forEach(OneWay::stall);
    }

    /** Holds back bytes one way. */
    public void stall(Direction direction) {
        lane(direction).stall();
    }

    /** Loses bytes one way. */
    public void drop(Direction direction) {
        lane(direction).drop();
    }

    /** Holds each chunk of bytes back for {@code delay}, both ways. */
    public void delay(Duration delay) {
        lanes.values().forEach(lane -> lane.delay(delay));
    }

    /** Closes every connection and refuses new ones. */
    public void cut() {
        refusing = true;
        reset();
    }

    /** Closes every connection; new ones are welcome. */
    public void reset() {
        connections.forEach(ProxiedConnection::close);
    }

    /** Ends all faults. Connections that lost bytes are closed. */
    public void heal() {
        connections.stream().filter(ProxiedConnection::lostBytes).forEach(ProxiedConnection::close);
        refusing = false;
        lanes.values().forEach(OneWay::open);
    }

    /** How many bytes have passed one way since the start. */
    public long forwarded(Direction direction) {
        return lane(direction).forwarded();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        refusing = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("proxy " + name + " cannot close its port", e);
        } finally {
            lanes.values().forEach(OneWay::close);
            reset();
        }
    }

    @Override
    public String toString() {
        return name + " " + address() + "->" + target.getHostString() + ":" + target.getPort();
    }

    OneWay lane(Direction direction) {
        OneWay lane = lanes.get(direction);
        if (lane == null) {
            throw new IllegalStateException("no lane " + direction);
        }
        return lane;
    }

    static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                welcome(listener.accept());
            } catch (IOException e) {
                // Closed; or a client that went away before it was accepted, which concerns nobody.
                log.debug("{}: nothing accepted: {}", this, e.toString());
            }
        }
    }

    private void welcome(Socket client) {
        if (refusing) {
            Sockets.abort(client);
            return;
        }
        // Connecting may take its time, and must not keep others waiting.
        daemon("proxy-" + name + "-connect", () -> connect(client)).start();
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(target, CONNECT_TIMEOUT_MILLIS);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException e) {
            // To the client this looks as if the target itself had refused.
            Sockets.abort(client);
            Sockets.abort(server);
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(this, client, server, connections::remove);
        connections.add(connection);
        connection.start(name);
        if (refusing) {
            connection.close();
        }
    }
}
