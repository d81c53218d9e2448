package io.coordinator.server.net;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.session.Outgoing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The calls of one message that are under way, from their start, in all and of each address (C-08). */
final class OpenCalls {
    /** One address may have such a part of them. */
    private static final int ADDRESS_SHARE = 4;

    private static final long RETRY_AFTER_MILLIS = 100;

    private final Outgoing outgoing;
    private final int max;
    private final int perAddressMax;
    private final Map<UnaryCall<?, ?>, Optional<InetAddress>> open = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private int count;

    /** @param outgoing says how long clients may take for their answers */
    OpenCalls(int max, Outgoing outgoing) {
        this.outgoing = outgoing;
        this.max = max;
        this.perAddressMax = Math.max(1, max / ADDRESS_SHARE);
    }

    Outgoing outgoing() {
        return outgoing;
    }

    /** Counts a call in, or says why not. */
    synchronized Optional<Error> enter(UnaryCall<?, ?> call, @Nullable SocketAddress remote) {
        Optional<InetAddress> address = remote instanceof InetSocketAddress internet
                ? Optional.ofNullable(internet.getAddress())
                : Optional.empty();
        if (count >= max) {
            return Optional.of(busy("this node has " + max + " calls under way, as many as it takes; try again"));
        }
        if (address.map(from -> byAddress.getOrDefault(from, 0)).orElse(0) >= perAddressMax) {
            return Optional.of(busy("your address has " + perAddressMax
                    + " calls under way, as many as one may have; wait for some to end, and try again"));
        }
        count++;
        address.ifPresent(from -> byAddress.merge(from, 1, Integer::sum));
        open.put(call, address);
        return Optional.empty();
    }

    /** The call is over; more than once does no harm. */
    synchronized void leave(UnaryCall<?, ?> call) {
        Optional<InetAddress> address = open.remove(call);
        if (address != null) {
            count--;
            address.ifPresent(from -> byAddress.computeIfPresent(from, (same, calls) -> calls == 1 ? null : calls - 1));
        }
    }

    /** Ends those whose clients do not keep up. */
    void sweep(long nowNanos) {
        open.keySet().forEach(call -> call.sweep(nowNanos));
    }

    private static Error busy(String message) {
        return Error.newBuilder()
                .setCode(ErrorCode.EBUSY)
                .setMessage(message)
                .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                .build();
    }
}
