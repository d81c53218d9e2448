package io.coordinator.server.session;

import io.coordinator.state.SessionView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When each session was last heard of, in this leader's memory. A new leader starts with a full lease for everyone.
 * Keep-alives are not in the log; only the verdict is.
 */
public final class SessionLeases {
    private final LongSupplier nanoTime;
    private final Map<Long, Lease> leases = new ConcurrentHashMap<>();
    private long lastScanNanos;

    public SessionLeases(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastScanNanos = nanoTime.getAsLong();
    }

    private static final class Lease {
        private final long nanos;
        private volatile long heardNanos;
        private volatile boolean overdue;

        Lease(long millis, long now) {
            this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            this.heardNanos = now;
        }
    }

    /** A leadership begins: everyone was just heard of. */
    public synchronized void restart(Collection<SessionView> sessions) {
        long now = nanoTime.getAsLong();
        leases.clear();
        sessions.forEach(session -> leases.put(session.id(), new Lease(session.leaseMillis(), now)));
        lastScanNanos = now;
    }

    public void opened(long sessionId, long leaseMillis) {
        leases.putIfAbsent(sessionId, new Lease(leaseMillis, nanoTime.getAsLong()));
        heard(sessionId);
    }

    public void heard(long sessionId) {
        Lease lease = leases.get(sessionId);
        if (lease != null) {
            lease.heardNanos = nanoTime.getAsLong();
        }
    }

    public void ended(long sessionId) {
        leases.remove(sessionId);
    }

    public int size() {
        return leases.size();
    }

    /**
     * Sessions silent for longer than their lease, each reported once.
     *
     * @param intervalNanos how often this is called; if it was called much later, this process was paused, could not
     *     hear anyone, and everyone is given that time
     */
    public synchronized List<Long> overdue(long intervalNanos) {
        long now = nanoTime.getAsLong();
        long paused = now - lastScanNanos - intervalNanos;
        lastScanNanos = now;
        List<Long> overdue = new ArrayList<>();
        for (Map.Entry<Long, Lease> entry : leases.entrySet()) {
            Lease lease = entry.getValue();
            if (paused > intervalNanos) {
                lease.heardNanos = now - Math.max(0, now - lease.heardNanos - paused);
            }
            if (now - lease.heardNanos > lease.nanos && !lease.overdue) {
                lease.overdue = true;
                overdue.add(entry.getKey());
            }
        }
        return overdue;
    }
}
