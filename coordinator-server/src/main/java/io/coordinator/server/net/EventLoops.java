package io.coordinator.server.net;

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
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads that hear clients and write to them, each with a heart that beats while it is not held up. */
final class EventLoops implements AutoCloseable {
    private static final long BEAT_MILLIS = 100;

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final Class<? extends ServerChannel> channelType;
    private final List<Heart> hearts = new ArrayList<>();

    @SuppressWarnings("deprecation") // the replacement of these groups is not in the Netty that gRPC shades
    EventLoops() {
        ThreadFactory factory = new DefaultThreadFactory("coordinator-clients", true);
        if (Epoll.isAvailable()) {
            acceptor = new EpollEventLoopGroup(1, factory);
            workers = new EpollEventLoopGroup(0, factory);
            channelType = EpollServerSocketChannel.class;
        } else {
            acceptor = new NioEventLoopGroup(1, factory);
            workers = new NioEventLoopGroup(0, factory);
            channelType = NioServerSocketChannel.class;
        }
        acceptor.forEach(this::beat);
        workers.forEach(this::beat);
    }

    private void beat(EventExecutor loop) {
        Heart heart = new Heart();
        hearts.add(heart);
        var unused = loop.scheduleWithFixedDelay(heart, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    EventLoopGroup acceptor() {
        return acceptor;
    }

    EventLoopGroup workers() {
        return workers;
    }

    Class<? extends ServerChannel> channelType() {
        return channelType;
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
