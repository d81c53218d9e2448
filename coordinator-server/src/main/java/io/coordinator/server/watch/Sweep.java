package io.coordinator.server.watch;

import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All watches of one kind of data, found bit by bit: others may start and stop in between. Those that are there from
 * the beginning to the end are visited, perhaps more than once. Not thread-safe.
 */
final class Sweep {
    private final NavigableMap<String, NamespaceTopics> namespaces;
    private @Nullable String at;
    private Matching current = new Matching();
    private boolean done;

    Sweep(NavigableMap<String, NamespaceTopics> namespaces) {
        this.namespaces = namespaces;
    }

    boolean isDone() {
        return done;
    }

    /** Visits so many watches at most; returns how many looks are left. */
    int visit(int looks, Consumer<Watch> action) {
        int left = looks;
        while (left > 0 && !done) {
            left = current.visit(left, action);
            if (current.isDone()) {
                goOn();
            }
        }
        return left;
    }

    private void goOn() {
        Map.Entry<String, NamespaceTopics> next = at == null ? namespaces.firstEntry() : namespaces.higherEntry(at);
        done = next == null;
        if (next != null) {
            at = next.getKey();
            current = next.getValue().all();
        }
    }
}
