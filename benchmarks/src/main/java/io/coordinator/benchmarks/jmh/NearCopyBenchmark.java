package io.coordinator.benchmarks.jmh;

import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.internal.near.Copy;
import io.coordinator.client.internal.near.NearCopies;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.watch.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a read-through cache costs that has a copy near the caller: the key's text, the copy, and whether it may be
 * used.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class NearCopyBenchmark {
    private static final int KEYS = 1_000;
    private static final long REVISION = 1;

    private final KeyCodec<String> codec = KeyCodec.of(String.class);
    private final String[] keys = new String[KEYS];
    private final NearCopies<Object> near = new NearCopies<>(
            "near",
            L1Options.defaults(),
            new NearCopies.Surroundings(new IdleLoop(), Runnable::run, (options, listener) -> new CurrentWatch()));

    /** Every key has a copy that expires an hour from now. */
    @Setup
    public void fill() {
        near.onCaughtUp(REVISION);
        long until = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = "customer-" + i;
            near.offer(keys[i], new Copy<>(new Object(), REVISION, until, true), REVISION);
        }
    }

    /** One read of a random key. */
    @Benchmark
    public @Nullable Object hit() {
        Copy<Object> copy =
                near.get(codec.encode(keys[ThreadLocalRandom.current().nextInt(KEYS)]));
        if (copy == null) {
            throw new IllegalStateException("every key has a copy");
        }
        return copy.value();
    }

    private static final class CurrentWatch implements Subscription {
        @Override
        public CompletionStage<Long> started() {
            return CompletableFuture.completedFuture(REVISION);
        }

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public long lastRevision() {
            return REVISION;
        }

        @Override
        public void close() {}
    }

    private static final class IdleLoop implements Loop {
        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public boolean offer(Runnable task) {
            return false;
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return Timer.NONE;
        }

        @Override
        public void close() {}
    }
}
