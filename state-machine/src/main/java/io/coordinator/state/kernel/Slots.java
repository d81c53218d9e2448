package io.coordinator.state.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slots by key: a hash map in segments. One map of a million rows would stop everything for tens of milliseconds when
 * it doubles; a segment doubles by itself.
 */
final class Slots<M> {
    private static final int SEGMENT_BITS = 8;
    private static final int SPREAD = 0x9E3779B9;

    private final List<Map<String, Slot<M>>> segments = new ArrayList<>();
    private int size;

    Slots() {
        for (int i = 0; i < 1 << SEGMENT_BITS; i++) {
            segments.add(new HashMap<>());
        }
    }

    @Nullable
    Slot<M> get(String key) {
        return segment(key).get(key);
    }

    /** Adds a slot whose key is not there yet. */
    void add(Slot<M> slot) {
        segment(slot.key).put(slot.key, slot);
        size++;
    }

    @Nullable
    Slot<M> remove(String key) {
        Slot<M> slot = segment(key).remove(key);
        if (slot != null) {
            size--;
        }
        return slot;
    }

    int size() {
        return size;
    }

    List<String> keys() {
        List<String> keys = new ArrayList<>(size);
        for (Map<String, Slot<M>> segment : segments) {
            keys.addAll(segment.keySet());
        }
        return keys;
    }

    private Map<String, Slot<M>> segment(String key) {
        // The upper bits of the product; the map inside uses the lower bits of the hash itself.
        return segments.get((key.hashCode() * SPREAD) >>> (Integer.SIZE - SEGMENT_BITS));
    }
}
