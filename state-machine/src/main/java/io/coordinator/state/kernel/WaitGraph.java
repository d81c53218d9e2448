package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which session waits for which: from a session to what it waits for, and from there to those who hold it, so that its
 * size is that of waiters and holders together, not of their product.
 */
public final class WaitGraph {
    /** What lies beyond so many edges is left out. */
    private static final int EDGES_MAX = 200_000;

    private final Map<Long, List<Resource>> waits = new TreeMap<>();
    private final Map<Resource, List<Long>> holders = new LinkedHashMap<>();
    private int edges;

    private record Resource(DataKind kind, String key) {}

    /** A session and what it waits for. */
    public record Step(long sessionId, DataKind kind, Name name) {}

    /** What visits the sessions that hold something. */
    public interface Holders {
        void forEach(LongConsumer sessionId);
    }

    /** Adds a session that waits for something; its holders are asked for once. */
    public void add(long sessionId, DataKind kind, Name name, Holders heldBy) {
        if (edges >= EDGES_MAX) {
            return;
        }
        Resource resource = new Resource(kind, name.key());
        waits.computeIfAbsent(sessionId, id -> new ArrayList<>()).add(resource);
        edges++;
        if (!holders.containsKey(resource)) {
            List<Long> sessions = new ArrayList<>();
            heldBy.forEach(sessions::add);
            edges += sessions.size();
            holders.put(resource, sessions);
        }
    }

    /**
     * Circles of sessions, each of which waits for the next one and the last for the first; at most so many. Wherever
     * sessions wait in a circle there is one of theirs among them, if not every one that could be drawn.
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
        /** The sessions from the start to where the search is, in order. */
        private final LinkedHashMap<Long, Visit> path = new LinkedHashMap<>();

        private final Deque<Visit> stack = new ArrayDeque<>();

        Search(int max) {
            this.max = max;
        }

        void from(long start) {
            enter(start);
            while (!stack.isEmpty() && found.size() < max) {
                Visit visit = stack.getLast();
                Long next = visit.next();
                if (next == null) {
                    stack.removeLast();
                    path.remove(visit.session);
                    done.add(visit.session);
                } else if (path.containsKey(next)) {
                    found.add(circle(next));
                } else {
                    enter(next);
                }
            }
        }

        private void enter(long session) {
            if (!done.contains(session) && found.size() < max) {
                Visit visit = new Visit(session, waits.getOrDefault(session, List.of()));
                path.put(session, visit);
                stack.addLast(visit);
            }
        }

        private List<Step> circle(long first) {
            List<Step> steps = new ArrayList<>();
            boolean inside = false;
            for (Visit visit : path.values()) {
                inside |= visit.session == first;
                if (inside) {
                    Resource through = visit.through();
                    steps.add(new Step(visit.session, through.kind, Name.ofKey(through.key)));
                }
            }
            return steps;
        }
    }

    /** One session on the path, and how far its edges have been followed. */
    private final class Visit {
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
                sessions = holders.getOrDefault(resource, List.of()).iterator();
            }
            return sessions.next();
        }

        Resource through() {
            if (through == null) {
                throw new IllegalStateException("a session lies on a path by what it waits for");
            }
            return through;
        }
    }
}
