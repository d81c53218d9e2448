package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LossReason;
import io.coordinator.compat.Compat;
import io.coordinator.compat.ExclusiveLock;
import io.coordinator.compat.ExclusiveLockInspection;
import io.coordinator.compat.ExclusiveLockListener;
import io.coordinator.compat.ExclusiveLockOptions;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Locks that refresh themselves, while leaders die and clients are cut off. */
@CoordinatorCluster(config = {"election-timeout-min-millis=300", "election-timeout-max-millis=600"})
class ExclusiveLockScenariosTest {
    private static final Duration HELD = Duration.ofSeconds(10);

    /** What a listener heard, in order, and when. */
    private static final class Heard implements ExclusiveLockListener {
        private record News(String what, long nanos) {}

        private final List<News> news = new CopyOnWriteArrayList<>();

        private void add(String what) {
            news.add(new News(what, System.nanoTime()));
        }

        @Override
        public void onAcquired(String key, long token) {
            add("acquired");
        }

        @Override
        public void onRefreshed(String key, long lockTtlMillis, long deadlineMillis) {
            add("refreshed");
        }

        @Override
        public void onReleased(String key, ReleaseReason reason) {
            add("released " + reason);
        }

        @Override
        public void onError(String key, CoordinatorException error) {
            add("error");
        }

        @Override
        public void onLost(String key, LossReason reason) {
            add("lost " + reason);
        }

        long count(String what) {
            return news.stream().filter(one -> one.what().equals(what)).count();
        }

        List<String> all() {
            return news.stream().map(News::what).toList();
        }

        List<String> exceptRefreshes() {
            return all().stream().filter(what -> !what.equals("refreshed")).toList();
        }

        long nanosOfLast() {
            return news.get(news.size() - 1).nanos();
        }
    }

    @Test
    @Feature({"S-42", "EL-REF-1", "EL-REF-2", "EL-EVT-2", "EL-INS-1", "EL-INS-4", "EL-OPT-4", "A-31", "DL-HA-1"})
    void staysHeldThroughTheLossOfTheLeader(Cluster cluster, CoordinatorClient a, CoordinatorClient b) {
        ExclusiveLock held = Compat.of(a).exclusiveLock(options("s42").lockContents("a's"));
        ExclusiveLock other = Compat.of(b).exclusiveLock(options("s42").lockContents("b's"));
        Heard heard = new Heard();
        held.addListener(heard);
        assertThat(held.acquire()).isTrue();
        long end = System.nanoTime() + HELD.toNanos();
        CompletableFuture<String> failover = CompletableFuture.supplyAsync(() -> {
            Waiting.await("some refreshes").until(() -> heard.count("refreshed") >= 2);
            String old = cluster.awaitLeader();
            cluster.kill(old);
            return cluster.awaitLeaderOtherThan(old);
        });
        while (System.nanoTime() - end < 0) {
            assertThat(other.acquire()).isFalse();
            ExclusiveLockInspection seen = other.inspect().orElseThrow();
            assertThat(seen.lockContents().textValue()).isEqualTo("a's");
            assertThat(seen.lockTtlMillis()).isBetween(1L, 3000L);
            assertThat(held.isAcquired()).isTrue();
            Waiting.pass(Duration.ofMillis(50));
        }
        Waiting.get(failover);
        assertThat(heard.exceptRefreshes()).containsExactly("acquired");
        assertThat(heard.count("refreshed"))
                .isBetween(
                        HELD.toMillis() / 3000,
                        HELD.toMillis() / held.lockRefresh().toMillis() + 1);
        held.release();
        assertThat(other.acquire()).isTrue();
        Waiting.await("the last event").until(() -> heard.exceptRefreshes().contains("released RELEASED"));
        long refreshes = heard.count("refreshed");
        Waiting.pass(held.lockRefresh().multipliedBy(2));
        assertThat(heard.count("refreshed")).as("after the release").isEqualTo(refreshes);
    }

    @Test
    @Feature({"S-43", "EL-REF-3", "EL-REF-4", "EL-REL-2", "EL-PROP-1", "A-33", "G-13"})
    void isLostInTimeWhenItsClientIsCutOffAndDisturbsTheNextNoMore(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("s43");
        CoordinatorClient a = cluster.client(links, settings -> settings.sessionLease(Duration.ofSeconds(20)));
        ExclusiveLock lost = Compat.of(a).exclusiveLock(options("s43"));
        ExclusiveLock next = Compat.of(b).exclusiveLock(options("s43"));
        Heard heard = new Heard();
        lost.addListener(heard);
        assertThat(lost.acquire()).isTrue();
        Waiting.await("a refresh").until(() -> heard.count("refreshed") >= 1);
        links.isolate();
        Waiting.await("the next holder").until(next::acquire);
        long acquired = System.nanoTime();
        assertThat(lost.isAcquired()).isFalse();
        Waiting.await("what the loser hears").until(() -> heard.all().contains("released LOST"));
        assertThat(heard.exceptRefreshes()).containsExactly("acquired", "error", "lost TTL_ELAPSED", "released LOST");
        assertThat(heard.nanosOfLast()).as("told before the next one acquired").isLessThan(acquired);
        links.heal();
        assertThat(a.cache().get("s43")).as("reached again").isEmpty();
        lost.release();
        lost.close();
        assertThat(next.isAcquired()).isTrue();
        assertThat(b.lock(next.key()).verify(next.token().orElseThrow())).isTrue();
        assertThat(lost.acquire()).isFalse();
    }

