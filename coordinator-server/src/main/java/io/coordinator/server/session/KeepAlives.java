package io.coordinator.server.session;

import io.coordinator.protocol.KeepAlive;
import io.coordinator.server.read.LeadershipProofs;
import org.jspecify.annotations.Nullable;

/**
 * The keep-alives of one stream that wait for a proof of leadership. That can take long, and whoever sends them may
 * send very many meanwhile: of those beyond a few only the latest is kept, and asks for a proof of its own when another
 * has got one (C-08). It must not have that one, which may be older than itself.
 */
final class KeepAlives {
    /** As many as a client remembers: it makes nothing of answers to older ones. */
    static final int WAITING_MAX = 16;

    private final LeadershipProofs proofs;
    private final Receiver receiver;
    private int waiting;
    private @Nullable KeepAlive next;

    /** Who is told. */
    interface Receiver {
        /** This node led when that keep-alive had arrived. */
        void confirmed(KeepAlive keepAlive);

        /** This node leads no longer. */
        void leadershipLost();
    }

    KeepAlives(LeadershipProofs proofs, Receiver receiver) {
        this.proofs = proofs;
        this.receiver = receiver;
    }

    /**
     * Has the receiver told when there is a proof for this keep-alive, or for a later one in its place.
     *
     * @return whether it was told at once
     */
    boolean confirm(KeepAlive keepAlive) {
        synchronized (this) {
            if (waiting == WAITING_MAX) {
                next = keepAlive;
                return false;
            }
            waiting++;
        }
        return proofs.await(new Confirmation(keepAlive));
    }

    private synchronized @Nullable KeepAlive takeNext() {
        waiting--;
        KeepAlive taken = next;
        next = null;
        return taken;
    }

    private final class Confirmation implements LeadershipProofs.Claim {
        private final KeepAlive keepAlive;

        Confirmation(KeepAlive keepAlive) {
            this.keepAlive = keepAlive;
        }

        @Override
        public void proven() {
            receiver.confirmed(keepAlive);
            KeepAlive latest = takeNext();
            if (latest != null) {
                confirm(latest);
            }
        }

        @Override
        public void refused() {
            receiver.leadershipLost();
        }
    }
}
