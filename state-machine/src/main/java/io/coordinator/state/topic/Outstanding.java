package io.coordinator.state.topic;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a group has come to and not settled, by offset. Derived from its rows. */
final class Outstanding {
    /** Of a message that waits and is not {@link Item#open}, the time has not come. */
    record Item(String key, boolean waiting, boolean open) {}

    private final TreeMap<Long, Item> items = new TreeMap<>();
    private final TreeSet<Long> waiting = new TreeSet<>();
    private final TreeSet<Long> ready = new TreeSet<>();
    private final Map<String, TreeSet<Long>> byKey = new HashMap<>();
    private boolean ordered;

    /** Says what there is at an offset; null for nothing. Returns what there was. */
    @Nullable
    Item set(long offset, @Nullable Item item) {
        Item before = items.get(offset);
        String key = before == null ? item == null ? "" : item.key() : before.key();
        long headBefore = head(key);
        ready.remove(headBefore);
        ready.remove(offset);
        if (before != null) {
            items.remove(offset);
            waiting.remove(offset);
            leave(key, offset);
        }
        if (item != null) {
            items.put(offset, item);
            if (!key.isEmpty()) {
                byKey.computeIfAbsent(key, any -> new TreeSet<>()).add(offset);
            }
            if (item.waiting()) {
                waiting.add(offset);
            }
        }
        refresh(offset);
        refresh(headBefore);
        refresh(head(key));
        return before;
    }

    private void leave(String key, long offset) {
        TreeSet<Long> offsets = byKey.get(key);
        if (offsets != null && offsets.remove(offset) && offsets.isEmpty()) {
            byKey.remove(key);
        }
    }

    private void refresh(long offset) {
        Item item = items.get(offset);
        if (item == null) {
            return;
        }
        boolean first = !ordered || item.key().isEmpty() || head(item.key()) == offset;
        if (first && item.waiting() && item.open()) {
            ready.add(offset);
        } else {
            ready.remove(offset);
        }
    }

    /** The first one with a key; 0 if there is none. */
    private long head(String key) {
        TreeSet<Long> offsets = byKey.get(key);
        return offsets == null ? 0 : offsets.first();
    }

    /** Whether one of a key is only ready when all before it are settled. Returns what it was. */
    boolean order(boolean byKey) {
        boolean before = ordered;
        if (before != byKey) {
            ordered = byKey;
            waiting.forEach(this::refresh);
        }
        return before;
    }

    boolean isBusy(String key) {
        return !key.isEmpty() && byKey.containsKey(key);
    }

    int size() {
        return items.size();
    }

    int waiting() {
        return waiting.size();
    }

    /** The first of all; {@code Long.MAX_VALUE} if there is none. */
    long lowest() {
        return items.isEmpty() ? Long.MAX_VALUE : items.firstKey();
    }

    /** The first that waits; {@code Long.MAX_VALUE} if there is none. */
    long lowestWaiting() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.first();
    }

    /** The first that can be delivered; {@code Long.MAX_VALUE} if there is none. */
    long lowestReady() {
        return ready.isEmpty() ? Long.MAX_VALUE : ready.first();
    }
}
