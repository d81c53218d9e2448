package io.coordinator.server.net;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections in all and of each address, from the moment at which they are accepted. A connection too many
 * is kept for a second, in which each of its calls is told why; when there are many of those, it is cut without a word.
 */
@ChannelHandler.Sharable
final class ConnectionGate extends ChannelInboundHandlerAdapter {
    private static final int REFUSED_MAX = 256;
    private static final long REFUSED_MILLIS = 1_000;
    private static final long RETRY_AFTER_MILLIS = 1_000;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final int max;
    private final int perAddressMax;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refusals = new LongAdder();
    private final Map<InetAddress, Integer> bySource = new ConcurrentHashMap<>();
    private final Map<SocketAddress, Error> refused = new ConcurrentHashMap<>();

    ConnectionGate(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    int open() {
        return open.get();
    }

    long refusals() {
        return refusals.sum();
    }

    /** Why this connection is to end; empty for those within the limits. */
    Optional<Error> refusal(@Nullable SocketAddress remote) {
        return remote == null ? Optional.empty() : Optional.ofNullable(refused.get(remote));
    }

    /** A connection was accepted; nobody has heard of it yet. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        if (accepted instanceof Channel connection && connection.remoteAddress() instanceof InetSocketAddress remote) {
            if (!enter(remote)) {
                connection.unsafe().closeForcibly();
                return;
            }
            var whenClosed = connection.closeFuture().addListener(closed -> leave(remote));
            if (refused.containsKey(remote) && !whenClosed.isDone()) {
                endSoon(context, connection);
            }
        }
        context.fireChannelRead(accepted);
    }

    /** Not by gRPC's way to close, which waits for the other side. */
    private static void endSoon(ChannelHandlerContext context, Channel connection) {
        Runnable cut = () -> connection.unsafe().close(connection.voidPromise());
        Runnable end = () -> connection.eventLoop().execute(cut);
        var unused = context.executor().schedule(end, REFUSED_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** False if the connection is not even to be told. */
    private boolean enter(InetSocketAddress remote) {
        int all = open.incrementAndGet();
        int ofAddress = bySource.merge(source(remote.getAddress()), 1, Integer::sum);
        if (all <= max && ofAddress <= perAddressMax) {
            return true;
        }
        refusals.increment();
        if (refused.size() >= REFUSED_MAX) {
            leave(remote);
            return false;
        }
        refused.put(
                remote,
                Error.newBuilder()
                        .setCode(ErrorCode.EBUSY)
                        .setMessage(
                                all > max
                                        ? "this node has " + max + " connections, as many as it takes; try again later"
                                        : "your address has " + perAddressMax
                                                + " connections, as many as one may have; use fewer")
                        .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                        .build());
        return true;
    }

    private void leave(InetSocketAddress remote) {
        refused.remove(remote);
        open.decrementAndGet();
        bySource.computeIfPresent(source(remote.getAddress()), (same, count) -> count == 1 ? null : count - 1);
    }

    /**
     * What counts as one address: of IPv6 the network, since a host can take any of its addresses (RFC 4291, 2.5.4).
     */
    static InetAddress source(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] network = address.getAddress();
        Arrays.fill(network, IPV6_NETWORK_BYTES, network.length, (byte) 0);
        try {
            return InetAddress.getByAddress(network);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + network.length + " bytes is none", e);
        }
    }
}
