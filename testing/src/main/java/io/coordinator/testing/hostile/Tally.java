package io.coordinator.testing.hostile;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happened, by name. Thread-safe. */
public final class Tally {
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

    /** One more of these. */
    void count(String what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }

    /** How many of these there were. */
    public long of(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    /** How many of all whose name starts so. */
    public long startingWith(String prefix) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach(
                (what, count) -> text.append(what).append(" × ").append(count).append('\n'));
        return text.toString();
    }
}
