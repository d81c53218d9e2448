package io.coordinator.testing.workload;

import io.coordinator.client.cache.Entry;
import io.coordinator.client.error.CoordinatorException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What workloads share. */
final class Parts {
    private static final AtomicLong VALUES = new AtomicLong();

    private Parts() {}

    /** A value that nobody has written yet. */
    static String value(String client) {
        return client + "-" + VALUES.incrementAndGet();
    }

    /** What a call answers that nobody records; empty if it fails. */
    static <T> Optional<T> attempt(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (CoordinatorException e) {
            return Optional.empty();
        }
    }

    /** The earlier of two times of {@link System#nanoTime}. */
    static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    static String text(Entry entry) {
        return entry.value().asText();
    }
}
