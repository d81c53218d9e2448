package io.coordinator.server.net;

import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.server.call.CallExchange;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.session.SessionGateway;
import io.coordinator.server.topic.TopicExchange;
import io.coordinator.state.MessageGate;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port that clients connect to. */
public final class ClientListener implements AutoCloseable {
    /** Also what a client can send on a connection that is not read. */
    private static final int FLOW_CONTROL_WINDOW = 1 << 20;
    /** Room for a frame of several commands around the largest single one. */
    private static final int FRAME_FACTOR = 4;

    private static final int CALLS_PER_CONNECTION = 1_024;
    /** Calls that a connection may take back, in so many seconds; each costs the node more than the client. */
    private static final int RESETS_MAX = 1_000;

    private static final int RESETS_SECONDS = 10;
    /** From the connection to the end of HTTP/2's greeting. */
    private static final long HANDSHAKE_SECONDS = 10;
    /** A connection without any call for so long ends. */
    private static final long IDLE_SECONDS = 60;

    /** How often calls are looked at whose clients do not keep up. */
    private static final long SWEEP_MILLIS = 250;

    private static final long GRACE_MILLIS = 500;
    private static final long ABORT_MILLIS = 5_000;
    private static final DecompressorRegistry UNCOMPRESSED =
            DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);
    private static final Logger LOG = LoggerFactory.getLogger(ClientListener.class);

    private final Server server;
    private final HostPort address;
    private final EventLoops loops;
    private final ConnectionGate connections;

    private ClientListener(Server server, HostPort address, EventLoops loops, ConnectionGate connections) {
        this.server = server;
        this.address = address;
        this.loops = loops;
        this.connections = connections;
    }

    /**
     * Binds the port and serves.
     *
     * @param settings a command above their limit and below that of frames is answered ETOOLARGE, a frame above that
     *     ends its stream
     * @throws IOException if the port cannot be bound
     */
    public static ClientListener start(
            HostPort bind,
            SessionGateway gateway,
            TopicExchange topics,
            CallExchange rpc,
            NodeControl control,
            ListenerSettings settings)
            throws IOException {
        ConnectionGate connections = new ConnectionGate(settings.connectionsMax(), settings.connectionsPerAddressMax());
        EventLoops loops = new EventLoops();
        int frameBytesMax = FRAME_FACTOR * settings.limits().requestBytesMax();
        InboundMeter.Accounts accounts = InboundMeter.Accounts.of(settings.inboundBytesMax(), frameBytesMax);
        OpenCalls calls = new OpenCalls(settings.callsMax(), gateway.outgoing());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(bind.host(), bind.port()));
        MessageGate gate = new MessageGate(settings.limits());
        loops.serve(builder, connections)
                .addService(new ClientService(gateway, topics, rpc, control, gate, loops).definition())
                .intercept(new CallGate(connections, settings.token(), settings.members(), calls))
                // Nothing behind it blocks, so the event loop may run it: no hand-over between threads.
                .directExecutor()
                .maxInboundMessageSize(frameBytesMax)
                .addStreamTracerFactory(meters(accounts, settings.limits().requestBytesMax()))
                // What is compressed could become a thousand times as large.
                .decompressorRegistry(UNCOMPRESSED)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .maxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS);
        try {
            Server server = builder.build().start();
            loops.every(SWEEP_MILLIS, () -> calls.sweep(System.nanoTime()));
            loops.every(SWEEP_MILLIS, () -> topics.sweep(System.nanoTime()));
            loops.every(SWEEP_MILLIS, () -> rpc.sweep(System.nanoTime()));
            return new ClientListener(server, bind.withPort(server.getPort()), loops, connections);
        } catch (IOException e) {
            loops.close();
            throw e;
        }
    }

    private static ServerStreamTracer.Factory meters(InboundMeter.Accounts accounts, long callBytesMax) {
        Set<String> streams = Set.of(
                CoordinatorServiceGrpc.getSessionMethod().getFullMethodName(),
                CoordinatorServiceGrpc.getTopicsMethod().getFullMethodName(),
                CoordinatorServiceGrpc.getCallsMethod().getFullMethodName());
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                return streams.contains(method)
                        ? InboundMeter.ofStream(accounts)
                        : InboundMeter.ofCall(accounts, callBytesMax);
            }
        };
    }

    /** Where it listens, with the port that was chosen. */
    public HostPort address() {
        return address;
    }

    /** For how long the slowest of the threads that hear clients has been held up, in nanoseconds. */
    public long heldUpNanos() {
        return loops.heldUpNanos();
    }

    /** Connections open now. */
    public int connections() {
        return connections.open();
    }

    /** Connections that were too many. */
    public long connectionsRefused() {
        return connections.refusals();
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
        loops.close();
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
