package io.coordinator.server.session;

import io.coordinator.protocol.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * Which of a session's events are queued for its stream. Only a few are: the others stay where they are kept anyway, in
 * the replicated session, until those before them are written (C-06).
 */
final class EventFeed {
    /** So many bytes of events are queued at most, or one event. */
    static final long QUEUED_BYTES_MAX = FrameWriter.FRAME_BYTES;

    private static final int NONE = -1;

    private long lastQueued = NONE;
    private long lastKnown = NONE;
    private long queuedBytes;
    private boolean behind;
    private boolean fetching;

    /** The first events that the session has, and the number of its last; returns those to queue now. */
    synchronized List<Event> start(List<Event> first, long last) {
        List<Event> queued = offer(first);
        lastKnown = Math.max(lastKnown, last);
        behind |= !queued.isEmpty() && lastQueued < last;
        return queued;
    }

    /** New events, in order; returns those to queue now. */
    synchronized List<Event> offer(List<Event> events) {
        List<Event> queued = new ArrayList<>(events.size());
        for (Event event : events) {
            lastKnown = Math.max(lastKnown, event.getNumber());
            boolean next = lastQueued == NONE || event.getNumber() == lastQueued + 1;
            if (!behind && next && hasRoom()) {
                queue(event, queued);
            } else if (event.getNumber() > lastQueued) {
                behind = true;
            }
        }
        return queued;
    }

    /** Written to the stream. */
    synchronized void written(Event event) {
        queuedBytes -= event.getSerializedSize();
    }

    /**
     * Begins to fetch the next events from the session if some were left there and all before are written.
     *
     * @return whether to fetch those after {@link #lastQueued}
     */
    synchronized boolean beginFetch() {
        if (!behind || fetching || queuedBytes > 0) {
            return false;
        }
        fetching = true;
        return true;
    }

    /** Whether nothing is left to be fetched. */
    synchronized boolean isUpToDate() {
        return !behind && !fetching;
    }

    synchronized long lastQueued() {
        return lastQueued;
    }

    /** What the session had; returns what to queue of it: nothing whose replies may not be queued yet. */
    synchronized List<Event> fetched(List<Event> events) {
        fetching = false;
        List<Event> queued = new ArrayList<>(events.size());
        for (Event event : events) {
            if (event.getNumber() > lastQueued && event.getNumber() <= lastKnown && hasRoom()) {
                queue(event, queued);
            }
        }
        // What is not there any more has been acknowledged.
        behind = !queued.isEmpty() && lastQueued < lastKnown;
        lastQueued = behind ? lastQueued : Math.max(lastQueued, lastKnown);
        return queued;
    }

    private void queue(Event event, List<Event> queued) {
        lastQueued = event.getNumber();
        queuedBytes += event.getSerializedSize();
        queued.add(event);
    }

    private boolean hasRoom() {
        return queuedBytes < QUEUED_BYTES_MAX;
    }
}
