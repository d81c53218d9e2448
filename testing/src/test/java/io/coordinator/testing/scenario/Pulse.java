package io.coordinator.testing.scenario;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.history.CounterModel;
import io.coordinator.testing.history.History;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * One well-behaved caller whose calls are timed: an increment, a read, and a lock that is released again, then a short
 * pause. A call that fails counts with the time that it took.
 */
final class Pulse {
    private static final long PAUSE_NANOS = 10_000_000;
    private static final int CALLS_MAX = 1 << 20;

    private final CoordinatorClient client;
    private final String prefix;
    private final History<CounterModel.Add, Long> history;
    private final long[] nanos = new long[CALLS_MAX];
    private int calls;
    private int failures;
    private int beats;

    /** How often calls failed, by code. */
    private final Map<String, Integer> codes = new TreeMap<>();

    Pulse(CoordinatorClient client, String prefix, History<CounterModel.Add, Long> history) {
        this.client = client;
        this.prefix = prefix;
        this.history = history;
    }

    /** Beats on the calling thread until told to stop. */
    void run(AtomicBoolean stop) {
        while (!stop.get() && calls + 3 < CALLS_MAX) {
            String key = prefix + "-" + beats++ / 200;
            increment(key);
            timed(() -> client.cache().get(key));
            timed(() -> client.lock(key).tryAcquire(Duration.ZERO).ifPresent(LockHandle::release));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void increment(String key) {
        History<CounterModel.Add, Long>.Call call = history.invoke(prefix, key, new CounterModel.Add(1));
        Optional<CoordinatorException> failure =
                timed(() -> call.returned(client.cache().increment(key, 1)));
        if (failure.isPresent()) {
            if (failure.get().outcomeUnknown()) {
                call.unknown();
            } else {
                call.refused();
            }
        }
    }

    private Optional<CoordinatorException> timed(Runnable operation) {
        long start = System.nanoTime();
        try {
            operation.run();
            return Optional.empty();
        } catch (CoordinatorException e) {
            failures++;
            codes.merge(e.code().name(), 1, Integer::sum);
            return Optional.of(e);
        } finally {
            nanos[calls++] = System.nanoTime() - start;
        }
    }

    int calls() {
        return calls;
    }

    int failures() {
        return failures;
    }

    /** Of all calls so far. */
    Duration percentile(double percent) {
        long[] sorted = Arrays.copyOf(nanos, calls);
        Arrays.sort(sorted);
        int at = (int) Math.ceil(percent / 100 * calls) - 1;
        return Duration.ofNanos(calls == 0 ? 0 : sorted[Math.max(0, at)]);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d calls, %d failed %s, p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                calls,
                failures,
                codes,
                percentile(50).toNanos() / 1e6,
                percentile(99).toNanos() / 1e6,
                percentile(100).toNanos() / 1e6);
    }
}
