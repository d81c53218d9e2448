package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.Permit;
import io.coordinator.testing.history.SemaphoreModel;
import io.coordinator.testing.history.SemaphoreModel.Input;
import io.coordinator.testing.history.SemaphoreModel.Output;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * Semaphores of a few permits. Who waits wants one permit, so that nobody waits while there is one, and a refusal means
 * that there were too few.
 */
final class SemaphoreUses implements Workload {
    private static final int LIMIT = 2;
    private static final Duration WAIT = Duration.ofMillis(150);

    private final Generations<SemaphoreModel.State, Input, Output> semaphores;

    SemaphoreUses(String prefix, Checks checks, Tally tally) {
        semaphores =
                new Generations<>(prefix + "-semaphore-", new SemaphoreModel(LIMIT), checks, tally.of(kind()), null);
    }

    @Override
    public String kind() {
        return "semaphores";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        semaphores.use(one -> {
            DistributedSemaphore semaphore = client.semaphore(one.key(), LIMIT);
            if (random.nextInt(6) == 0) {
                count(semaphore, one, name);
                return;
            }
            boolean waits = random.nextBoolean();
            int permits = waits ? 1 : 1 + random.nextInt(LIMIT);
            long since = System.nanoTime();
            LockOptions options = options(waits, random);
            long until = since + options.ttl().orElse(LockUses.LEASE_MIN).toNanos();
            acquire(semaphore, one, name, permits, options).ifPresent(permit -> {
                if (random.nextBoolean()) {
                    count(semaphore, one, name);
                }
                release(one, name, permit, until);
            });
        });
    }

    private static LockOptions options(boolean waits, Random random) {
        LockOptions options = LockOptions.defaults().wait(waits ? WAIT : Duration.ZERO);
        return random.nextInt(3) == 0 ? options.ttl(LockUses.TTL).autoRenew(random.nextBoolean()) : options;
    }

    private static void count(DistributedSemaphore semaphore, Generation<Input, Output> one, String name) {
        one.record(
                name,
                new Input.Count(),
                () -> new Output.Held(semaphore.inspect().held()));
    }

    private static Optional<Permit> acquire(
            DistributedSemaphore semaphore,
            Generation<Input, Output> one,
            String name,
            int permits,
            LockOptions options) {
        Generation<Input, Output>.Asked asked = one.ask(name, new Input.Acquire(permits));
        try {
            Optional<Permit> granted = semaphore.tryAcquire(permits, options);
            boolean waited = !options.maxWait().orElse(Duration.ZERO).isZero();
            asked.returned(granted.<Output>map(permit -> new Output.Granted(permit.token()))
                    .orElse(waited ? new Output.WaitElapsed() : new Output.Busy()));
            return granted;
        } catch (CoordinatorException e) {
            // As with locks: whatever the error says.
            asked.unknown();
            return Optional.empty();
        }
    }

    private static void release(Generation<Input, Output> one, String name, Permit permit, long until) {
        long lostFrom = Parts.earlier(System.nanoTime(), until);
        if (!one.recordIf(name, new Input.Release(permit.token()), permit::release, new Output.Released(true))) {
            one.mayHaveHappened(name, new Input.Lose(permit.token()), lostFrom);
        }
    }

    @Override
    public void finish(CoordinatorClient client) {
        semaphores.finish();
    }
}
