package io.coordinator.client.internal.session;

import io.coordinator.client.internal.net.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the present session's holder may still believe in it: tells those who hold something when the lease has
 * passed, and takes that back when the cluster is heard again. Lives on the loop.
 */
final class LeaseWatch {
    private static final Logger log = LoggerFactory.getLogger(LeaseWatch.class);

    private final Loop loop;
    private final Attachment attachment;
    private final ConnectionStates states;
    private Loop.Timer timer = Loop.Timer.NONE;
    private int losses;

    LeaseWatch(Loop loop, Attachment attachment, ConnectionStates states) {
        this.loop = loop;
        this.attachment = attachment;
        this.states = states;
    }

    /** How often the user was told that a session is lost. */
    int losses() {
        return losses;
    }

    /** A lease has begun. */
    void start() {
        timer.cancel();
        timer = loop.schedule(this::check, attachment.session().lease().untilNanos() - loop.nanoTime());
    }

    void stop() {
        timer.cancel();
    }

    private void check() {
        Session session = attachment.session();
        if (session.isMarkedLive()) {
            if (session.lease().hasPassed(loop.nanoTime())) {
                passed(session);
            } else {
                start();
            }
        }
    }

    /** Whatever the cluster thinks, the holder must now believe that all is lost (G-13). */
    private void passed(Session session) {
        log.warn("Session {} had no contact for its lease; everything it held counts as lost", session.id());
        losses++;
        states.lost();
        session.leasePassed();
    }

    /** The answer to something sent then has come. */
    void heard(long sentNanos) {
        Session session = attachment.session();
        if (session.isMarkedLive() && session.lease().hasPassed(loop.nanoTime())) {
            passed(session); // The process was stopped, and this answer is older than the pause.
        }
        session.lease().renew(sentNanos);
        if (session.canRevive() && !session.lease().hasPassed(loop.nanoTime())) {
            session.revive();
            states.attached();
            start();
        }
    }

    /** The cluster has no such session any more. */
    void sessionGone(Session gone) {
        if (gone.isMarkedLive()) {
            losses++; // else the loss was told when the lease passed
        }
        states.lost();
        gone.end(false);
    }
}
