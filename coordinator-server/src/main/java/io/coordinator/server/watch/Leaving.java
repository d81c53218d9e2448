package io.coordinator.server.watch;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;

/** Watches of streams that have ended, to be taken out of the index bit by bit. Not thread-safe. */
final class Leaving {
    private final Deque<Iterator<Watch>> streams = new ArrayDeque<>();

    /** Watches that are the caller's no longer. */
    void add(Collection<Watch> watches) {
        if (!watches.isEmpty()) {
            streams.add(watches.iterator());
        }
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    /** Takes out the next one. */
    Watch remove() {
        Iterator<Watch> first = streams.element();
        Watch watch = first.next();
        if (!first.hasNext()) {
            streams.remove();
        }
        return watch;
    }
}
