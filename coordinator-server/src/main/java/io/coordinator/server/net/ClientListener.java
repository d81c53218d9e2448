package io.coordinator.server.net;

import io.coordinator.server.config.HostPort;
import io.coordinator.server.session.SessionGateway;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port that clients connect to. */
public final class ClientListener implements AutoCloseable {
    private static final int FLOW_CONTROL_WINDOW = 4 << 20;
    /** Room for a frame of several commands around the largest single one. */
    private static final int FRAME_FACTOR = 4;

    private static final int CALLS_PER_CONNECTION = 1_024;
    private static final long GRACE_MILLIS = 500;
    private static final long ABORT_MILLIS = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(ClientListener.class);

    private final Server server;
    private final EventLoops loops;
    private final HostPort address;

    private ClientListener(Server server, EventLoops loops, HostPort address) {
        this.server = server;
        this.loops = loops;
        this.address = address;
    }

    /**
     * Binds the port and serves.
     *
     * @param requestBytesMax the largest command; a larger one up to the frame limit is answered ETOOLARGE, a frame
     *     above that ends its stream
     * @throws IOException if the port cannot be bound
     */
    public static ClientListener start(HostPort bind, SessionGateway gateway, NodeControl control, int requestBytesMax)
            throws IOException {
        EventLoops loops = new EventLoops();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(bind.host(), bind.port()))
                .addService(new ClientService(gateway, control).definition())
                // Nothing behind it blocks, so the event loop may run it: no hand-over between threads.
                .directExecutor()
                .channelType(loops.channelType())
                .bossEventLoopGroup(loops.acceptor())
                .workerEventLoopGroup(loops.workers())
                .maxInboundMessageSize(FRAME_FACTOR * requestBytesMax)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            loops.close();
            throw e;
        }
        return new ClientListener(server, loops, bind.withPort(server.getPort()));
    }

    /** Where it listens, with the port that was chosen. */
    public HostPort address() {
        return address;
    }

    /** For how long the slowest of the threads that hear clients has been held up, in nanoseconds. */
    public long heldUpNanos() {
        return loops.heldUpNanos();
    }

    /** Lets streams that are ending end, then cuts the rest. */
    @Override
    public void close() {
        server.shutdown();
        if (!awaitEnd(GRACE_MILLIS)) {
            abort();
        }
        loops.close();
    }

    /** Cuts all connections at once. */
    public void abort() {
        server.shutdownNow();
        if (!awaitEnd(ABORT_MILLIS)) {
            LOG.warn("client connections did not end in time");
        }
    }

    private boolean awaitEnd(long millis) {
        try {
            return server.awaitTermination(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
