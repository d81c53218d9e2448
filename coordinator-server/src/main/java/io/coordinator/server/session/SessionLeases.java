package io.coordinator.server.session;

import com.google.protobuf.ByteString;
import io.coordinator.state.SessionView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * When each session was last heard of, in this leader's memory. A new leader starts with a full lease for everyone.
 * Keep-alives are not in the log; only the verdict is. Hearing takes no lock, so nothing holds it up.
 */
public final class SessionLeases {
    private final HearingClock clock;
    private final Map<Long, Lease> leases = new ConcurrentHashMap<>();

    /** @param clock measures silence; must be looked at regularly */
    public SessionLeases(HearingClock clock) {
        this.clock = clock;
    }

    private static final class Lease {
        private final long nanos;
        private final byte[] resumeToken;
        private volatile long heardNanos;
        private volatile boolean overdue;

        Lease(SessionView session, long now) {
            this.nanos = TimeUnit.MILLISECONDS.toNanos(session.leaseMillis());
            this.resumeToken = session.resumeToken().toByteArray();
            this.heardNanos = now;
        }
    }

    /** A leadership begins: everyone was just heard of. */
    public void restart(Collection<SessionView> sessions) {
        long now = clock.nanos();
        leases.clear();
        sessions.forEach(session -> leases.put(session.id(), new Lease(session, now)));
    }

    /** A client has attached the session. */
    public void attached(SessionView session) {
        leases.computeIfAbsent(session.id(), id -> new Lease(session, clock.nanos()));
        heard(session.id());
    }

    public void heard(long sessionId) {
        Lease lease = leases.get(sessionId);
        if (lease != null) {
            lease.heardNanos = clock.nanos();
        }
    }

    /** Someone says to be that session's client, and has not been let in yet. Counts only with the right token. */
    public void heard(long sessionId, ByteString resumeToken) {
        Lease lease = leases.get(sessionId);
        if (lease != null && Handshake.same(lease.resumeToken, resumeToken)) {
            lease.heardNanos = clock.nanos();
        }
    }

    public void ended(long sessionId) {
        leases.remove(sessionId);
    }

    /** The end of a session was refused: it is overdue still. */
    void again(long sessionId) {
        Lease lease = leases.get(sessionId);
        if (lease != null) {
            lease.overdue = false;
        }
    }

    public int size() {
        return leases.size();
    }

    /**
     * Sessions silent for longer than their lease, each reported once; none while this leader is itself held up.
     *
     * @param max no more than so many; the others come with later calls
     */
    public List<Long> overdue(int max) {
        List<Long> overdue = new ArrayList<>();
        if (clock.isStalled()) {
            return overdue;
        }
        long now = clock.looked();
        for (Map.Entry<Long, Lease> entry : leases.entrySet()) {
            Lease lease = entry.getValue();
            if (now - lease.heardNanos > lease.nanos && !lease.overdue) {
                lease.overdue = true;
                overdue.add(entry.getKey());
                if (overdue.size() == max) {
                    break;
                }
            }
        }
        return overdue;
    }
}
