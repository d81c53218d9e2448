package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Locks and counters while leaders die and links break. */
@CoordinatorCluster
class FailoverScenariosTest {

    @Test
    @Feature({"S-19", "PM-ATOM-10", "G-5"})
    void countersLoseAndDoubleNothingWhileTheLeaderIsKilledTwice(Cluster cluster) {
        ConcurrentLinkedQueue<Long> values = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            CoordinatorClient client = cluster.client();
            clients.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 50; n++) {
                    values.add(client.cache().increment("s19", 1));
                }
            }));
        }
        for (int progress : List.of(50, 150)) {
            Waiting.await("progress").until(() -> values.size() >= progress);
            String leader = cluster.awaitLeader();
            cluster.kill(leader);
            cluster.awaitLeaderOtherThan(leader);
            cluster.start(leader);
        }
        clients.forEach(Waiting::get);
        assertThat(values).hasSize(250).doesNotHaveDuplicates();
        assertThat(Collections.max(values)).isEqualTo(250);
        cluster.awaitEqualDigests();
    }

    /** A client whose session outlives an election, however slow the machine. */
    private static CoordinatorClient patient(Cluster cluster) {
        return cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
    }

    @Test
    @Feature({"S-26", "B-08", "G-6"})
    void waitersSurviveTheLeaderInTheirOrder(Cluster cluster) {
        CoordinatorClient a = patient(cluster);
        LockHandle held = a.lock("s26").acquire();
        ConcurrentLinkedQueue<Integer> grants = new ConcurrentLinkedQueue<>();
        AtomicLong completions = new AtomicLong();
        List<CompletableFuture<LockHandle>> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            CompletableFuture<LockHandle> waiter =
                    patient(cluster).async().lock("s26").acquire().toCompletableFuture();
            waiters.add(waiter.whenComplete((handle, failure) -> {
                completions.incrementAndGet();
                grants.add(number);
            }));
            int expected = i + 1;
            Waiting.await("the waiter is queued")
                    .until(() -> a.lock("s26").inspect().waiters().size() == expected);
        }
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        cluster.awaitLeaderOtherThan(leader);
        assertThat(a.lock("s26").verify(held.token())).isTrue();
        assertThat(held.isHeld()).isTrue();
        assertThat(grants).isEmpty();
        assertThat(held.release()).isTrue();
        for (CompletableFuture<LockHandle> waiter : waiters) {
            assertThat(Waiting.get(waiter).release()).isTrue();
        }
        assertThat(grants).containsExactly(0, 1, 2, 3, 4);
        assertThat(completions).hasValue(5);
    }

    @Test
    @Feature({"S-14", "G-5"})
    void aLostReplyIsAskedForAgainAndTheCommandHappenedOnce(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("s14");
        CoordinatorClient a = cluster.client(links, settings -> settings);
        links.dropReplies();
        CompletableFuture<Long> lost = a.async().cache().increment("s14", 1).toCompletableFuture();
        Waiting.await("the effect").until(() -> b.cache().get("s14").isPresent());
        links.heal();
        assertThat(Waiting.get(lost)).isEqualTo(1);
        assertThat(b.cache().increment("s14", 0)).isEqualTo(1);
    }

    @Test
    @Feature({"S-14", "G-5"})
    void aLostReplyIsFoundOnAnotherLeader(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("s14f");
        CoordinatorClient a = cluster.client(links, settings -> settings.sessionLease(Duration.ofSeconds(60)));
        links.dropReplies();
        CompletableFuture<Long> lost = a.async().cache().increment("s14f", 1).toCompletableFuture();
        Waiting.await("the effect").until(() -> b.cache().get("s14f").isPresent());
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        cluster.awaitLeaderOtherThan(leader);
        links.heal();
        assertThat(Waiting.get(lost)).isEqualTo(1);
        assertThat(b.cache().increment("s14f", 0)).isEqualTo(1);
    }

    @Test
    @Feature({"S-32", "G-5"})
    void aLostGrantIsAskedForAgainAndIsTheSameGrant(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("s32");
        CoordinatorClient a = cluster.client(links, settings -> settings);
        links.dropReplies();
        CompletableFuture<Optional<LockHandle>> lost =
                a.async().lock("s32").tryAcquire().toCompletableFuture();
        Waiting.await("the grant").until(() -> b.lock("s32").inspect().holder().isPresent());
        long token = b.lock("s32").inspect().holder().orElseThrow().token();
        links.heal();
        LockHandle granted = Waiting.grant(lost);
        assertThat(granted.token()).isEqualTo(token);
        assertThat(granted.isHeld()).isTrue();
        assertThat(granted.release()).isTrue();
    }

    @Test
    @Feature({"S-33", "G-13"})
    void aHolderThatIsCutOffKnowsBeforeTheNextIsGranted(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("s33");
        CoordinatorClient a = cluster.client(links, settings -> settings);
        LockHandle held = a.lock("s33").acquire();
        AtomicLong lostAt = new AtomicLong();
        CompletableFuture<Void> lost =
                held.lost().thenAccept(reason -> lostAt.set(System.nanoTime())).toCompletableFuture();
        CompletableFuture<LockHandle> waiter = b.async().lock("s33").acquire().toCompletableFuture();
        AtomicLong grantedAt = new AtomicLong();
        CompletableFuture<Boolean> heldAtGrant = waiter.thenApply(handle -> {
            grantedAt.set(System.nanoTime());
            return held.isHeld();
        });
        links.isolate();
        assertThat(Waiting.get(heldAtGrant)).isFalse();
        Waiting.get(lost);
        assertThat(lostAt.get()).isLessThan(grantedAt.get());
    }

    @Test
    @Feature({"S-35", "G-2", "B-03"})
    void anIsolatedLeaderAnswersNothingAndItsClientLosesNothing(Cluster cluster, CoordinatorClient b) {
        b.cache().put("s35", "before");
        ClientLinks links = cluster.clientLinks("s35");
        CoordinatorClient a = cluster.client(links, settings -> settings.sessionLease(Duration.ofSeconds(60)));
        a.ping();
        String old = cluster.awaitLeader();
        links.reachOnly(List.of(old));
        cluster.peers().isolate(old);
        CompletableFuture<Optional<LockHandle>> lock =
                a.async().lock("s35").tryAcquire().toCompletableFuture();
        CompletableFuture<Long> increment =
                a.async().cache().increment("s35-count", 1).toCompletableFuture();
        cluster.awaitLeaderOtherThan(old);
        b.cache().put("s35", "after");
        CompletableFuture<String> read = a.async()
                .cache()
                .get("s35")
                .thenApply(entry -> entry.orElseThrow().value().textValue())
                .toCompletableFuture();
        assertThat(b.lock("s35-b").tryAcquire()).isPresent();
        Waiting.await("nothing is answered")
                .during(Duration.ofSeconds(2))
                .until(() -> !lock.isDone() && !increment.isDone() && !read.isDone());
        cluster.peers().heal();
        links.heal();
        assertThat(Waiting.get(read)).isEqualTo("after");
        assertThat(Waiting.grant(lock).isHeld()).isTrue();
        assertThat(Waiting.get(increment)).isEqualTo(1);
        assertThat(b.cache().increment("s35-count", 0)).isEqualTo(1);
        cluster.awaitEqualDigests();
    }

    /** No read is older than what was told before it, also of a leader that has just let go; and no write is repeated. */
    @Test
    @Feature({"S-78", "G-2", "G-5"})
    void leadershipGoesRoundUnderLoadAndNobodyNoticesButByTheWait(Cluster cluster, CoordinatorClient admin) {
        LockHandle held = cluster.client().lock("s78-held").acquire();
        CoordinatorClient reader = cluster.client();
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong told = new AtomicLong(reader.cache().increment("s78", 1));
        ConcurrentLinkedQueue<Long> values = new ConcurrentLinkedQueue<>(List.of(1L));
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        clients.add(CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                long before = told.get();
                assertThat(reader.cache().get("s78").orElseThrow().value().longValue())
                        .isGreaterThanOrEqualTo(before);
            }
        }));
        for (int i = 0; i < 3; i++) {
            CoordinatorClient writer = cluster.client();
            clients.add(CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    long value = writer.cache().increment("s78", 1);
                    values.add(value);
                    told.accumulateAndGet(value, Math::max);
                }
            }));
        }
        for (int round = 0; round < 3; round++) {
            long before = told.get();
            String old = cluster.awaitLeader();
            Waiting.await("a hand-over")
                    .pollInterval(Duration.ofMillis(100)) // one after the other, and not at once
                    .ignoreExceptionsInstanceOf(CoordinatorException.class)
                    .until(() -> !admin.transferLeadership().equals(old));
            cluster.awaitLeaderOtherThan(old);
            Waiting.await("progress").until(() -> told.get() > before + 50);
        }
        over.set(true);
        clients.forEach(Waiting::get);
        assertThat(values).doesNotHaveDuplicates().hasSize((int) told.get());
        assertThat(held.isHeld()).isTrue();
        assertThat(admin.lock("s78-held").verify(held.token())).isTrue();
        cluster.awaitEqualDigests();
    }
}
