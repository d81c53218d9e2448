package io.coordinator.testing.scenario;

import io.coordinator.client.Cache;
import io.coordinator.client.CacheSettings;
import io.coordinator.client.CasResult;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.CoordinatorException;
import io.coordinator.client.Entry;
import io.coordinator.client.Expect;
import io.coordinator.client.FencedException;
import io.coordinator.client.LockHandle;
import io.coordinator.client.Next;
import io.coordinator.client.PutOptions;
import io.coordinator.testing.history.CounterModel;
import io.coordinator.testing.history.EntryModel;
import io.coordinator.testing.history.History;
import io.coordinator.testing.history.LockModel;
import io.coordinator.testing.history.Operation;
import io.coordinator.testing.history.RegisterModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients that use registers, counters, entries and locks at random, and record what they asked and saw. Objects are
 * replaced after a while, so that no history gets long and few outcomes stay unknown in each.
 */
final class Traffic {
    private static final Duration PAUSE = Duration.ofMillis(4);
    private static final long OBJECT_LIFE_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final Duration CHECK_BUDGET = Duration.ofSeconds(60);

    private final History<RegisterModel.Input, RegisterModel.Output> registers;
    private final History<CounterModel.Add, Long> counters;
    private final History<EntryModel.Input, EntryModel.Output> entries;
    private final History<LockModel.Input, LockModel.Output> locks;
    private final long startNanos = System.nanoTime();
    private final AtomicLong answered = new AtomicLong();
    private final String prefix;
    private final Duration pause;

    /** @param prefix of all names, so that runs on one cluster do not meet */
    Traffic(String prefix, long seed) {
        this(prefix, seed, PAUSE);
    }

    /**
     * @param prefix of all names, so that runs on one cluster do not meet
     * @param pause of each client after each operation
     */
    Traffic(String prefix, long seed, Duration pause) {
        this.prefix = prefix;
        this.pause = pause;
        String title = prefix + ", -Dseed=" + seed;
        registers = new History<>("registers of " + title);
        counters = new History<>("counters of " + title);
        entries = new History<>("entries of " + title);
        locks = new History<>("locks of " + title);
    }

