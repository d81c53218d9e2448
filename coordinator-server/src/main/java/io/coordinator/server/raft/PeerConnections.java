package io.coordinator.server.raft;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.ServerChannel;
import org.apache.ratis.thirdparty.io.netty.channel.epoll.Epoll;
import org.apache.ratis.thirdparty.io.netty.channel.epoll.EpollEventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.epoll.EpollServerSocketChannel;
import org.apache.ratis.thirdparty.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The connections with the other members, so that they end when this node closes. Ratis 3.3.0 waits three seconds for
 * the calls of a leader to end by themselves, which they never do. And a server of gRPC forgets to close a connection
 * that came in while it was closing, waits for it, and goes on to answer there, as whom it was before a node that was
 * let in starts anew; it ends with the threads that serve it. Any thread may call.
 */
final class PeerConnections implements ClientInterceptor, AutoCloseable {
    private final Set<ClientCall<?, ?>> open = ConcurrentHashMap.newKeySet();
    private final EventLoopGroup threads;
    private final Class<? extends ServerChannel> channel;

    PeerConnections() {
        DefaultThreadFactory factory = new DefaultThreadFactory("coordinator-peers", true);
        int count = Runtime.getRuntime().availableProcessors();
        if (Epoll.isAvailable()) {
            threads = new EpollEventLoopGroup(count, factory);
            channel = EpollServerSocketChannel.class;
        } else {
            threads = new NioEventLoopGroup(count, factory);
            channel = NioServerSocketChannel.class;
        }
    }

    /** Has this port served by threads of its own. */
    void serve(NettyServerBuilder builder) {
        builder.bossEventLoopGroup(threads).workerEventLoopGroup(threads).channelType(channel);
    }

    @Override
    public void close() {
        // Those of now; a node that closes begins hardly any.
        open.forEach(call -> call.cancel("this node closes", null));
        var unused = threads.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new OpenCall<>(next.newCall(method, options));
    }

    private final class OpenCall<Q, A> extends ForwardingClientCall.SimpleForwardingClientCall<Q, A> {
        OpenCall(ClientCall<Q, A> call) {
            super(call);
        }

        @Override
        public void start(Listener<A> listener, Metadata headers) {
            open.add(this);
            super.start(
                    new ForwardingClientCallListener.SimpleForwardingClientCallListener<>(listener) {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            open.remove(OpenCall.this);
                            super.onClose(status, trailers);
                        }
                    },
                    headers);
        }
    }
}
