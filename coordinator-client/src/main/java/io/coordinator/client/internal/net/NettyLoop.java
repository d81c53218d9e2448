package io.coordinator.client.internal.net;

import io.coordinator.client.internal.async.Times;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A loop that is Netty's own event loop, so that a call needs no hand-off between the session and the transport, and
 * what is submitted while the loop is busy leaves in one frame.
 */
public final class NettyLoop implements Loop {
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Class<? extends Channel> channelType;

    @SuppressWarnings("deprecation") // the replacement of these groups is not in the Netty that gRPC shades
    public NettyLoop(ThreadFactory factory) {
        if (Epoll.isAvailable()) {
            group = new EpollEventLoopGroup(1, factory);
            channelType = EpollSocketChannel.class;
        } else {
            group = new NioEventLoopGroup(1, factory);
            channelType = NioSocketChannel.class;
        }
        loop = group.next();
    }

    EventLoopGroup group() {
        return group;
    }

    Class<? extends Channel> channelType() {
        return channelType;
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    @Override
    public boolean offer(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        try {
            Future<?> future =
                    loop.schedule(task, Math.max(0, Math.min(delayNanos, Times.NANOS_MAX)), TimeUnit.NANOSECONDS);
            return () -> {
                var unused = future.cancel(false);
            };
        } catch (RejectedExecutionException e) {
            return Timer.NONE;
        }
    }

    @Override
    public void close() {
        var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
