package io.coordinator.client.internal.builds;

import io.coordinator.client.builds.BuildContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The builds whose functions run in this client, and what those wait for, so that the call with which builds would wait
 * for each other in a circle is told at once. Every circle is closed by a wait, since a function that begins waits for
 * nothing yet. Lives on the loop, but for what runs on the threads of functions.
 */
public final class WaitCircles {
    private static final ThreadLocal<@Nullable Running> CURRENT = new ThreadLocal<>();

    private final Map<Key, Running> running = new HashMap<>();

    /** What is built. */
    record Key(String namespace, String key) {
        static Key of(BuildTarget target) {
            return new Key(target.namespace(), target.key());
        }

        @Override
        public String toString() {
            return namespace + "/" + key;
        }
    }

    /** A build whose function runs here. */
    static final class Running {
        private final WaitCircles client;
        private final Key key;
        private final @Nullable Running caller;
        private final BuildContext context;
        /** For what calls of the function wait, and how many of them. */
        private final Map<Key, Integer> awaited = new HashMap<>();

        private Running(WaitCircles client, Key key, @Nullable Running caller, BuildContext context) {
            this.client = client;
            this.key = key;
            this.caller = caller;
            this.context = context;
        }

        /** Calls a part of the function on this thread. */
        <V extends @Nullable Object> V call(Callable<V> part) throws Exception {
            Running outer = CURRENT.get();
            CURRENT.set(this);
            try {
                return part.call();
            } finally {
                if (outer == null) {
                    CURRENT.remove();
                } else {
                    CURRENT.set(outer);
                }
            }
        }
    }

    /** The build whose function makes a call on this thread, if this client knows of it. */
    @Nullable
    Running current() {
        Running caller = CURRENT.get();
        while (caller != null && caller.client != this) {
            caller = caller.caller;
        }
        return caller;
    }

    /**
     * A function begins.
     *
     * @param caller the build in whose function it was asked for, or null
     */
    Running begin(Key key, @Nullable Running caller, BuildContext context) {
        Running begun = new Running(this, key, caller, context);
        running.put(key, begun);
        return begun;
    }

    /** The outcome of a function is known. */
    void end(Running ended) {
        running.remove(ended.key, ended);
    }

    /**
     * A call of a function waits from now on.
     *
     * @param caller the build whose function it is; null, or that of another client, for calls of nobody here
     * @return the circle that would be closed by that, and nothing waits; else empty
     */
    List<String> await(@Nullable Running caller, Key key) {
        if (caller == null) {
            return List.of();
        }
        List<String> circle = circle(caller, key);
        if (circle.isEmpty()) {
            caller.awaited.merge(key, 1, Integer::sum);
        }
        return circle;
    }

    /** It waits no longer. */
    void stopWaiting(@Nullable Running caller, Key key) {
        if (caller != null) {
            caller.awaited.computeIfPresent(key, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        }
    }

    private List<String> circle(Running caller, Key key) {
        Map<Key, Key> reachedFrom = new HashMap<>();
        Set<Key> seen = new HashSet<>(Set.of(key));
        Deque<Key> toVisit = new ArrayDeque<>(seen);
        while (!toVisit.isEmpty()) {
            Key next = toVisit.remove();
            Running builder = running.get(next);
            if (builder == null || builder.context.isCancelled()) {
                continue; // Who has lost its reservation holds up nobody any more.
            }
            if (builder == caller) {
                return path(next, reachedFrom);
            }
            for (Key each : builder.awaited.keySet()) {
                if (seen.add(each)) {
                    reachedFrom.put(each, next);
                    toVisit.add(each);
                }
            }
        }
        return List.of();
    }

    private static List<String> path(Key last, Map<Key, Key> reachedFrom) {
        Deque<String> path = new ArrayDeque<>();
        for (@Nullable Key each = last; each != null; each = reachedFrom.get(each)) {
            path.addFirst(each.toString());
        }
        path.addFirst(last.toString());
        return new ArrayList<>(path);
    }
}
