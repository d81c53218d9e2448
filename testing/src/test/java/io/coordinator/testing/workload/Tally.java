package io.coordinator.testing.workload;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How many operations of each kind came to what. Thread-safe. */
final class Tally {
    private final Map<String, Counts> byKind = new ConcurrentSkipListMap<>();

    /** Of one kind. */
    static final class Counts {
        final LongAdder answered = new LongAdder();
        /** Nobody knows whether they took effect. */
        final LongAdder unknown = new LongAdder();
        /** They certainly had no effect. */
        final LongAdder refused = new LongAdder();
    }

    Counts of(String kind) {
        return byKind.computeIfAbsent(kind, name -> new Counts());
    }

    long answered() {
        return byKind.values().stream()
                .mapToLong(counts -> counts.answered.sum())
                .sum();
    }

    /** A line for each kind. */
    String table() {
        StringBuilder table = new StringBuilder(line("operations", "answered", "unknown", "refused"));
        byKind.forEach((kind, counts) ->
                table.append(line(kind, grouped(counts.answered), grouped(counts.unknown), grouped(counts.refused))));
        return table.toString();
    }

    private static String line(String kind, String answered, String unknown, String refused) {
        return String.format(Locale.ROOT, "%-14s %12s %10s %10s%n", kind, answered, unknown, refused);
    }

    private static String grouped(LongAdder number) {
        return String.format(Locale.ROOT, "%,d", number.sum());
    }
}
