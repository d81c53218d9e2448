package io.coordinator.client.internal.net;

import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ServerFrame;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.util.NetUtil;
import io.grpc.protobuf.ProtoUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * gRPC over Netty. Each node has a channel of its own that is dropped when it fails, since a channel's own reconnect
 * backoff grows to minutes and is not the session's.
 */
public final class GrpcTransport implements Transport {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<Error> REFUSAL = ProtoUtils.keyForProto(Error.getDefaultInstance());
    private static final int MESSAGE_BYTES_MAX = 64 << 20;
    private static final int WINDOW_BYTES = 4 << 20;

    private final NettyLoop loop;
    private final Duration connectTimeout;
    private final @Nullable String authToken;
    private final UnaryOperator<String> addressTranslator;
    private final Names names;
    private final Map<String, ManagedChannel> channels = new HashMap<>();

    public GrpcTransport(
            NettyLoop loop,
            Duration connectTimeout,
            Optional<String> authToken,
            UnaryOperator<String> addressTranslator,
            Names names) {
        this.names = names;
        this.loop = loop;
        this.connectTimeout = connectTimeout;
        this.authToken = authToken.orElse(null);
        this.addressTranslator = addressTranslator;
    }

    @Override
    public Link open(String endpoint, LinkListener listener) {
        ManagedChannel channel = channels.computeIfAbsent(endpoint, this::connect);
        GrpcLink link =
                new GrpcLink(channel.newCall(CoordinatorServiceGrpc.getSessionMethod(), CallOptions.DEFAULT), listener);
        link.start(headers());
        return link;
    }

    @Override
    public void disconnect(String endpoint) {
        ManagedChannel channel = channels.remove(endpoint);
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    @Override
    public void keepOnly(String endpoint) {
        channels.entrySet().removeIf(entry -> {
            boolean other = !entry.getKey().equals(endpoint);
            if (other) {
                entry.getValue().shutdownNow();
            }
            return other;
        });
    }

    @Override
    public boolean isKnown(String endpoint) {
        return names.isKnown(addressTranslator.apply(endpoint));
    }

    /** Both as they are and as they are translated: the former are what {@link #expand} asks for. */
    @Override
    public void lookUp(Collection<String> endpoints, Runnable news) {
        Set<String> hosts = new LinkedHashSet<>();
        for (String endpoint : endpoints) {
            Stream.of(endpoint, addressTranslator.apply(endpoint))
                    .filter(Names::isName)
                    .map(Names::host)
                    .forEach(hosts::add);
        }
        hosts.forEach(host -> names.lookUp(host, () -> loop.execute(news)));
    }

    @Override
    public List<String> expand(List<String> endpoints) {
        return names.expand(endpoints);
    }

    @Override
    public <Q, A> CompletableFuture<A> ask(
            String endpoint, MethodDescriptor<Q, A> method, Q request, long timeoutNanos) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        loop.run(() -> {
            ManagedChannel channel = connect(endpoint);
            ClientCall<Q, A> call =
                    channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS));
            call.start(
                    new ClientCall.Listener<A>() {
                        @Override
                        public void onMessage(A message) {
                            loop.run(() -> answer.complete(message));
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            loop.run(() -> {
                                answer.completeExceptionally(failure(status, trailers));
                                channel.shutdownNow();
                            });
                        }
                    },
                    headers());
            call.request(2);
            call.sendMessage(request);
            call.halfClose();
        });
        return answer;
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        channels.clear();
    }

    /** A node that refuses a call says why in the trailers. */
    private static Exception failure(Status status, Metadata trailers) {
        Error refusal = trailers.get(REFUSAL);
        return refusal == null ? new StatusException(status) : Errors.of(refusal);
    }

    private Metadata headers() {
        Metadata headers = new Metadata();
        if (authToken != null) {
            headers.put(AUTHORIZATION, "Bearer " + authToken);
        }
        return headers;
    }

    private ManagedChannel connect(String endpoint) {
        return builder(addressTranslator.apply(endpoint))
                .usePlaintext()
                .directExecutor()
                .eventLoopGroup(loop.group())
                .channelType(loop.channelType())
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(Times.millis(connectTimeout), Integer.MAX_VALUE))
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .disableRetry()
                // A cluster is reached directly, whatever proxy the environment names for the web.
                .proxyDetector(target -> null)
                .build();
    }

    /** An address needs no name service, and what a name stood for before must do until that has answered. */
    @SuppressWarnings("deprecation") // the replacement would make this client's names known to the whole process
    private NettyChannelBuilder builder(String endpoint) {
        String host = Names.host(endpoint);
        int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return NettyChannelBuilder.forTarget(HostResolver.TARGET)
                    .nameResolverFactory(new HostResolver(loop, names, host, port).factory());
        }
        try {
            return NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getByAddress(address), port));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of a legal length", e);
        }
    }

    /** One call of the Session method. gRPC may call back on other threads while a channel connects. */
    private final class GrpcLink extends ClientCall.Listener<ServerFrame> implements Link {
        private final ClientCall<ClientFrame, ServerFrame> call;
        private final LinkListener listener;
        private boolean closed;

        GrpcLink(ClientCall<ClientFrame, ServerFrame> call, LinkListener listener) {
            this.call = call;
            this.listener = listener;
        }

        void start(Metadata headers) {
            call.start(this, headers);
            // The session never stops reading; what could pile up (watches) is bounded elsewhere.
            call.request(Integer.MAX_VALUE);
        }

        @Override
        public void send(ClientFrame frame) {
            if (!closed) {
                call.sendMessage(frame);
            }
        }

        @Override
        public boolean isReady() {
            return !closed && call.isReady();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                call.cancel("closed by the client", null);
            }
        }

        @Override
        public void onMessage(ServerFrame message) {
            tell(() -> listener.onFrame(message));
        }

        @Override
        public void onReady() {
            tell(listener::onReady);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            tell(() -> {
                closed = true;
                listener.onClosed(describe(status));
            });
        }

        private void tell(Runnable news) {
            loop.run(() -> {
                if (!closed) {
                    news.run();
                }
            });
        }
    }

    private static String describe(Status status) {
        String text = status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
        Throwable cause = status.getCause();
        return cause == null || cause.getMessage() == null ? text : text + " (" + cause.getMessage() + ")";
    }
}
