package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.MultiLock;
import io.coordinator.client.lock.MultiLockHandle;
import io.coordinator.compat.CallbackQueue;
import io.coordinator.compat.CallbackQueueOptions;
import io.coordinator.compat.Compat;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several locks at once, on three nodes. */
@CoordinatorCluster
class MultiLockScenariosTest {
    private static final int ROUNDS = 500;
    private static final int CONTENDERS = 4;
    private static final int TURNS = 60;

    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    @Feature({"S-39", "DL-MULTI-1", "DL-MULTI-2", "B-07"})
    void oneOfTwoThatNameThemInOppositeOrderWinsAndTheOtherHoldsNothing(CoordinatorClient a, CoordinatorClient b) {
        MultiLock forwards = a.multiLock("s39-1", "s39-2");
        MultiLock backwards = b.multiLock("s39-2", "s39-1");
        for (int round = 0; round < ROUNDS; round++) {
            var first =
                    (round % 2 == 0 ? a : b).async().multiLock(forwards.names()).tryAcquire();
            var second = (round % 2 == 0 ? b : a)
                    .async()
                    .multiLock(backwards.names())
                    .tryAcquire();
            List<MultiLockHandle> winners = new ArrayList<>();
            Waiting.get(first).ifPresent(winners::add);
            Waiting.get(second).ifPresent(winners::add);
            assertThat(winners).as("round %s", round).hasSize(1);
            MultiLockHandle winner = winners.get(0);
            assertThat(List.of(token(a, "s39-1"), token(b, "s39-2")))
                    .as("round %s: both or none", round)
                    .containsOnly(winner.token());
            assertThat(winner.release().isComplete()).isTrue();
            assertThat(a.lock("s39-1").inspect().holders()).isEmpty();
            assertThat(b.lock("s39-2").inspect().holders()).isEmpty();
        }
    }

    @Test
    @Feature({"S-40", "DL-MULTI-5", "B-31"})
    void aSetOfWhichOneWasReleasedByForceCannotBeExtendedAndTheOthersAreFree(CoordinatorClient a, CoordinatorClient b) {
        MultiLockHandle set = a.multiLock("s40-1", "s40-2", "s40-3")
                .acquire(LockOptions.defaults().ttl(Duration.ofSeconds(30)).autoRenew(false));
        assertThat(b.locks().forceRelease("s40-2", "alice", "stuck")).containsExactly(set.token());
        assertThatThrownBy(() -> set.extend(Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(
                        MultiLockException.class, e -> assertThat(e.locks()).containsExactly("s40-2"));
        for (String name : set.names()) {
            assertThat(b.lock(name).tryAcquire()).as(name).isPresent();
        }
        assertThat(b.locks().audit(1))
                .singleElement()
                .satisfies(record -> assertThat(record.names()).containsExactly("s40-2"));
    }

    @Test
    @Feature({"S-41", "DL-MULTI-1", "DL-MULTI-3", "DL-LOCK-4", "PM-LOCK-11"})
    void emptyNamesAndDuplicatesAreDroppedAndNoneIsRefused(CoordinatorClient a, CoordinatorClient b) {
        CallbackQueue queue = Compat.of(a).callbackQueue(CallbackQueueOptions.defaults());
        MultiLockHandle set = queue.multi("s41a", List.of("s41a", "s41b"), "");
        assertThat(set.names()).containsExactly("s41a", "s41b");
        String namespace = CallbackQueueOptions.defaults().lockPrefix();
        for (String name : set.names()) {
            assertThat(b.namespace(namespace).lock(name).inspect().holders())
                    .singleElement()
                    .extracting(LockInspection.Hold::token)
                    .isEqualTo(set.token());
        }
        assertThat(queue.heldLocks()).extracting(Grant::token).containsExactly(set.token());
        assertThatThrownBy(queue::multi)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("at least 1 action must be supplied");
        assertThat(queue.heldLocks()).hasSize(1);
    }

    @Test
    @Feature({"B-07", "B-08", "G-6"})
    void setsThatOverlapAllHaveTheirTurnWhileTheLeaderIsKilled(Cluster cluster) {
        Map<String, Long> inside = new ConcurrentHashMap<>();
        AtomicInteger turns = new AtomicInteger();
        List<CompletableFuture<Void>> contenders = new ArrayList<>();
        for (int i = 0; i < CONTENDERS; i++) {
            CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
            Random random = new Random(seed + i);
            contenders.add(CompletableFuture.runAsync(() -> {
                for (int turn = 0; turn < TURNS; turn++) {
                    takeTurn(client, someNames(random), inside);
                    turns.incrementAndGet();
                }
            }));
        }
        Waiting.await("a good part of the turns").until(() -> turns.get() > TURNS);
        String killed = cluster.awaitLeader();
        cluster.kill(killed);
        cluster.awaitLeaderOtherThan(killed);
        cluster.start(killed);
        contenders.forEach(Waiting::get);
        assertThat(turns).as("seed %s", seed).hasValue(CONTENDERS * TURNS);
        cluster.awaitEqualDigests();
    }

    private void takeTurn(CoordinatorClient client, List<String> names, Map<String, Long> inside) {
        try (MultiLockHandle set = client.multiLock(names).acquire()) {
            for (String name : names) {
                assertThat(inside.put(name, set.token()))
                        .as("somebody else in %s, seed %s", name, seed)
                        .isNull();
            }
            names.forEach(inside::remove);
        }
    }

    private static List<String> someNames(Random random) {
        List<String> names = new ArrayList<>(List.of("o1", "o2", "o3", "o4", "o5"));
        Collections.shuffle(names, random);
        return names.subList(0, 3);
    }

    private static long token(CoordinatorClient client, String name) {
        Optional<LockInspection.Hold> holder = client.lock(name).inspect().holder();
        return holder.map(LockInspection.Hold::token).orElse(0L);
    }
}