    @Test
    @Feature({"S-44", "EL-OPT-5", "EL-ACQ-2", "EL-INS-2", "EL-REL-1"})
    void badOptionsAreRefusedAndRepeatedCallsDoNoHarm(CoordinatorClient a, CoordinatorClient b) {
        refused(a, options("s44").lockTtlMillis(500).lockRefreshMillis(100), "must be at least 500ms less");
        refused(a, options("s44").lockTtlMillis(5000), "Input validation failed");
        refused(a, ExclusiveLockOptions.defaults(), "Input validation failed");
        refused(a, options("s44").lockContents(null), "Input validation failed");
        ExclusiveLock lock = Compat.of(a).exclusiveLock(options("s44"));
        ExclusiveLock other = Compat.of(b).exclusiveLock(options("s44"));
        assertThat(other.inspect()).isEmpty();
        Heard heard = new Heard();
        lock.addListener(heard);
        assertThat(lock.acquire()).isTrue();
        assertThat(lock.acquire()).isTrue();
        other.release();
        assertThat(lock.isAcquired()).isTrue();
        assertThat(other.inspect()).isPresent();
        lock.release();
        lock.release();
        Waiting.await("the release").until(() -> heard.all().contains("released RELEASED"));
        assertThat(heard.exceptRefreshes()).containsExactly("acquired", "released RELEASED");
        assertThat(other.inspect()).isEmpty();
    }

    @Test
    @Feature({"EL-OPT-9", "EL-OPT-10", "EL-OPT-2", "EL-CTOR-1", "A-32", "G-16"})
    void itsKeyIsALockLikeAnyOther(CoordinatorClient a, CoordinatorClient b) {
        ExclusiveLock lock = Compat.of(a).exclusiveLock(options("some deployment \"name\" with spaces"));
        assertThat(lock.key()).isEqualTo("exclusive-lock:some-deployment-name-with-spaces");
        assertThat(lock.acquire()).isTrue();
        assertThat(b.lock(lock.key()).tryAcquire()).isEmpty();
        assertThat(b.lock("exclusive-lock:some deployment \"name\" with spaces").tryAcquire())
                .as("names of plain locks are exact")
                .isPresent();
        lock.release();
        assertThat(b.lock(lock.key()).tryAcquire()).isPresent();
    }

    @Test
    @Feature("C-41")
    void namesInOtherScriptsStayDifferentAndLongOnesAreRefused(CoordinatorClient a, CoordinatorClient b) {
        ExclusiveLock nightly = Compat.of(a).exclusiveLock(options("夜間レポート"));
        ExclusiveLock backup = Compat.of(b).exclusiveLock(options("全量备份"));
        assertThat(nightly.acquire()).isTrue();
        assertThat(backup.acquire()).isTrue();
        assertThat(Compat.of(b).exclusiveLock(options("夜間レポート")).acquire()).isFalse();
        nightly.release();
        backup.release();
        ExclusiveLock longest = Compat.of(a).exclusiveLock(options("夜".repeat(336)));
        assertThat(longest.acquire()).isTrue();
        longest.release();
        ExclusiveLock tooLong = Compat.of(a).exclusiveLock(options("夜".repeat(340)));
        assertThatThrownBy(tooLong::acquire).isInstanceOf(PayloadTooLargeException.class);
    }

    @Test
    @Feature({"EL-REF-5", "A-33"})
    void oneThatIsStrictGivesUpAtTheFirstRefreshThatFails(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("strict");
        CoordinatorClient a = cluster.client(
                links, settings -> settings.sessionLease(Duration.ofSeconds(20)).requestTimeout(Duration.ofSeconds(1)));
        ExclusiveLock strict = Compat.of(a)
                .exclusiveLock(options("strict")
                        .lockTtlMillis(20_000)
                        .lockRefreshMillis(500)
                        .strictRefresh(true));
        Heard heard = new Heard();
        strict.addListener(heard);
        assertThat(strict.acquire()).isTrue();
        Waiting.await("a refresh").until(() -> heard.count("refreshed") >= 1);
        links.isolate();
        Waiting.await("it gives up").until(() -> heard.all().contains("released LOST"));
        assertThat(strict.isAcquired()).isFalse();
        assertThat(heard.exceptRefreshes()).containsExactly("acquired", "error", "error", "released LOST");
        links.heal();
        ExclusiveLock next = Compat.of(b).exclusiveLock(options("strict"));
        Waiting.await("its release arrives long before its ttl").until(next::acquire);
    }

    @Test
    @Feature({"EL-ACQ-3", "EL-REL-3", "EL-INS-3"})
    void withoutAMajorityNothingIsSaidThatIsNotKnown(Cluster cluster) {
        CoordinatorClient client = cluster.client(
                settings -> settings.sessionLease(Duration.ofSeconds(30)).requestTimeout(Duration.ofSeconds(1)));
        ExclusiveLock held = Compat.of(client).exclusiveLock(options("quorum"));
        ExclusiveLock other = Compat.of(client).exclusiveLock(options("quorum"));
        assertThat(held.acquire()).isTrue();
        cluster.followers().forEach(cluster::kill);
        assertThatThrownBy(held::release).isInstanceOf(CoordinatorException.class);
        assertThat(held.isAcquired()).isFalse();
        assertThatThrownBy(other::acquire).isInstanceOf(CoordinatorException.class);
        assertThatThrownBy(other::inspect).isInstanceOf(CoordinatorException.class);
    }

    private static ExclusiveLockOptions options(String name) {
        return ExclusiveLockOptions.named(name);
    }

    private static void refused(CoordinatorClient client, ExclusiveLockOptions options, String message) {
        assertThatThrownBy(() -> Compat.of(client).exclusiveLock(options))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(message);
    }
}