    /** Does one random thing after the other until {@code endNanos}. */
    void run(CoordinatorClient client, String name, Random random, long endNanos) {
        while (System.nanoTime() - endNanos < 0) {
            switch (random.nextInt(5)) {
                case 4 -> bounded(client.cache(prefix + "-bounded"), random);
                case 0 -> register(client.cache(), name, random);
                case 1 -> count(client.cache(), name, random);
                case 2 -> entry(client.cache(), name, random);
                default -> lock(client, name, random);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** @throws AssertionError if what the clients saw cannot be explained */
    void check() {
        registers.assertLinearizable(new RegisterModel(), CHECK_BUDGET);
        counters.assertLinearizable(new CounterModel(), CHECK_BUDGET);
        entries.assertLinearizable(new EntryModel(), CHECK_BUDGET);
        locks.assertLinearizable(new LockModel(), CHECK_BUDGET);
    }

    /** What was asked of entries, and answered. */
    List<Operation<EntryModel.Input, EntryModel.Output>> entryOperations() {
        return entries.operations();
    }

    /** How many operations were answered. */
    long answered() {
        return answered.get();
    }

    @Override
    public String toString() {
        return registers + "; " + counters + "; " + entries + "; " + locks;
    }

    private String key(String kind) {
        return prefix + "-" + kind + "-" + (System.nanoTime() - startNanos) / OBJECT_LIFE_NANOS;
    }

    private void register(Cache cache, String name, Random random) {
        String key = key("register");
        String value = name + "-" + random.nextInt(1_000);
        switch (random.nextInt(4)) {
            case 0 ->
                record(registers, name, key, new RegisterModel.Input.Write(value), () -> {
                    cache.put(key, value);
                    return new RegisterModel.Output.Done();
                });
            case 1 -> {
                Optional<String> expected = random.nextInt(3) == 0
                        ? Optional.empty()
                        : attempt(() -> cache.get(key)).flatMap(entry -> entry.map(Traffic::text));
                Expect expect = expected.<Expect>map(Expect::value).orElse(Expect.absent());
                record(
                        registers,
                        name,
                        key,
                        new RegisterModel.Input.CompareAndSet(expected, value),
                        () -> new RegisterModel.Output.Compared(cache.compareAndSet(key, expect, Next.value(value))
                                .applied()));
            }
            default ->
                record(
                        registers,
                        name,
                        key,
                        new RegisterModel.Input.Read(),
                        () -> new RegisterModel.Output.Value(cache.get(key).map(Traffic::text)));
        }
    }

    /** Evicts, slides and expires all the time; that the replicas agree on what is left, their digests show. */
    private void bounded(Cache cache, Random random) {
        String key = "k" + random.nextInt(20);
        var unused = switch (random.nextInt(7)) {
            case 0 -> attempt(() -> cache.put(key, random.nextInt(), PutOptions.sliding(Duration.ofMillis(200))));
            case 1 -> attempt(() -> cache.put(key, random.nextInt(), PutOptions.ttl(Duration.ofMillis(150))));
            case 2 -> attempt(() -> cache.put(key, random.nextInt()));
            case 3 -> attempt(() -> cache.delete(key));
            case 4 ->
                random.nextInt(10) > 0
                        ? attempt(() -> cache.get(key))
                        : attempt(() -> cache.configure(CacheSettings.unbounded()
                                .maxEntries(random.nextInt(12))
                                .maxBytes(random.nextInt(2) * 60L)));
            default -> attempt(() -> cache.getAll(List.of(key, "k1", "k2")));
        };
    }

    private void count(Cache cache, String name, Random random) {
        String key = key("counter");
        long by = random.nextInt(3);
        record(counters, name, key, new CounterModel.Add(by), () -> cache.increment(key, by));
    }

    private void entry(Cache cache, String name, Random random) {
        String key = key("entry");
        String value = name + "-" + random.nextInt(1_000);
        switch (random.nextInt(6)) {
            case 0 ->
                record(
                        entries,
                        name,
                        key,
                        new EntryModel.Input.Put(value),
                        () -> new EntryModel.Output.Written(cache.put(key, value)));
            case 1 ->
                record(
                        entries,
                        name,
                        key,
                        new EntryModel.Input.Delete(),
                        () -> new EntryModel.Output.Deleted(cache.delete(key)));
            case 2, 3 -> {
                long revision = attempt(() -> cache.get(key))
                        .flatMap(entry -> entry.map(Entry::revision))
                        .orElse(0L);
                record(entries, name, key, new EntryModel.Input.CompareAndSet(revision, value), () -> {
                    CasResult result = cache.compareAndSet(key, Expect.revision(revision), Next.value(value));
                    return new EntryModel.Output.Compared(
                            result.applied(), result.current().map(Traffic::entry));
                });
            }
            default ->
                record(
                        entries,
                        name,
                        key,
                        new EntryModel.Input.Get(),
                        () -> new EntryModel.Output.Got(cache.get(key).map(Traffic::entry)));
        }
    }

    /** Acquires, writes under the lock, and releases; a grant that may have been lost is recorded as such. */
    private void lock(CoordinatorClient client, String name, Random random) {
        String key = key("lock");
        boolean waits = random.nextBoolean();
        Duration wait = waits ? Duration.ofMillis(200) : Duration.ZERO;
        Optional<LockHandle> granted = Optional.empty();
        History<LockModel.Input, LockModel.Output>.Call acquire =
                locks.invoke(name, key, new LockModel.Input.Acquire());
        try {
            granted = client.lock(key).tryAcquire(wait);
            acquire.returned(granted.<LockModel.Output>map(handle -> new LockModel.Output.Granted(handle.token()))
                    .orElse(waits ? new LockModel.Output.WaitElapsed() : new LockModel.Output.Busy()));
            answered.incrementAndGet();
        } catch (CoordinatorException e) {
            // A grant that the SDK gave up comes and goes without anybody's notice, whatever the error says.
            acquire.unknown();
        }
        granted.ifPresent(handle -> hold(client, name, key, handle, random));
    }

    private void hold(CoordinatorClient client, String name, String key, LockHandle handle, Random random) {
        long since = System.nanoTime();
        long token = handle.token();
        for (int i = random.nextInt(3); i > 0; i--) {
            String value = name + "-" + random.nextInt(1_000);
            record(locks, name, key, new LockModel.Input.GuardedWrite(token, value), () -> {
                try {
                    client.cache().guardedBy(handle.guard()).put(key, value);
                    return new LockModel.Output.Written();
                } catch (FencedException e) {
                    return new LockModel.Output.Fenced();
                }
            });
            record(
                    locks,
                    name,
                    key,
                    new LockModel.Input.Read(),
                    () -> new LockModel.Output.Value(client.cache().get(key).map(Traffic::text)));
        }
        Optional<LockModel.Output> released = record(
                locks,
                name,
                key,
                new LockModel.Input.Release(token),
                () -> new LockModel.Output.Released(handle.release()));
        if (!released.equals(Optional.of(new LockModel.Output.Released(true)))) {
            locks.add(Operation.unknown(name, key, new LockModel.Input.Lose(token), since));
        }
    }

    /** Records what an operation answered, that it was refused, or that nobody knows. */
    private <I, O> Optional<O> record(
            History<I, O> history, String name, String key, I input, Supplier<? extends O> operation) {
        History<I, O>.Call call = history.invoke(name, key, input);
        try {
            O output = operation.get();
            call.returned(output);
            answered.incrementAndGet();
            return Optional.of(output);
        } catch (CoordinatorException e) {
            if (e.outcomeUnknown()) {
                call.unknown();
            } else {
                call.refused();
            }
            return Optional.empty();
        }
    }

    private static <T> Optional<T> attempt(Supplier<T> operation) {
        try {
            return Optional.of(operation.get());
        } catch (CoordinatorException e) {
            return Optional.empty();
        }
    }

    private static String text(Entry entry) {
        return entry.value().textValue();
    }

    private static EntryModel.Entry entry(Entry entry) {
        return new EntryModel.Entry(text(entry), entry.revision(), entry.version());
    }
}
