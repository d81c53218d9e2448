package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.OwnershipLostException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.session.SessionChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Until when a grant with a ttl lasts: watched by the local clock, and moved on by renewals while it is held. Does
 * nothing for one that lasts as long as its session. Read on any thread, the rest on the loop.
 */
final class GrantClock {
    private static final Logger log = LoggerFactory.getLogger(GrantClock.class);

    /** A loss is reported this much before the ttl's end, or a twentieth of it if that is less. */
    private static final long MARGIN_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

    private final SessionChannel channel;
    private final Claim claim;
    private final @Nullable Renewal renewal;
    private final Grant grant;
    private volatile long ttlMillis;
    private volatile long deadlineMillis;
    private Loop.Timer expiryTimer = Loop.Timer.NONE;
    private Loop.Timer renewalTimer = Loop.Timer.NONE;

    /** The grant whose time it is. */
    interface Grant {
        /** Whether anybody holds it. */
        boolean isEntered();

        /** Its time is over. */
        void onExpired();

        /** Asks for the same time once more; an extension that comes ends with {@link #extended}. */
        void extend(long ttlMillis, Promise<Void> outcome, long timeoutNanos);
    }

    /**
     * A clock that does not run yet.
     *
     * @param deadlineMillis in cluster time; 0 if the grant is bound to its session
     */
    GrantClock(SessionChannel channel, Claim claim, Terms terms, long deadlineMillis, Grant grant) {
        this.channel = channel;
        this.claim = claim;
        this.renewal = terms.renewal();
        this.grant = grant;
        this.ttlMillis = terms.ttlMillis();
        this.deadlineMillis = deadlineMillis;
    }

    // ---- on any thread ----

    /** Its end in cluster time; 0 if it has none of its own. */
    long deadlineMillis() {
        return deadlineMillis;
    }

    boolean hasDeadline() {
        return deadlineMillis != 0;
    }

    boolean hasExpired() {
        return hasDeadline() && nanosLeft() <= 0;
    }

    /** The time that its holder may still count on; negative when it is over. */
    long nanosLeft() {
        return channel.clock().localNanos(deadlineMillis) - channel.loop().nanoTime() - marginNanos();
    }

    private long marginNanos() {
        return Math.min(MARGIN_NANOS_MAX, TimeUnit.MILLISECONDS.toNanos(ttlMillis) / 20);
    }

    // ---- on the loop ----

    void start() {
        watchExpiry();
        scheduleRenewal();
    }

    void stop() {
        expiryTimer.cancel();
        renewalTimer.cancel();
    }

    /** The cluster has given it more time. */
    void extended(long newTtlMillis, long newDeadlineMillis) {
        ttlMillis = newTtlMillis;
        deadlineMillis = newDeadlineMillis;
        start();
    }

    private void watchExpiry() {
        expiryTimer.cancel();
        if (hasDeadline() && grant.isEntered()) {
            expiryTimer = channel.loop().schedule(this::checkExpiry, nanosLeft());
        }
    }

    private void checkExpiry() {
        if (hasExpired()) {
            grant.onExpired();
        } else {
            watchExpiry();
        }
    }

    private void scheduleRenewal() {
        if (renewal != null) {
            scheduleRenewal(renewal, renewal.afterMillis(ttlMillis));
        }
    }

    private void scheduleRenewal(Renewal how, long afterMillis) {
        renewalTimer.cancel();
        if (hasDeadline() && grant.isEntered()) {
            renewalTimer =
                    channel.loop().schedule(() -> renew(how), TimeUnit.MILLISECONDS.toNanos(Math.max(1, afterMillis)));
        }
    }

    /** A renewal in progress is followed by the next one only when it has ended. */
    private void renew(Renewal how) {
        if (!grant.isEntered()) {
            return;
        }
        Promise<Void> outcome = Promises.direct().make();
        grant.extend(ttlMillis, outcome, TimeUnit.MILLISECONDS.toNanos(how.timeoutMillis()));
        var unused = outcome.whenComplete((nothing, error) -> {
            if (error == null) {
                how.listener().renewed(deadlineMillis);
            } else if (error instanceof CoordinatorException why) {
                renewalFailed(how, why);
            }
        });
    }

    private void renewalFailed(Renewal how, CoordinatorException why) {
        if (grant.isEntered() && !(why instanceof OwnershipLostException) && !(why instanceof ClosedException)) {
            log.warn("{} could not be renewed and is tried again: {}", claim, why.getMessage());
            how.listener().failed(why);
            scheduleRenewal(how, ttlMillis / 6);
        }
    }
}
