package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.option.Guard;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Locks and fences while nothing fails. */
@CoordinatorCluster
class LockScenariosTest {
    private static final Duration TTL = Duration.ofMillis(300);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    @Feature({"S-24", "PM-LOCK-1", "PM-LOCK-2"})
    void aHeldLockIsRefusedAtOnceAndGrantedWithALargerTokenAfterRelease(CoordinatorClient a, CoordinatorClient b) {
        LockHandle held = a.lock("s24").acquire();
        assertThat(b.lock("s24").tryAcquire()).isEmpty();
        assertThat(held.release()).isTrue();
        assertThat(b.lock("s24").tryAcquire())
                .hasValueSatisfying(granted -> assertThat(granted.token()).isGreaterThan(held.token()));
    }

    @Test
    @Feature({"S-25", "PM-LOCK-5"})
    void waitersAreServedInTheOrderOfTheirArrival(Cluster cluster, CoordinatorClient a) {
        LockHandle held = a.lock("s25").acquire();
        List<CompletableFuture<LockHandle>> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            // Each finds the leader from another node.
            String node = cluster.nodes().get(i);
            CoordinatorClient client = cluster.client(settings -> settings.endpoints(cluster.clientAddress(node)));
            waiters.add(client.async().lock("s25").acquire().toCompletableFuture());
            awaitWaiters(a, "s25", i + 1);
        }
        long token = held.token();
        LockHandle current = held;
        for (int i = 0; i < waiters.size(); i++) {
            assertThat(waiters.subList(i, waiters.size())).noneMatch(CompletableFuture::isDone);
            current.release();
            current = Waiting.get(waiters.get(i));
            assertThat(current.token()).isGreaterThan(token);
            token = current.token();
        }
    }

    @Test
    @Feature({"S-27", "PM-FENCE-2"})
    void aWriteUnderAnOverrunLockIsFencedWhenSomebodyElseHoldsIt(CoordinatorClient a, CoordinatorClient b) {
        LockHandle overrun = acquireWithTtl(a, "s27");
        LockHandle next = b.lock("s27").acquire();
        assertThatThrownBy(() -> a.cache().guardedBy(overrun.guard()).put("s27", "a"))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        fenced -> assertThat(fenced.currentToken()).isEqualTo(next.token()));
        b.cache().guardedBy(next.guard()).put("s27", "b");
        assertThat(text(a.cache(), "s27")).contains("b");
    }

    @Test
    @Feature({"S-28", "A-01", "PM-FENCE-5"})
    void aWriteAfterTheGrantIsFencedAlsoWhenNobodyElseHoldsTheLock(CoordinatorClient a, CoordinatorClient b) {
        LockHandle overrun = acquireWithTtl(a, "s28");
        Waiting.await("the grant's end")
                .until(() -> b.lock("s28").inspect().holder().isEmpty());
        assertFenced(a, overrun.guard());
        LockHandle released = a.lock("s28").acquire();
        released.release();
        assertFenced(a, released.guard());
        assertThat(a.cache().get("s28")).isEmpty();
    }

    @Test
    @Feature({"S-29", "PM-FENCE-6"})
    void aTokenThatWasNeverIssuedIsFencedAndDisturbsNobody(CoordinatorClient a, CoordinatorClient b) {
        LockHandle held = a.lock("s29").acquire();
        assertFenced(b, new Guard("default", "s29", held.token() + 1_000_000));
        a.cache().guardedBy(held.guard()).put("s29", "real");
        assertThat(text(b.cache(), "s29")).contains("real");
    }

    @Test
    @Feature({"S-30", "PM-LOCK-8"})
    void aLateReleaseDoesNotTouchTheNextGrant(CoordinatorClient a, CoordinatorClient b) {
        LockHandle late = acquireWithTtl(a, "s30");
        LockHandle next = b.lock("s30").acquire();
        assertThat(late.release()).isFalse();
        assertThat(a.lock("s30").verify(next.token())).isTrue();
        assertThat(next.isHeld()).isTrue();
    }

    @Test
    @Feature({"S-31", "PM-LOCK-10", "G-7"})
    void aWaiterThatGivesUpWhileItIsGrantedLeavesNothingBehind(
            CoordinatorClient a, CoordinatorClient b, CoordinatorClient c) {
        int grants = 0;
        for (int round = 0; round < 1_000; round++) {
            LockHandle held = a.lock("s31").acquire();
            CompletableFuture<LockHandle> waiter =
                    b.async().lock("s31").acquire().toCompletableFuture();
            CompletableFuture<Boolean> release;
            if (random.nextBoolean()) {
                release = held.releaseAsync().toCompletableFuture();
                waiter.cancel(false);
            } else {
                waiter.cancel(false);
                release = held.releaseAsync().toCompletableFuture();
            }
            if (!waiter.isCancelled()) {
                grants++;
                Waiting.get(waiter).releaseAsync();
            }
            Optional<LockHandle> free = c.lock("s31").tryAcquire(Duration.ofSeconds(5));
            assertThat(free)
                    .as("round %s, seed %s: the lock is free again", round, seed)
                    .isPresent();
            assertThat(Waiting.get(release)).isTrue();
            free.get().release();
        }
        assertThat(grants).isLessThan(1_000);
    }

    @Test
    @Feature({"S-31", "PM-LOCK-2"})
    void aWaitThatElapsesWhileTheLockIsReleasedEndsOneWayOnly(
            CoordinatorClient a, CoordinatorClient b, CoordinatorClient c) {
        for (int round = 0; round < 30; round++) {
            LockHandle held = a.lock("s31w").acquire();
            CompletableFuture<Optional<LockHandle>> waiter =
                    b.async().lock("s31w").tryAcquire(Duration.ofMillis(50)).toCompletableFuture();
            Waiting.pass(Duration.ofMillis(random.nextLong(40, 160)));
            held.release();
            Waiting.get(waiter).ifPresent(LockHandle::release);
            LockHandle free = c.lock("s31w")
                    .tryAcquire(Duration.ofSeconds(5))
                    .orElseThrow(() -> new AssertionError("the lock stayed blocked, seed " + seed));
            free.release();
        }
    }

    @Test
    @Feature({"S-34", "PM-LOCK-4"})
    void aClientThatClosesHandsEverythingOverAtOnce(Cluster cluster, CoordinatorClient b) {
        CoordinatorClient a = cluster.client();
        for (String name : List.of("s34-1", "s34-2", "s34-3")) {
            a.lock(name).acquire();
        }
        List<CompletableFuture<LockHandle>> waiters = List.of("s34-1", "s34-2", "s34-3").stream()
                .map(name -> b.async().lock(name).acquire().toCompletableFuture())
                .toList();
        awaitWaiters(b, "s34-3", 1);
        long start = System.nanoTime();
        a.close();
        waiters.forEach(Waiting::get);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    }

    private static LockHandle acquireWithTtl(CoordinatorClient client, String name) {
        return client.lock(name).acquire(LockOptions.defaults().ttl(TTL).autoRenew(false));
    }

    private static void assertFenced(CoordinatorClient client, Guard guard) {
        assertThatThrownBy(() -> client.cache().guardedBy(guard).put(guard.lock(), "late"))
                .isInstanceOf(FencedException.class);
    }

    private static Optional<String> text(Cache cache, String key) {
        return cache.get(key).map(entry -> entry.value().textValue());
    }

    private static void awaitWaiters(CoordinatorClient client, String name, int count) {
        Waiting.await(count + " waiters")
                .until(() -> client.lock(name).inspect().waiters().size() == count);
    }
}
