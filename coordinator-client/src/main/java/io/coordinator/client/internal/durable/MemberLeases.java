package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.Loop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that one member has, by the tokens of their leases. These are extended for as long as they are wanted.
 * Lives on the loop.
 */
final class MemberLeases {
    /** A lease is extended when a third of it has passed. */
    private static final int EXTENSIONS = 3;

    private static final long PAUSE_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Loop loop;
    private final Settlements settlements;
    private final long handlingMaxNanos;
    private final Map<Long, LeasedDelivery> live = new LinkedHashMap<>();
    private Loop.Timer renewal = Loop.Timer.NONE;

    /** @param handlingMaxNanos for how long the lease of a message is extended while it is handled */
    MemberLeases(Loop loop, Settlements settlements, long handlingMaxNanos) {
        this.loop = loop;
        this.settlements = settlements;
        this.handlingMaxNanos = handlingMaxNanos;
    }

    void add(LeasedDelivery delivery) {
        live.put(delivery.token(), delivery);
    }

    @Nullable
    LeasedDelivery remove(long token) {
        return live.remove(token);
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    /** Others have them, or will. */
    void loseAll() {
        live.values().forEach(LeasedDelivery::lost);
        live.clear();
    }

    /**
     * Extends them from now on.
     *
     * @param visibilityMillis how long a lease lasts; 0 for as long as the session
     */
    void renew(long visibilityMillis) {
        if (visibilityMillis > 0) {
            renewEvery(Times.nanos(Duration.ofMillis(visibilityMillis)));
        }
    }

    private void renewEvery(long visibilityNanos) {
        renewal.cancel();
        renewal = loop.schedule(
                () -> {
                    renewNow(visibilityNanos);
                    renewEvery(visibilityNanos);
                },
                Math.max(PAUSE_MIN_NANOS, visibilityNanos / EXTENSIONS));
    }

    private void renewNow(long visibilityNanos) {
        live.values().stream()
                .filter(delivery -> delivery.wantsTime(handlingMaxNanos, visibilityNanos))
                .forEach(delivery -> settlements.add(
                        delivery, delivery.renewal(), Promises.direct().make()));
    }

    /** Extends none any more. */
    void stopRenewing() {
        renewal.cancel();
    }
}
