package io.coordinator.client.internal.session;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Welcome;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One session with the cluster, from the wish to open it to its end: its commands in flight, its events, its lease and
 * what it holds. Lives on the loop, except {@link #isLive} and {@link #id}.
 */
public final class Session {
    private static final int RESUME_TOKEN_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LongSupplier nanoTime;
    private final ByteString resumeToken;
    private final CommandLog log = new CommandLog();
    private final Lease lease = new Lease();
    private final Map<Long, SessionHolding> holdings = new LinkedHashMap<>();
    private final StrayEvents strays = new StrayEvents();
    private long lastEvent;
    private volatile long id;
    private volatile boolean live;
    private boolean ended;

    /** @param nanoTime the clock of the loop */
    Session(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        byte[] random = new byte[RESUME_TOKEN_BYTES];
        RANDOM.nextBytes(random);
        resumeToken = ByteString.copyFrom(random);
    }

    /** The cluster's id for it; 0 until it is open. */
    public long id() {
        return id;
    }

    /** Whether it is certainly alive in the cluster, by the local clock. Safe on any thread. */
    public boolean isLive() {
        return live && !lease.hasPassed(nanoTime.getAsLong());
    }

    ByteString resumeToken() {
        return resumeToken;
    }

    CommandLog log() {
        return log;
    }

    Lease lease() {
        return lease;
    }

    /** Whether a welcome is about this session as this client knows it. */
    boolean fits(Welcome welcome) {
        return id == 0
                || (id == welcome.getSessionId()
                        && welcome.getLastSeq() >= log.first() - 1
                        && welcome.getLastSeq() < log.next());
    }

    /** Whether the loop has noticed neither the passing of the lease nor the end. */
    boolean isMarkedLive() {
        return live;
    }

    void attached(long sessionId, long leaseNanos, long sentNanos) {
        id = sessionId;
        lease.grant(leaseNanos, sentNanos);
        live = !ended;
    }

    /** Whether its lease passed, but nobody said that it has ended. */
    boolean canRevive() {
        return !live && !ended;
    }

    void revive() {
        live = true;
    }

    /** Registers what a command asked for, so that its events find it. */
    public void hold(long requestSeq, SessionHolding holding) {
        holdings.put(requestSeq, holding);
    }

    /** Finds something that it holds; null if there is no such thing. Looks at each, so not for the usual case. */
    public <T extends SessionHolding> @Nullable T find(Class<T> kind, Predicate<T> wanted) {
        return holdings.values().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(wanted)
                .findFirst()
                .orElse(null);
    }

    /** Forgets what a command asked for. */
    public void drop(long requestSeq) {
        if (holdings.remove(requestSeq) != null) {
            strays.dropped(requestSeq);
        }
    }

    /** Forgets what a command asked for, since the cluster has undone it, whatever it may have given before. */
    void undone(long requestSeq) {
        if (holdings.remove(requestSeq) != null) {
            strays.undone(requestSeq);
        }
    }

    /**
     * Hands an event to whom it concerns, unless it came before. One that concerns nobody is reported; either way it
     * counts as handled, and is acknowledged, only then.
     *
     * @return false if earlier ones are missing; they come again on the next stream
     */
    boolean deliver(Event event) {
        if (event.getNumber() <= lastEvent) {
            return true;
        }
        if (event.getNumber() != lastEvent + 1) {
            return false;
        }
        SessionHolding holding = holdings.get(event.getRequestSeq());
        if (holding == null) {
            strays.report(id, event);
        }
        lastEvent = event.getNumber();
        if (holding != null) {
            holding.onEvent(event);
        }
        return true;
    }

    /** Every event up to this number has been handled. */
    long lastEvent() {
        return lastEvent;
    }

    /** The lease has passed locally: everything held is to be considered lost. */
    void leasePassed() {
        live = false;
        forEachHolding(SessionHolding::onLeasePassed);
    }

    /**
     * Tells everything that it holds. A client that closes ends its session twice: before the cluster can give to
     * others what it holds, and when no answer can come any more, for what was still being asked for.
     */
    void end(boolean closedByClient) {
        live = false;
        ended = true;
        forEachHolding(holding -> holding.onSessionEnded(closedByClient));
    }

    /** Whether it is over for this client, whatever the cluster still says of it. */
    public boolean hasEnded() {
        return ended;
    }

    private void forEachHolding(Consumer<SessionHolding> action) {
        List<SessionHolding> all = new ArrayList<>(holdings.values()); // they drop themselves while they are told
        all.forEach(action);
    }
}
