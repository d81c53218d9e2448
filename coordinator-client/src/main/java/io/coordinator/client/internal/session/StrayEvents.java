package io.coordinator.client.internal.session;

import io.coordinator.protocol.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of requests that a session does not know any more. Each such event is reported before it is
 * acknowledged: the cluster forgets it then, and nobody would ever learn of it. Not thread-safe.
 *
 * <p>One kind is usual and reported only at debug level: that something has ended which its holder has let go of
 * lately. A holder whose time is over by its own clock does not wait for the cluster to say so.
 */
final class StrayEvents {
    private static final Logger log = LoggerFactory.getLogger(StrayEvents.class);

    /** So many dropped requests are remembered. */
    static final int REMEMBERED = 1024;

    private final long[] dropped = new long[REMEMBERED];
    private int next;

    /** The holder of a request has let go of it. */
    void dropped(long requestSeq) {
        dropped[next] = requestSeq;
        next = (next + 1) % REMEMBERED;
    }

    /** An event has come that has no holder. */
    void report(long sessionId, Event event) {
        if (isLate(event)) {
            log.debug(
                    "Session {} is told the end of request {}, which was let go of before: {} event {}",
                    sessionId,
                    event.getRequestSeq(),
                    event.getBodyCase(),
                    event.getNumber());
        } else {
            log.warn(
                    "Session {} is told of request {}, which this client does not know any more: {} event {}. If the cluster"
                            + " granted something by it, nobody uses that until it expires or the session ends: please"
                            + " report this",
                    sessionId,
                    event.getRequestSeq(),
                    event.getBodyCase(),
                    event.getNumber());
        }
    }

    private boolean isLate(Event event) {
        return !givesSomething(event) && event.getRequestSeq() != 0 && wasDropped(event.getRequestSeq());
    }

    private static boolean givesSomething(Event event) {
        return switch (event.getBodyCase()) {
            case LOCK -> event.getLock().hasGranted();
            case SEMAPHORE -> event.getSemaphore().hasGranted();
            case BUILD -> event.getBuild().hasPromoted();
            case BODY_NOT_SET -> true; // Of a newer cluster: who knows.
        };
    }

    private boolean wasDropped(long requestSeq) {
        for (long each : dropped) {
            if (each == requestSeq) {
                return true;
            }
        }
        return false;
    }
}
