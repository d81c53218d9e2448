package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which session waits for which: from a session to what it waits for, and from there to those who hold it, so that its
 * size is that of waiters and holders together, not of their product. It takes in only so much; the rest is left out.
 */
public final class WaitGraph {
    /** Waiters and holders that are looked at; what lies beyond is left out: the state is locked meanwhile. */
    public static final int EDGES_MAX = 20_000;
    /** Sessions in one circle; longer ones are left out. */
    public static final int CIRCLE_MAX = 1_000;

    /** Of the search: many sessions can wait for what many hold. */
    private static final int STEPS_MAX = 100_000;

    private final Map<Long, List<Resource>> waits = new TreeMap<>();
    /** By key within each kind: strings that were chosen to have one hash are still found quickly. */
    private final Map<DataKind, Map<String, Resource>> resources = new EnumMap<>(DataKind.class);

    private int edges;
    private boolean partial;

    /** What sessions wait for, and those who hold it. */
    private record Resource(DataKind kind, Name name, List<Long> holders) {}

    /** A session and what it waits for. */
    public record Step(long sessionId, DataKind kind, Name name) {}

    /** Looks at one more waiter or holder, be it for nothing; false if that is too many, and whoever adds can stop. */
    public boolean visit() {
        edges++;
        partial |= edges > EDGES_MAX;
        return edges <= EDGES_MAX;
    }

    /** Whether something was left out. */
    public boolean isPartial() {
        return partial;
    }

    /**
     * Adds a session that waits for something.
     *
     * @param heldBy the sessions that hold it; asked for once, and no further than there is room
     */
    public void add(long sessionId, DataKind kind, Name name, Supplier<Iterator<Long>> heldBy) {
        Resource resource = resources
                .computeIfAbsent(kind, any -> new HashMap<>())
                .computeIfAbsent(name.key(), key -> new Resource(kind, name, taken(heldBy.get())));
        waits.computeIfAbsent(sessionId, id -> new ArrayList<>()).add(resource);
    }

    private List<Long> taken(Iterator<Long> holding) {
        List<Long> sessions = new ArrayList<>();
        while (holding.hasNext() && visit()) {
            sessions.add(holding.next());
        }
        return sessions;
    }

    /**
     * Circles of sessions, each of which waits for the next one and the last for the first; at most so many. Wherever
     * sessions wait in a circle there is one of theirs among them, if not every one that could be drawn, unless
     * something was left out.
     */
    public List<List<Step>> cycles(int max) {
        Search search = new Search(max);
        for (Long session : waits.keySet()) {
            search.from(session);
        }
        return search.found;
    }

    /** Depth first, without recursion: a chain of waiters can be long. */
    private final class Search {
        private final int max;
        private final List<List<Step>> found = new ArrayList<>();
        private final Set<Long> done = new HashSet<>();
        /** The sessions from the start to where the search is. */
        private final Set<Long> path = new HashSet<>();

        private final Deque<Visit> stack = new ArrayDeque<>();
        private int steps;

        Search(int max) {
            this.max = max;
        }

        void from(long start) {
            enter(start);
            while (!stack.isEmpty() && found.size() < max && mayGoOn()) {
                Visit visit = stack.getLast();
                Long next = visit.next();
                if (next == null) {
                    stack.removeLast();
                    path.remove(visit.session);
                    done.add(visit.session);
                } else if (path.contains(next)) {
                    addCircle(next);
                } else {
                    enter(next);
                }
            }
        }

        private boolean mayGoOn() {
            steps++;
            partial |= steps > STEPS_MAX;
            return steps <= STEPS_MAX;
        }

        private void enter(long session) {
            if (!done.contains(session) && found.size() < max) {
                Visit visit = new Visit(session, waits.getOrDefault(session, List.of()));
                path.add(session);
                stack.addLast(visit);
            }
        }

        private void addCircle(long first) {
            List<Step> circle = new ArrayList<>();
            // From where the search is back to the first, so that a long way to the circle costs nothing.
            Iterator<Visit> back = stack.descendingIterator();
            boolean closed = false;
            while (!closed && circle.size() < CIRCLE_MAX) {
                Visit visit = back.next();
                circle.add(visit.step());
                closed = visit.session == first;
            }
            steps += circle.size();
            if (closed) {
                Collections.reverse(circle);
                found.add(circle);
            } else {
                partial = true;
            }
        }
    }

    /** One session on the path, and how far its edges have been followed. */
    private static final class Visit {
        final long session;
        private final Iterator<Resource> resources;
        private @Nullable Resource through;
        private Iterator<Long> sessions = List.<Long>of().iterator();

        Visit(long session, List<Resource> resources) {
            this.session = session;
            this.resources = resources.iterator();
        }

        @Nullable
        Long next() {
            while (!sessions.hasNext()) {
                if (!resources.hasNext()) {
                    return null;
                }
                Resource resource = resources.next();
                through = resource;
                sessions = resource.holders.iterator();
            }
            return sessions.next();
        }

        Step step() {
            if (through == null) {
                throw new IllegalStateException("a session lies on a path by what it waits for");
            }
            return new Step(session, through.kind, through.name);
        }
    }
}
