package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.option.Guard;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.history.LockModel;
import io.coordinator.testing.history.LockModel.Input;
import io.coordinator.testing.history.LockModel.Output;
import io.coordinator.testing.history.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Locks that are taken with and without waiting, written under, verified and released; and watched. */
final class LockUses implements Workload {
    private static final Duration WAIT = Duration.ofMillis(200);
    static final Duration TTL = Duration.ofMillis(800);
    /** No session here has a shorter one. */
    static final Duration LEASE_MIN = Duration.ofSeconds(2);

    private final AtomicLong lastToken = new AtomicLong(1);
    private final Watches<Input, Output> watches;
    private final Generations<LockModel.State, Input, Output> locks;

    LockUses(String prefix, Checks checks, Tally tally) {
        String names = prefix + "-lock-";
        watches = new Watches<>(WatchOptions.lockPrefix(names), LockUses::fault, checks);
        locks = new Generations<>(names, new LockModel(), checks, tally.of(kind()), watches);
    }

    Watches<Input, Output> watches() {
        return watches;
    }

    @Override
    public String kind() {
        return "locks";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        locks.use(lock -> {
            if (random.nextInt(4) == 0) {
                look(client, lock, name, random);
            } else {
                acquire(client, lock, name, random).ifPresent(tenure -> tenure.spend(random));
            }
        });
    }

    /** Reads what the lock guards, asks for an old grant, or writes with it. */
    private void look(CoordinatorClient client, Generation<Input, Output> lock, String name, Random random) {
        long token = lastToken.get();
        switch (random.nextInt(3)) {
            case 0 -> read(client, lock, name);
            case 1 -> verify(client, lock, name, token);
            default -> {
                String value = Parts.value(name);
                lock.record(name, new Input.GuardedWrite(token, value), () -> {
                    try {
                        client.cache()
                                .guardedBy(new Guard(client.lock(lock.key()).namespace(), lock.key(), token))
                                .put(lock.key(), value);
                        return new Output.Written();
                    } catch (FencedException e) {
                        return new Output.Fenced();
                    }
                });
            }
        }
    }

    private static void read(CoordinatorClient client, Generation<Input, Output> lock, String name) {
        lock.record(
                name,
                new Input.Read(),
                () -> new Output.Value(client.cache().get(lock.key()).map(Parts::text)));
    }

    private static void verify(CoordinatorClient client, Generation<Input, Output> lock, String name, long token) {
        lock.record(
                name,
                new Input.Verify(token),
                () -> new Output.Verified(client.lock(lock.key()).verify(token)));
    }

    private Optional<Tenure> acquire(
            CoordinatorClient client, Generation<Input, Output> lock, String name, Random random) {
        boolean waits = random.nextBoolean();
        LockOptions options = LockOptions.defaults().wait(waits ? WAIT : Duration.ZERO);
        LockOptions chosen = switch (random.nextInt(4)) {
            case 0 -> options.ttl(TTL);
            case 1 -> options.ttl(TTL).autoRenew(false);
            default -> options;
        };
        Generation<Input, Output>.Asked asked = lock.ask(name, new Input.Acquire());
        try {
            long since = System.nanoTime();
            Optional<LockHandle> granted = client.lock(lock.key()).tryAcquire(chosen);
            asked.returned(granted.<Output>map(handle -> new Output.Granted(handle.token()))
                    .orElse(waits ? new Output.WaitElapsed() : new Output.Busy()));
            granted.ifPresent(handle -> lastToken.set(handle.token()));
            long until = since + chosen.ttl().orElse(LEASE_MIN).toNanos();
            return granted.map(handle -> new Tenure(client, lock, name, handle, until));
        } catch (CoordinatorException e) {
            // A grant that the SDK gave up comes and goes without anybody's notice, whatever the error says.
            asked.unknown();
            return Optional.empty();
        }
    }

    /**
     * One grant, from the answer to the release; one that may have been lost is recorded as such.
     *
     * @param untilNanos it cannot be lost before, unless its holder gives it up
     */
    private record Tenure(
            CoordinatorClient client, Generation<Input, Output> lock, String name, LockHandle handle, long untilNanos) {

        void spend(Random random) {
            for (int i = random.nextInt(4); i > 0; i--) {
                switch (random.nextInt(3)) {
                    case 0 -> verify(client, lock, name, handle.token());
                    case 1 -> read(client, lock, name);
                    default -> write();
                }
            }
            release();
        }

        /** A holder that believes that it lost its grant says so before the cluster takes it away: that proves nothing. */
        private void release() {
            long lostFrom = Parts.earlier(System.nanoTime(), untilNanos);
            if (!lock.recordIf(name, new Input.Release(handle.token()), handle::release, new Output.Released(true))) {
                lock.mayHaveHappened(name, new Input.Lose(handle.token()), lostFrom);
            }
        }

        private void write() {
            String value = Parts.value(name);
            lock.record(name, new Input.GuardedWrite(handle.token(), value), () -> {
                try {
                    client.cache().guardedBy(handle.guard()).put(lock.key(), value);
                    return new Output.Written();
                } catch (FencedException e) {
                    return new Output.Fenced();
                }
            });
        }
    }

    /** As for entries: the last lock is taken once. */
    @Override
    public void finish(CoordinatorClient client) {
        locks.finish();
        long last = watches.newest();
        locks.use(
                lock -> acquire(client, lock, "last", new Random(0)).ifPresent(tenure -> tenure.spend(new Random(0))));
        locks.finish();
        watches.await(last);
    }

    /** Every acknowledged grant is heard, and between two grants the end of the first. */
    private static Optional<String> fault(List<Operation<Input, Output>> operations, List<ChangeEvent> heard) {
        boolean held = false;
        long grants = 0;
        for (ChangeEvent event : heard) {
            boolean acquired = event.kind() == ChangeEvent.Kind.ACQUIRED;
            if (acquired == held) {
                return Optional.of(
                        "it heard " + (held ? "two grants" : "two ends") + " in a row, the second is " + event);
            }
            held = acquired;
            grants += acquired ? 1 : 0;
        }
        long acknowledged = operations.stream()
                .filter(operation -> operation.output().orElse(null) instanceof Output.Granted)
                .count();
        return grants < acknowledged
                ? Optional.of("it heard " + grants + " grants, but " + acknowledged + " were acknowledged")
                : Optional.empty();
    }
}
