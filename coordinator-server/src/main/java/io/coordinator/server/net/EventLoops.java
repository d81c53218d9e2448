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
import java.util.concurrent.TimeUnit;

/** The threads of the client port: one that accepts, and those that serve. */
final class EventLoops implements AutoCloseable {
    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final ChannelFactory<ServerChannel> channels;

    @SuppressWarnings("deprecation") // the replacement of these groups is not in the Netty that gRPC shades
    EventLoops() {
        DefaultThreadFactory acceptorThreads = new DefaultThreadFactory("coordinator-accept", true);
        DefaultThreadFactory workerThreads = new DefaultThreadFactory("coordinator-net", true);
        if (Epoll.isAvailable()) {
            acceptor = new EpollEventLoopGroup(1, acceptorThreads);
            workers = new EpollEventLoopGroup(0, workerThreads);
            channels = EpollServerSocketChannel::new;
        } else {
            acceptor = new NioEventLoopGroup(1, acceptorThreads);
            workers = new NioEventLoopGroup(0, workerThreads);
            channels = NioServerSocketChannel::new;
        }
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

    @Override
    public void close() {
        stop(acceptor);
        stop(workers);
    }

    private static void stop(EventLoopGroup group) {
        var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
