package io.coordinator.client.internal.net;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.protocol.Error;
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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
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
    /** What a client that holds its topics still gets. */
    private static final int SIDE_WINDOW_BYTES = 1 << 20;

    private static final long PROBE_SECONDS = 10;

    private final NettyLoop loop;
    private final Duration connectTimeout;
    private final @Nullable String authToken;
    private final AddressTranslation translation;
    private final HostNames names;
    private final Map<Long, CompletableFuture<?>> awaited = new HashMap<>();
    private final Map<String, ManagedChannel> channels = new HashMap<>();
    private final Set<ManagedChannel> sideChannels = new HashSet<>();
    private long asked;
    private boolean closed;

    public GrpcTransport(
            NettyLoop loop,
            Duration connectTimeout,
            Optional<String> authToken,
            UnaryOperator<String> addressTranslator,
            Executor translations,
            HostNames names) {
        this.names = names;
        this.loop = loop;
        this.connectTimeout = connectTimeout;
        this.authToken = authToken.orElse(null);
        this.translation = new AddressTranslation(loop, addressTranslator, translations);
    }

    @Override
    public Link open(String endpoint, LinkListener listener) {
        GrpcLink link = new GrpcLink(loop, listener);
        ManagedChannel known = channels.get(endpoint);
        if (known != null) {
            link.start(known, headers());
        } else {
            translation.translate(
                    endpoint,
                    target -> link.start(channels.computeIfAbsent(endpoint, any -> connect(target)), headers()),
                    why -> loop.execute(() -> link.failed(why)));
        }
        return link;
    }

    @Override
    public <Q, A> SideLink<Q> openSide(String endpoint, MethodDescriptor<Q, A> method, SideLinkListener<A> listener) {
        GrpcSideLink<Q, A> link = new GrpcSideLink<>(loop, method, listener, this::endSide);
        translation.translate(
                endpoint,
                target -> link.start(connectSide(target), headers()),
                why -> loop.execute(() -> link.failed(why)));
        return link;
    }

    /**
     * Nothing is sent on it while nothing is published or called, so it is asked from time to time whether it is still
     * there.
     */
    private ManagedChannel connectSide(String target) {
        ManagedChannel channel = settings(builder(target))
                .flowControlWindow(SIDE_WINDOW_BYTES)
                .keepAliveTime(PROBE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PROBE_SECONDS, TimeUnit.SECONDS)
                .build();
        sideChannels.add(channel);
        if (closed) {
            endSide(channel);
        }
        return channel;
    }

    private void endSide(ManagedChannel channel) {
        sideChannels.remove(channel);
        channel.shutdownNow();
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

    /** What was not translated yet is not known, as what was not looked up. */
    @Override
    public boolean isKnown(String endpoint) {
        String target = translation.known(endpoint);
        return target != null && names.isKnown(target);
    }

    /** Both as they are and as they are translated: the former are what {@link #expand} asks for. */
    @Override
    public void lookUp(Collection<String> endpoints, Runnable news) {
        Set<String> hosts = new LinkedHashSet<>();
        endpoints.stream().filter(HostNames::isName).map(HostNames::host).forEach(hosts::add);
        hosts.forEach(host -> lookUp(host, news));
        if (translation.isNeeded()) {
            for (String endpoint : endpoints) {
                translation.translate(endpoint, target -> onTranslated(target, hosts, news), why -> news.run());
            }
        }
    }

    private void onTranslated(String target, Set<String> asked, Runnable news) {
        if (!HostNames.isName(target)) {
            news.run();
        } else if (asked.add(HostNames.host(target))) {
            lookUp(HostNames.host(target), news);
        }
    }

    private void lookUp(String host, Runnable news) {
        names.lookUp(host, () -> loop.execute(news));
    }

    @Override
    public List<String> expand(List<String> endpoints) {
        return names.expand(endpoints);
    }

    @Override
    public <Q, A> CompletableFuture<A> ask(
            String endpoint, MethodDescriptor<Q, A> method, Q request, long timeoutNanos) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        if (!loop.tryRun(() -> ask(endpoint, method, request, timeoutNanos, answer))) {
            answer.completeExceptionally(closedException());
        }
        return answer;
    }

    private <Q, A> void ask(
            String endpoint, MethodDescriptor<Q, A> method, Q request, long timeoutNanos, CompletableFuture<A> answer) {
        if (closed) {
            answer.completeExceptionally(closedException());
            return;
        }
        long number = ++asked;
        awaited.put(number, answer);
        var unused = answer.whenComplete((message, error) -> awaited.remove(number));
        long deadline = Times.deadline(timeoutNanos);
        if (translation.isNeeded()) {
            endInTime(answer, timeoutNanos);
        }
        translation.translate(
                endpoint,
                target -> send(connect(target), method, request, deadline - System.nanoTime(), answer),
                why -> answer.completeExceptionally(
                        Status.UNAVAILABLE.withDescription(why).asException()));
    }

    /** As the call itself does once it is made. */
    private void endInTime(CompletableFuture<?> answer, long timeoutNanos) {
        Loop.Timer timer = loop.schedule(
                () -> answer.completeExceptionally(Status.DEADLINE_EXCEEDED
                        .withDescription("the address translator did not answer in time")
                        .asException()),
                timeoutNanos);
        var unused = answer.whenComplete((message, error) -> timer.cancel());
    }

    private <Q, A> void send(
            ManagedChannel channel,
            MethodDescriptor<Q, A> method,
            Q request,
            long timeoutNanos,
            CompletableFuture<A> answer) {
        ClientCall<Q, A> call =
                channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS));
        var unused = answer.whenComplete((message, error) -> channel.shutdownNow());
        call.start(
                new ClientCall.Listener<A>() {
                    @Override
                    public void onMessage(A message) {
                        loop.run(() -> answer.complete(message));
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        loop.run(() -> answer.completeExceptionally(failure(status, trailers)));
                    }
                },
                headers());
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
    }

    @Override
    public void close() {
        closed = true;
        channels.values().forEach(ManagedChannel::shutdownNow);
        channels.clear();
        List.copyOf(sideChannels).forEach(this::endSide);
        List.copyOf(awaited.values()).forEach(answer -> answer.completeExceptionally(closedException()));
    }

    private static ClosedException closedException() {
        return new ClosedException("the client was closed before the node answered", true);
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
        return settings(builder(endpoint)).build();
    }

    private NettyChannelBuilder settings(NettyChannelBuilder builder) {
        return builder.usePlaintext()
                .directExecutor()
                .eventLoopGroup(loop.group())
                .channelType(loop.channelType())
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(Times.millis(connectTimeout), Integer.MAX_VALUE))
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .disableRetry()
                // A cluster is reached directly, whatever proxy the environment names for the web.
                .proxyDetector(target -> null);
    }

    /** An address needs no name service, and what a name stood for before must do until that has answered. */
    @SuppressWarnings("deprecation") // the replacement would make this client's names known to the whole process
    private NettyChannelBuilder builder(String endpoint) {
        String host = HostNames.host(endpoint);
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
}
