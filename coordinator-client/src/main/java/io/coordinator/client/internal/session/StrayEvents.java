package io.coordinator.client.internal.session;

import io.coordinator.protocol.Event;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of requests that a session does not know any more. Each such event is reported before it is
 * acknowledged: the cluster forgets it then, and nobody would ever learn of it. Not thread-safe.
 *
 * <p>Two kinds are usual and reported only at debug level. Something has ended which its holder has let go of lately:
 * a holder whose time is over by its own clock does not wait for the cluster to say so. And something was given to a
 * request that was undone lately: the answer to what undid it can overtake the news of the grant.
 */
final class StrayEvents {
    private static final Logger log = LoggerFactory.getLogger(StrayEvents.class);

    /** So many dropped requests are remembered. */
    static final int REMEMBERED = 1024;

    private final Requests dropped = new Requests();
    private final Requests undone = new Requests();

    /** The holder of a request has let go of it. */
    void dropped(long requestSeq) {
        dropped.add(requestSeq);
    }

    /** The cluster has nothing of a request any more, whatever it gave. */
    void undone(long requestSeq) {
        undone.add(requestSeq);
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
        long request = event.getRequestSeq();
        return request != 0 && (undone.has(request) || (!givesSomething(event) && dropped.has(request)));
    }

    private static boolean givesSomething(Event event) {
        return switch (event.getBodyCase()) {
            case LOCK -> event.getLock().hasGranted();
            case SEMAPHORE -> event.getSemaphore().hasGranted();
            case BUILD -> event.getBuild().hasPromoted();
            case TOPIC -> event.getTopic().hasDelivered() || event.getTopic().hasTurnStarted();
            case RPC -> event.getRpc().hasDispatched();
            case JOB -> event.getJob().hasAssigned();
            case BODY_NOT_SET -> true; // Of a newer cluster: who knows.
        };
    }

    /** The latest of some kind. */
    private static final class Requests {
        private final long[] latest = new long[REMEMBERED];
        private int next;

        void add(long requestSeq) {
            latest[next] = requestSeq;
            next = (next + 1) % REMEMBERED;
        }

        boolean has(long requestSeq) {
            return LongStream.of(latest).anyMatch(each -> each == requestSeq);
        }
    }
}
