package io.coordinator.server.http;

import io.coordinator.server.config.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Probes and metrics: {@code /startup}, {@code /ready}, {@code /live}, {@code /metrics}.
 *
 * <p>One thread serves all connections and waits for none of them, so that silent and slow ones hold up nobody. Another
 * renders metrics, one scrape after the other.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final int LINE_BYTES_MAX = 2_048;
    private static final int HEADER_BYTES_MAX = 8_192;
    private static final int BACKLOG = 128;
    private static final int SCRAPES_WAITING_MAX = 16;

    private final EventLoopGroup loop;
    private final ThreadPoolExecutor scraper;
    private final Channel channel;
    private final HostPort address;

    private HttpEndpoint(EventLoopGroup loop, ThreadPoolExecutor scraper, Channel channel, HostPort address) {
        this.loop = loop;
        this.scraper = scraper;
        this.channel = channel;
        this.address = address;
    }

    /**
     * Binds the port and serves.
     *
     * @param metrics in Prometheus' text format
     * @throws IOException if the port cannot be bound
     */
    public static HttpEndpoint start(HostPort bind, HealthChecks checks, Supplier<String> metrics) throws IOException {
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, threads("coordinator-http"), NioIoHandler.newFactory());
        ThreadPoolExecutor scraper = new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(SCRAPES_WAITING_MAX),
                threads("coordinator-metrics"));
        ConnectionCap cap = new ConnectionCap();
        Pages pages = new Pages(checks, metrics, scraper);
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        cap.admit(connection);
                        connection
                                .pipeline()
                                .addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, HEADER_BYTES_MAX))
                                .addLast(new HttpExchange(pages));
                    }
                })
                .bind(new InetSocketAddress(bind.host(), bind.port()))
                .awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            stop(loop, scraper);
            throw new IOException(failure.getMessage(), failure);
        }
        Channel channel = bound.channel();
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        return new HttpEndpoint(loop, scraper, channel, bind.withPort(port));
    }

    public HostPort address() {
        return address;
    }

    @Override
    public void close() {
        var unused = channel.close().awaitUninterruptibly();
        stop(loop, scraper);
    }

    private static void stop(EventLoopGroup loop, ThreadPoolExecutor scraper) {
        scraper.shutdownNow();
        var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
