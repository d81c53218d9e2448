package io.coordinator.state.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hash map in segments. One map of a million entries would stop everything for tens of milliseconds when it doubles;
 * a segment doubles by itself.
 */
final class SegmentedMap<V> {
    private static final int SEGMENT_BITS = 8;
    private static final int SPREAD = 0x9E3779B9;

    private final List<Map<String, V>> segments = new ArrayList<>();
    private int size;

    SegmentedMap() {
        for (int i = 0; i < 1 << SEGMENT_BITS; i++) {
            segments.add(new HashMap<>());
        }
    }

    @Nullable
    V get(String key) {
        return segment(key).get(key);
    }

    void put(String key, V value) {
        if (segment(key).put(key, value) == null) {
            size++;
        }
    }

    @Nullable
    V remove(String key) {
        V value = segment(key).remove(key);
        if (value != null) {
            size--;
        }
        return value;
    }

    int size() {
        return size;
    }

    List<String> keys() {
        List<String> keys = new ArrayList<>(size);
        for (Map<String, V> segment : segments) {
            keys.addAll(segment.keySet());
        }
        return keys;
    }

    private Map<String, V> segment(String key) {
        // The upper bits of the product; the map inside uses the lower bits of the hash itself.
        return segments.get((key.hashCode() * SPREAD) >>> (Integer.SIZE - SEGMENT_BITS));
    }
}
