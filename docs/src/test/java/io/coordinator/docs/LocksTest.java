package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.lock.DistributedReadWriteLock;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.LeaderElection;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.Locks;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.lock.MultiLockHandle;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.lock.RenewalListener;
import io.coordinator.client.lock.RenewalOptions;
import io.coordinator.client.watch.Subscription;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The examples of docs/locks.md, against three servers. */
@CoordinatorCluster
class LocksTest {
    // spotless:off
    // snippet: fenced-store
    /** A store outside the cluster: it keeps the largest token it was shown, and refuses what comes with a smaller one. */
    static final class ReportStore {
        private final List<String> lines = new ArrayList<>();
        private long largestToken;

        synchronized void append(String line, long token) {
            if (token < largestToken) {
                throw new IllegalStateException("token " + token + " is stale: " + largestToken + " was here already");
            }
            largestToken = token;
            lines.add(line);
        }

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }
    }
    // end
    // spotless:on

    @Test
    @Feature({"PM-FENCE-10", "G-8"})
    void aResourceRejectsAStaleToken(CoordinatorClient client, CoordinatorClient other) {
        ReportStore store = new ReportStore();
        // spotless:off
        // snippet: stale-token
        LockOptions half = LockOptions.defaults().ttl(Duration.ofMillis(500)).autoRenew(false);
        LockHandle slow = client.lock("report").acquire(half);
        store.append("slow begins", slow.token());

        // slow is paused here for longer than its ttl, and somebody else gets the lock:
        LockHandle next = other.lock("report").acquire();
        store.append("next begins", next.token());

        // slow wakes up, has not looked at its handle, and writes. The store refuses.
        assertThatThrownBy(() -> store.append("slow goes on", slow.token())).hasMessageContaining("is stale");
        // end
        // spotless:on
        assertThat(store.lines()).containsExactly("slow begins", "next begins");
        assertThat(slow.isHeld()).isFalse();
        // spotless:off
        // snippet: guarded-write
        assertThatThrownBy(() -> client.cache().guardedBy(slow.guard()).put("report/state", "slow"))
                .isInstanceOf(FencedException.class);
        other.cache().guardedBy(next.guard()).put("report/state", "next");
        // end
        // snippet: verify
        boolean live = client.lock("report").verify(next.token());
        // end
        // spotless:on
        assertThat(live).isTrue();
        assertThat(client.lock("report").verify(slow.token())).isFalse();
    }

    @Test
    @Feature({"PM-LOCK-1", "PM-LOCK-2", "PM-LOCK-9"})
    void oneLock(CoordinatorClient client) throws Exception {
        // spotless:off
        // snippet: lock
        // The usual way: wait, run, release. Writes through the context are refused once the lock is gone.
        int paid = client.lock("orders/42").withLock(lock -> {
            lock.cache().put("orders/42/state", "paid");
            return 1;
        });

        // Or by hand. Empty if somebody else holds it.
        Optional<LockHandle> free = client.lock("orders/43").tryAcquire();

        // Or in line for at most ten seconds, with something for others to read.
        LockOptions options = LockOptions.defaults().wait(Duration.ofSeconds(10)).contents(Map.of("host", "web-1"));
        try (LockHandle lock = client.lock("orders/44").acquire(options)) {
            lock.lost().thenAccept(reason -> stopWorking(reason));
            if (lock.isHeld()) {
                System.out.println("held under token " + lock.token());
            }
        }
        // end
        // spotless:on
        assertThat(paid).isEqualTo(1);
        assertThat(free).isPresent();
        assertThat(client.lock("orders/44").inspect().holders()).isEmpty();
    }

    private static void stopWorking(LossReason reason) {
        System.out.println("lost: " + reason);
    }

    @Test
    @Feature({"PM-LOCK-7", "B-22"})
    void againAndAdapted(CoordinatorClient client) throws Exception {
        // spotless:off
        // snippet: reentrant
        LockOptions mine = LockOptions.defaults().reentrant("billing");
        LockHandle outer = client.lock("invoice").acquire(mine);
        LockHandle inner = client.lock("invoice").acquire(mine); // the same grant, entered once more
        inner.release();
        outer.release(); // and now it is free
        // end
        // snippet: adapter
        Lock lock = client.lock("legacy").asLock();
        if (lock.tryLock(1, TimeUnit.SECONDS)) {
            try {
                System.out.println("in code that knows only java.util.concurrent");
            } finally {
                lock.unlock();
            }
        }
        // end
        // spotless:on
        assertThat(inner.token()).isEqualTo(outer.token());
        assertThat(client.lock("invoice").inspect().holders()).isEmpty();
        assertThat(client.lock("legacy").inspect().holders()).isEmpty();
    }

    @Test
    @Feature({"B-07", "B-19"})
    void severalAndShared(CoordinatorClient client) {
        // spotless:off
        // snippet: multi
        // All or none, whatever the order of the names: two clients that name them differently cannot deadlock.
        try (MultiLockHandle both = client.multiLock("accounts/1", "accounts/2").acquire()) {
            client.cache().guardedBy(both.guard("accounts/1")).put("accounts/1", -5);
            client.cache().guardedBy(both.guard("accounts/2")).put("accounts/2", 5);
        }
        // end
        // snippet: read-write
        DistributedReadWriteLock catalogue = client.readWriteLock("catalogue");
        try (LockHandle writer = catalogue.writeLock().acquire()) {
            writer.downgrade(); // still held, now with other readers
            try (LockHandle reader = catalogue.readLock().acquire()) {
                System.out.println("two readers: " + writer.token() + ", " + reader.token());
            }
        }
        // end
        // spotless:on
        assertThat(client.cache().get("accounts/2").orElseThrow().as(Integer.class))
                .isEqualTo(5);
        assertThat(client.lock("catalogue").inspect().holders()).isEmpty();
    }

    @Test
    @Feature({"B-21", "B-20", "DL-SER-1"})
    void permitsLeadersTurns(CoordinatorClient client, CoordinatorClient other) throws Exception {
        List<String> leaders = new CopyOnWriteArrayList<>();
        // spotless:off
        // snippet: semaphore
        DistributedSemaphore licences = client.semaphore("licences", 3);
        try (Permit two = licences.acquire(2)) {
            System.out.println(two.permits() + " of " + licences.inspect().limit());
        }
        licences.resize(5);
        // end
        // snippet: election
        LeaderElection election = client.election("scheduler");
        try (Leadership leadership = election.campaign("web-1")) {
            leadership.lost().thenAccept(reason -> stopWorking(reason));
            client.cache().guardedBy(leadership.guard()).put("scheduler/last-run", 1);
        }

        Subscription observation = other.election("scheduler")
                .observe(leader -> leaders.add(leader.map(it -> "epoch " + it.epoch()).orElse("nobody")));
        // end
        // snippet: serial
        // One after another in the whole cluster, in the order of the calls; a job that fails lets the next one go on.
        String result = client.lock("migrations").withLock(LockOptions.defaults().waitForever(), lock -> "done");
        // end
        // snippet: in-turn-async
        CompletionStage<String> later = client.async()
                .lock("migrations")
                .withLock(LockOptions.defaults().waitForever(), lock -> client.async().run(() -> "done"));
        // end
        // spotless:on
        assertThat(result).isEqualTo("done");
        assertThat(later.toCompletableFuture().join()).isEqualTo("done");
        Awaitility.await().untilAsserted(() -> assertThat(leaders).containsExactly("nobody"));
        try (Leadership again = election.campaign()) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(leaders).containsExactly("nobody", "epoch " + again.epoch()));
        }
        observation.close();
    }

    @Test
    @Feature("EL-EVT-2")
    void renewals(CoordinatorClient client) {
        List<Long> deadlines = new CopyOnWriteArrayList<>();
        // spotless:off
        // snippet: renewals
        RenewalOptions renewal = RenewalOptions.every(Duration.ofSeconds(1)).listener(new RenewalListener() {
            @Override
            public void onRenewed(long deadlineMillis) {
                deadlines.add(deadlineMillis);
            }
        });
        LockOptions threeSeconds = LockOptions.defaults().ttl(Duration.ofSeconds(3)).renewal(renewal);
        LockHandle renewed = client.lock("report").acquire(threeSeconds);
        // end
        // spotless:on
        Awaitility.await().until(() -> !deadlines.isEmpty());
        assertThat(renewed.release()).isTrue();
    }

    @Test
    @Feature({"B-30", "B-31"})
    void whatIsHeld(CoordinatorClient client, CoordinatorClient operator) {
        LockHandle stuck = client.lock("stuck").acquire();
        // spotless:off
        // snippet: diagnostics
        Locks locks = operator.locks();
        locks.list("").forEach(lock -> System.out.println(lock.name() + " " + lock.holders() + ", waiting: " + lock.waiters()));
        locks.waitCycles().forEach(circle -> System.out.println("they wait for each other: " + circle.members()));
        List<Long> ended = locks.forceRelease("stuck", "alice", "host is gone, ticket 42");
        // end
        // spotless:on
        assertThat(ended).containsExactly(stuck.token());
        assertThat(stuck.lost().toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(LossReason.FORCED);
        assertThat(locks.audit().get(0).operator()).isEqualTo("alice");
    }
}
