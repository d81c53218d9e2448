package io.coordinator.server.watch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whom one change concerns, found bit by bit: watches may start and stop in between. Not thread-safe. */
final class Matching {
    private final Deque<WatchList> found = new ArrayDeque<>();
    private final Deque<Walk> walks = new ArrayDeque<>();
    private int cost = 1;
    private @Nullable WatchList list;
    private int place;
    private boolean done;

    /** What it took to begin, in looks. */
    int cost() {
        return cost;
    }

    boolean isDone() {
        return done;
    }

    /** Visits so many watches at most; returns how many looks are left. */
    int visit(int looks, Consumer<Watch> action) {
        int left = looks;
        while (left > 0 && !done) {
            left--;
            if (!visitOne(action)) {
                begin(next());
            }
        }
        return left;
    }

    private boolean visitOne(Consumer<Watch> action) {
        if (list == null) {
            return false;
        }
        place = Math.min(place, list.size()) - 1;
        if (place < 0) {
            return false;
        }
        action.accept(list.get(place));
        return true;
    }

    void probed(@Nullable WatchList watches) {
        cost++;
        if (watches != null) {
            found.add(watches);
        }
    }

    /** Adds all topics whose keys start with that. */
    void walk(NavigableMap<String, WatchList> topics, String start, boolean inclusive) {
        walks.add(new Walk(topics, start, inclusive));
    }

    private void begin(@Nullable WatchList next) {
        done = next == null;
        if (next != null) {
            list = next;
            place = next.size();
        }
    }

    private @Nullable WatchList next() {
        WatchList next = found.poll();
        while (next == null && !walks.isEmpty()) {
            next = walks.element().next();
            if (next == null) {
                walks.remove();
            }
        }
        return next;
    }

    private static final class Walk {
        private final NavigableMap<String, WatchList> topics;
        private final String start;
        private String at;
        private boolean inclusive;

        Walk(NavigableMap<String, WatchList> topics, String start, boolean inclusive) {
            this.topics = topics;
            this.start = start;
            this.at = start;
            this.inclusive = inclusive;
        }

        @Nullable
        WatchList next() {
            Map.Entry<String, WatchList> entry = inclusive ? topics.ceilingEntry(at) : topics.higherEntry(at);
            if (entry == null || !entry.getKey().startsWith(start)) {
                return null;
            }
            at = entry.getKey();
            inclusive = false;
            return entry.getValue();
        }
    }
}
