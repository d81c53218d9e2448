package io.coordinator.server.net;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that hear clients and write to them, each with a heart that beats while it is not held up. */
final class EventLoops implements AutoCloseable {
    private static final long BEAT_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final ChannelFactory<ServerChannel> channels;
    private final List<Heart> hearts = new ArrayList<>();
    private final Map<EventExecutor, LoopTurns> turns = new HashMap<>();

    @SuppressWarnings("deprecation") // the replacement of these groups is not in the Netty that gRPC shades
    EventLoops() {
        ThreadFactory acceptorThreads = new DefaultThreadFactory("coordinator-accept", true);
        ThreadFactory workerThreads = new DefaultThreadFactory("coordinator-clients", true);
        if (Epoll.isAvailable()) {
            acceptor = new EpollEventLoopGroup(1, acceptorThreads);
            workers = new EpollEventLoopGroup(0, workerThreads);
            channels = EpollServerSocketChannel::new;
        } else {
            acceptor = new NioEventLoopGroup(1, acceptorThreads);
            workers = new NioEventLoopGroup(0, workerThreads);
            channels = NioServerSocketChannel::new;
        }
        acceptor.forEach(this::beat);
        workers.forEach(this::beat);
        workers.forEach(loop -> turns.put(loop, new LoopTurns(loop)));
    }

    private void beat(EventExecutor loop) {
        Heart heart = new Heart();
        hearts.add(heart);
        var unused = loop.scheduleWithFixedDelay(heart, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Every connection passes the gate before it is served. */
    NettyServerBuilder serve(NettyServerBuilder builder, ConnectionGate gate) {
        return builder.bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(workers)
                .channelFactory(() -> {
                    ServerChannel channel = channels.newChannel();
                    channel.pipeline().addLast(gate);
                    return channel;
                });
    }

    /**
     * Later turns of the thread that calls this, to be used by itself only.
     *
     * @throws IllegalStateException if it serves no clients
     */
    Executor laterTurns() {
        return own().getValue();
    }

    /**
     * The thread that calls this, for work that comes from others.
     *
     * @throws IllegalStateException if it serves no clients
     */
    Executor ownThread() {
        return own().getKey();
    }

    private Map.Entry<EventExecutor, LoopTurns> own() {
        return turns.entrySet().stream()
                .filter(each -> each.getKey().inEventLoop())
                .findAny()
                .orElseThrow(() -> new IllegalStateException("not a thread that serves clients"));
    }

    /** Does something short from time to time, on a thread that serves no connection. */
    void every(long millis, Runnable work) {
        Runnable surviving = () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.warn("a look at the calls of clients failed; the next goes on", e);
            }
        };
        var unused = acceptor.scheduleWithFixedDelay(surviving, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** For how long the slowest of the threads has been held up. */
    long heldUpNanos() {
        long now = System.nanoTime();
        long oldest =
                hearts.stream().mapToLong(heart -> now - heart.beatNanos).max().orElse(0);
        return Math.max(0, oldest - TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS));
    }

    @Override
    public void close() {
        for (EventLoopGroup group : List.of(acceptor, workers)) {
            var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static final class Heart implements Runnable {
        private volatile long beatNanos = System.nanoTime();

        @Override
        public void run() {
            beatNanos = System.nanoTime();
        }
    }
}
