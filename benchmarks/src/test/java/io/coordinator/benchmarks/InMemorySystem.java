package io.coordinator.benchmarks;

import io.coordinator.benchmarks.harness.CallDriver;
import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.GroupDriver;
import io.coordinator.benchmarks.harness.KeyDriver;
import io.coordinator.benchmarks.harness.MessageCaller;
import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A system without servers: a map that answers puts after a millisecond, gets at once, and refuses every
 * lock; with messages that go astray. */
final class InMemorySystem implements SystemKind {
    static final long CPU_MICROS_PER_PUT = 7;

    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);

    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();

    private final String name;
    private final Optional<String> missing;

    InMemorySystem(String name) {
        this(name, Optional.empty());
    }

    InMemorySystem(String name, Optional<String> missing) {
        this.name = name;
        this.missing = missing;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String promises() {
        return "nothing";
    }

    @Override
    public Optional<String> missing() {
        return missing;
    }

    @Override
    public Class<? extends Driver> driver() {
        return Instance.class;
    }

    @Override
    public SystemUnderTest create() {
        return new Instance();
    }

    private final class Instance implements SystemUnderTest, KeyDriver, CallDriver, GroupDriver {
        private final Map<String, byte[]> map = new ConcurrentHashMap<>();
        private final AtomicLong cpuMicros = new AtomicLong();

        @Override
        public void start() {
            started.incrementAndGet();
            running.incrementAndGet();
        }

        @Override
        public Driver connect() {
            return this;
        }

        @Override
        public long serverCpuMicros() {
            return cpuMicros.get();
        }

        @Override
        public void stop() {
            running.decrementAndGet();
        }

        @Override
        public void prepare(List<String> keys, List<String> locks, byte[] value, Duration timeout) {
            keys.forEach(key -> map.put(key, value));
        }

        @Override
        public CompletionStage<Void> put(String key, byte[] value) {
            return CompletableFuture.runAsync(
                    () -> {
                        cpuMicros.addAndGet(CPU_MICROS_PER_PUT);
                        map.put(key, value);
                    },
                    LATER);
        }

        @Override
        public CompletionStage<Void> get(String key) {
            return map.containsKey(key)
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new NoSuchElementException(key));
        }

        @Override
        public CompletionStage<Void> lockUnlockContended(String lock, int slot) {
            return lockUnlock(lock);
        }

        @Override
        public CompletionStage<Void> lockUnlockAll(List<String> locks, int slot) {
            return lockUnlock(locks.get(0));
        }

        @Override
        public CompletionStage<Void> getOrBuild(String key, byte[] value, int slot) {
            return put(key, value);
        }

        @Override
        public CompletionStage<Void> lockUnlock(String lock) {
            throw new UnsupportedOperationException("no locks here");
        }

        /** Gives every other caller the answer to another's request. */
        @Override
        public MessageCaller openCalls() {
            opened.incrementAndGet();
            AtomicInteger calls = new AtomicInteger();
            return new MessageCaller() {
                @Override
                public CompletionStage<byte[]> call(byte[] request) {
                    byte[] answer = calls.incrementAndGet() % 2 == 0 ? request : new byte[request.length];
                    return CompletableFuture.supplyAsync(() -> answer, LATER);
                }

                @Override
                public void close() {
                    opened.decrementAndGet();
                }
            };
        }

        /** Hands out all at once. */
        @Override
        public AutoCloseable consume(List<byte[]> backlog, int members, MessageReceiver receiver) {
            opened.incrementAndGet();
            for (int i = 0; i < backlog.size(); i++) {
                receiver.received(i % members, backlog.get(i));
            }
            return opened::decrementAndGet;
        }

        @Override
        public void close() {}
    }
}
