package io.coordinator.state.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one thing, by kind and within each in the order of their tickets. Derived from the rows of
 * waiters. Every operation but the lists costs the logarithm of its length.
 */
public final class WaitQueue<W> {
    /** By ticket, for each kind. */
    private final List<TreeMap<Long, W>> byKind;

    /** @param kinds how many there are */
    public WaitQueue(int kinds) {
        if (kinds == 1) {
            byKind = List.of(new TreeMap<>());
            return;
        }
        byKind = new ArrayList<>(kinds);
        for (int i = 0; i < kinds; i++) {
            byKind.add(new TreeMap<>());
        }
    }

    void add(int kind, long ticket, W waiter) {
        byKind.get(kind).put(ticket, waiter);
    }

    /** False if it is not there. */
    boolean remove(int kind, long ticket) {
        return byKind.get(kind).remove(ticket) != null;
    }

    /** Who came first, of all kinds; null if nobody waits. */
    public @Nullable W head() {
        Map.Entry<Long, W> head = null;
        for (int kind = 0; kind < byKind.size(); kind++) {
            Map.Entry<Long, W> first = byKind.get(kind).firstEntry();
            if (first != null && (head == null || first.getKey() < head.getKey())) {
                head = first;
            }
        }
        return head == null ? null : head.getValue();
    }

    /** The first of one kind behind a ticket; null if there is none. */
    @Nullable
    W after(int kind, long ticket) {
        Map.Entry<Long, W> next = byKind.get(kind).higherEntry(ticket);
        return next == null ? null : next.getValue();
    }

    /** The ticket of the last of one kind; 0 if there is none. */
    long lastTicket(int kind) {
        TreeMap<Long, W> of = byKind.get(kind);
        return of.isEmpty() ? 0 : of.lastKey();
    }

    public int size() {
        int size = 0;
        for (int kind = 0; kind < byKind.size(); kind++) {
            size += byKind.get(kind).size();
        }
        return size;
    }

    /** How many are of one kind. */
    int size(int kind) {
        return byKind.get(kind).size();
    }

    /** Those of one kind, the first first; do not keep them across changes. */
    public Collection<W> of(int kind) {
        return byKind.get(kind).values();
    }

    int kinds() {
        return byKind.size();
    }

    /** The first of all kinds in the order in which they came, at most so many. */
    List<W> first(int max) {
        TreeMap<Long, W> first = new TreeMap<>();
        for (TreeMap<Long, W> each : byKind) {
            int taken = 0;
            for (Map.Entry<Long, W> waiter : each.entrySet()) {
                if (taken++ >= max) {
                    break;
                }
                first.put(waiter.getKey(), waiter.getValue());
            }
        }
        List<W> all = new ArrayList<>(first.values());
        return all.size() <= max ? all : all.subList(0, max);
    }
}
