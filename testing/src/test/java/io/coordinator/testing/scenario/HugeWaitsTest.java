package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.error.BuildPendingException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.compat.CallbackQueueOptions;
import io.coordinator.compat.Compat;
import io.coordinator.compat.LockMethodOptions;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waits that are as good as for ever, and waits of nothing, for what somebody else has. */
@CoordinatorCluster(nodes = 1)
class HugeWaitsTest {
    private static final List<Duration> HUGE =
            List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofMillis(Long.MAX_VALUE), Duration.ofDays(110_000));
    private static final List<Duration> NONE =
            List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MIN_VALUE));

    /** Longer than a deadline that has passed already takes to be noticed. */
    private static final Duration A_WHILE = Duration.ofMillis(300);

    /** Ways to wait for a lock. Each gives it back, if it was granted, and tells whether it was. */
    private static Map<String, Callable<Boolean>> waits(CoordinatorClient client, String name, Duration wait) {
        LockOptions patient = LockOptions.defaults().wait(wait);
        Map<String, Callable<Boolean>> waits = new LinkedHashMap<>();
        waits.put("tryAcquire", () -> released(client.lock(name).tryAcquire(wait)));
        waits.put("tryAcquire with options", () -> released(client.lock(name).tryAcquire(patient)));
        waits.put("acquire", () -> client.lock(name).acquire(patient).release());
        waits.put("withLock", () -> client.lock(name).withLock(patient, context -> true));
        waits.put("async", () -> released(Waiting.get(client.async().lock(name).tryAcquire(wait))));
        waits.put(
                "campaign",
                () -> client.election(name)
                        .tryCampaign("me", wait)
                        .map(leadership -> leadership.resign())
                        .orElse(false));
        waits.put(
                "set",
                () -> client.multiLock(name, name + "'")
                        .acquire(patient)
                        .release()
                        .isComplete());
        waits.put(
                "older calls",
                () -> released(Compat.of(client).lockMethods().acquire(name, Duration.ofSeconds(30), wait, 1)));
        waits.put(
                "older calls, retried",
                () -> released(Compat.of(client)
                        .lockMethods()
                        .acquire(name, Duration.ofSeconds(30), wait, Integer.MAX_VALUE)));
        waits.put(
                "wrapped",
                () -> Compat.of(client)
                        .lockMethods()
                        .wrap(
                                (Boolean in) -> in,
                                name,
                                LockMethodOptions.defaults().acquireTimeout(wait))
                        .apply(true));
        waits.put("reader", () -> released(client.readWriteLock(name).readLock().tryAcquire(wait)));
        return waits;
    }

    private static boolean released(Optional<LockHandle> granted) {
        granted.ifPresent(LockHandle::release);
        return granted.isPresent();
    }

    private static <T> CompletableFuture<T> inBackground(Callable<T> call) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Waiting.inThread(() -> {
            try {
                outcome.complete(call.call());
            } catch (Exception e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    @Test
    @Feature("C-20")
    void aHugeWaitLastsUntilTheGrant(CoordinatorClient a, CoordinatorClient b) {
        LockHandle held = b.lock("huge").acquire();
        Map<String, CompletableFuture<Boolean>> waiting = new LinkedHashMap<>();
        for (Duration wait : HUGE) {
            waits(a, "huge", wait).forEach((how, call) -> waiting.put(how + " " + wait, inBackground(call)));
        }
        for (TimeUnit unit : TimeUnit.values()) {
            waiting.put("Lock.tryLock of " + unit, inBackground(() -> {
                var lock = a.lock("huge").asLock();
                boolean locked = lock.tryLock(Long.MAX_VALUE, unit);
                lock.unlock();
                return locked;
            }));
        }
        Waiting.await("all in line").until(() -> b.lock("huge").inspect().waiterCount() == waiting.size());
        assertThat(b.lock("huge").tryAcquire(A_WHILE)).isEmpty();
        assertThat(waiting).allSatisfy((how, outcome) -> assertThat(outcome).isNotDone());
        held.release();
        waiting.forEach(
                (how, outcome) -> assertThat(Waiting.get(outcome)).as(how).isTrue());
    }

    @Test
    @Feature({"C-20", "U-04"})
    void aWaitOfNothingTriesOnce(CoordinatorClient a, CoordinatorClient b) throws Exception {
        for (Duration wait : NONE) {
            for (var one : waits(a, "none", wait).entrySet()) {
                assertThat(one.getValue().call())
                        .as("%s of %s, free", one.getKey(), wait)
                        .isTrue();
                try (LockHandle held = b.lock("none").acquire()) {
                    assertThat(triesOnce(one.getValue()))
                            .as("%s of %s, held", one.getKey(), wait)
                            .isFalse();
                    assertThat(held.isHeld()).isTrue();
                    assertThat(b.lock("none").inspect().waiterCount()).isZero();
                }
            }
        }
        assertThat(a.lock("none").asLock().tryLock(Long.MIN_VALUE, TimeUnit.DAYS))
                .isTrue();
    }

    private static boolean triesOnce(Callable<Boolean> call) throws Exception {
        try {
            return call.call();
        } catch (LockTimeoutException | MultiLockException e) {
            return false;
        }
    }

    @Test
    @Feature("C-20")
    void otherHugeWaitsLastAsWell(CoordinatorClient a, CoordinatorClient b) {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(3);
        ReadThroughOptions<String, String> cache = ReadThroughOptions.of("huge-cache", String.class, String.class);
        b.documents().open("huge");
        TransactionOptions patience =
                TransactionOptions.defaults().timeout(HUGE.get(0)).waitTimeout(HUGE.get(0));
        List<CompletableFuture<String>> work = List.of(
                inBackground(
                        () -> b.builds().getOrBuild("huge", String.class, context -> built(begun, go), HUGE.get(0))),
                inBackground(() ->
                        b.readThroughCache(cache).buildOrRetrieve("key", context -> built(begun, go), HUGE.get(0))),
                inBackground(() -> b.documents().handle("huge").transaction(patience, document -> built(begun, go))));
        Waiting.await("the work").until(() -> begun.getCount() == 0);
        var permit = b.semaphore("huge", 1).acquire();

        Map<String, CompletableFuture<?>> waiting = new LinkedHashMap<>();
        for (Duration wait : HUGE) {
            BuildOptions patient = BuildOptions.timeout(wait);
            waiting.put("builds " + wait, inBackground(() -> a.builds().get("huge", String.class, wait)));
            waiting.put(
                    "getOrBuild " + wait,
                    inBackground(() -> a.builds().getOrBuild("huge", String.class, context -> "other", patient)));
            waiting.put(
                    "buildOrRetrieve " + wait,
                    inBackground(() -> a.readThroughCache(cache).get("key", wait)));
            waiting.put(
                    "transaction " + wait,
                    inBackground(() -> a.documents()
                            .handle("huge")
                            .transaction(TransactionOptions.defaults().waitTimeout(wait), document -> "turn")));
            waiting.put(
                    "permits " + wait,
                    inBackground(() -> a.semaphore("huge", 1)
                            .acquire(1, LockOptions.defaults().wait(wait))
                            .release()));
        }
        Waiting.await("those in line")
                .until(() -> a.builds().status("huge").waiters() == 2L * HUGE.size()
                        && b.semaphore("huge", 1).inspect().waiters().size() == HUGE.size());
        assertThat(b.semaphore("huge", 1).tryAcquire(1, LockOptions.defaults().wait(A_WHILE)))
                .isEmpty();
        assertThat(waiting).allSatisfy((how, outcome) -> assertThat(outcome).isNotDone());
        go.countDown();
        permit.release();
        work.forEach(done -> assertThat(Waiting.get(done)).isEqualTo("built"));
        waiting.forEach((how, outcome) -> assertThat(Waiting.<Object>get(outcome.thenApply(any -> (Object) any)))
                .as(how)
                .isNotEqualTo("other"));
    }

    private static String built(CountDownLatch begun, CountDownLatch go) {
        begun.countDown();
        try {
            assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return "built";
    }

    @Test
    @Feature({"C-20", "JC-GET-4"})
    void aWaitOfNothingForABuildTellsThatItGoesOn(CoordinatorClient a, CoordinatorClient b) {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        var build = inBackground(() ->
                b.builds().getOrBuild("pending", String.class, context -> built(begun, go), Duration.ofSeconds(60)));
        Waiting.await("the work").until(() -> begun.getCount() == 0);
        for (Duration wait : NONE) {
            assertThatThrownBy(() -> a.builds().get("pending", String.class, wait))
                    .isInstanceOf(BuildPendingException.class);
        }
        go.countDown();
        assertThat(Waiting.get(build)).isEqualTo("built");
    }

    @Test
    @Feature({"C-20", "DL-OPT-3"})
    void aQueueThatWaitsForEverWaits(CoordinatorClient a, CoordinatorClient b) {
        for (Duration delay : HUGE) {
            CallbackQueueOptions patient = CallbackQueueOptions.defaults()
                    .delay(delay)
                    .retries(Integer.MAX_VALUE)
                    .lockTimeout(delay);
            var held = Compat.of(b).callbackQueue(patient).once("patient");
            var waiting = inBackground(() -> {
                try (var turn = Compat.of(a).callbackQueue(patient).once("patient")) {
                    return turn.isHeld();
                }
            });
            Waiting.await("the waiter")
                    .until(() -> b.namespace("dlock").lock("patient").inspect().waiterCount() == 1);
            assertThat(b.namespace("dlock").lock("patient").tryAcquire(A_WHILE)).isEmpty();
            assertThat(waiting).isNotDone();
            held.release();
            assertThat(Waiting.get(waiting)).isTrue();
        }
    }
}
