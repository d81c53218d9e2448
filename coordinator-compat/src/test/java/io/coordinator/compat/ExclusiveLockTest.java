package io.coordinator.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.ClientFixture;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.Logged;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.option.Guard;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A lock that refreshes itself and tells of its life. */
class ExclusiveLockTest extends ClientFixture {
    @Test
    @Feature({"S-44", "EL-OPT-1", "EL-OPT-6", "EL-OPT-7", "EL-OPT-8", "EL-ERR-1"})
    void exclusiveLockChecksItsOptions() {
        CoordinatorClient client = connect();
        ExclusiveLockOptions named = ExclusiveLockOptions.named("n");
        assertThatThrownBy(() ->
                        Compat.of(client).exclusiveLock(named.lockTtlMillis(500).lockRefreshMillis(100)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("lock_refresh_ms must be at least 500ms less than lock_ttl_ms")
                .hasMessageContaining("lock_ttl_ms=500, lock_refresh_ms=100");
        assertProblem(client, named.lockTtlMillis(3000), "/lock_refresh_ms");
        assertProblem(client, ExclusiveLockOptions.defaults(), "/name");
        assertProblem(client, named.name(""), "/name");
        assertProblem(client, named.lockContents(null), "/lock_contents");
    }

    @Test
    @Feature({"S-44", "EL-ERR-1", "U-14"})
    void theExclusiveLocksMessageNamesEachOptionItsValueAndTheRule() {
        CoordinatorClient client = connect();
        ExclusiveLockOptions named = ExclusiveLockOptions.named("n");
        assertMessage(client, ExclusiveLockOptions.defaults(), "must have required property 'name'");
        assertMessage(client, named.name(""), "name must NOT have fewer than 1 characters, but is ''");
        assertMessage(client, named.lockContents(null), "lock_contents must not be null");
        assertMessage(
                client,
                named.lockTtlMillis(-7).lockRefreshMillis(0),
                "lock_refresh_ms must be at least 1, but is 0; lock_ttl_ms must be at least 1, but is -7");
        assertMessage(
                client,
                named.lockTtlMillis(3000),
                "must have property lock_refresh_ms when property lock_ttl_ms is present");
        assertMessage(
                client,
                named.lockRefreshMillis(1000),
                "must have property lock_ttl_ms when property lock_refresh_ms is present");
    }

    private static void assertMessage(CoordinatorClient client, ExclusiveLockOptions options, String message) {
        assertThatThrownBy(() -> Compat.of(client).exclusiveLock(options))
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith("EINVAL: Input validation failed: ")
                .hasMessageContaining(message);
    }

    private static void assertProblem(CoordinatorClient client, ExclusiveLockOptions options, String path) {
        assertThatThrownBy(() -> Compat.of(client).exclusiveLock(options))
                .hasMessageContaining("Input validation failed")
                .isInstanceOfSatisfying(
                        ValidationException.class,
                        e -> assertThat(e.errors())
                                .extracting(ValidationException.Problem::path)
                                .containsExactly(path));
    }

    @Test
    @Feature({"C-25", "EL-EVT-1"})
    void aListenerThatIsAddedTwiceIsRemovedOnceByEachOfItsRegistrations() {
        ExclusiveLock lock = closing(Compat.of(connect()).exclusiveLock(ExclusiveLockOptions.named("n")));
        AtomicInteger heard = new AtomicInteger();
        ExclusiveLockListener listener = new ExclusiveLockListener() {
            @Override
            public void onAcquired(String key, long token) {
                heard.incrementAndGet();
            }
        };
        Registration first = lock.addListener(listener);
        var second = lock.addListener(listener);
        first.close();
        first.close();
        assertThat(lock.acquire()).isTrue();
        soon().untilAsserted(() -> assertThat(heard).hasValue(1));
        second.close();
    }

    @Test
    @Feature({"C-41", "EL-OPT-10"})
    void exclusiveLocksWithNamesInAnyScriptStayDifferent() {
        CoordinatorClient client = connect();
        List<String> names = List.of(
                "夜間レポート",
                "全量备份",
                "отчёт",
                "Отчёт",
                "תקציר",
                "تقرير",
                "\uD83D\uDE00",
                "\uD83D\uDE01",
                "caf\u00E9",
                "cafe\u0301",
                "cafe",
                "Cafe",
                "ı",
                "i",
                "a b",
                "a_b",
                "a\u3000b",
                "夜 間",
                "夜間",
                "１",
                "1");
        List<String> keys = new ArrayList<>();
        for (String name : names) {
            ExclusiveLock lock = Compat.of(client).exclusiveLock(ExclusiveLockOptions.named(name));
            keys.add(lock.key());
            assertThat(lock.acquire()).as(name).isTrue();
        }
        assertThat(keys).doesNotHaveDuplicates().startsWith("exclusive-lock:夜間レポート", "exclusive-lock:全量备份");
        assertThat(Compat.of(client)
                        .exclusiveLock(ExclusiveLockOptions.named("a").keyPrefix("夜"))
                        .acquire())
                .isTrue();
        assertThat(Compat.of(client)
                        .exclusiveLock(ExclusiveLockOptions.named("a").keyPrefix("全"))
                        .acquire())
                .isTrue();
        assertThatThrownBy(() -> Compat.of(client).exclusiveLock(ExclusiveLockOptions.named("a\uD83D")))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> Compat.of(client)
                        .exclusiveLock(ExclusiveLockOptions.named("a").keyPrefix("\uD83D")))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature({"S-44", "EL-OPT-10", "EL-ACQ-1", "EL-ACQ-2", "EL-ACQ-4", "EL-REL-1", "EL-INS-1", "EL-INS-2", "EL-EVT-1"})
    void exclusiveLockTellsOfItsLife() throws InterruptedException {
        CoordinatorClient client = connect();
        ExclusiveLock lock = Compat.of(client)
                .exclusiveLock(ExclusiveLockOptions.named("some \"name\" here")
                        .lockTtlMillis(700)
                        .lockRefreshMillis(50)
                        .lockContents("me"));
        assertThat(lock.key()).isEqualTo("exclusive-lock:some-name-here");
        assertThat(lock.inspect()).isEmpty();
        lock.release();
        BlockingQueue<String> events = listen(lock);
        assertThat(lock.acquire()).isTrue();
        assertThat(lock.acquire()).isTrue();
        assertThat(events.take()).isEqualTo("acquired");
        assertThat(events.take()).isEqualTo("refreshed 700");
        assertThat(lock.inspect().orElseThrow().lockContents()).hasToString("\"me\"");
        assertThat(Compat.of(client)
                        .exclusiveLock(ExclusiveLockOptions.named("some name here"))
                        .acquire())
                .isFalse();
        lock.release();
        assertThat(lock.isAcquired()).isFalse();
        soon().until(() -> events.contains("released RELEASED"));
        assertThat(lock.acquire()).isTrue();
        lock.close();
    }

    @Test
    @Feature({"S-43", "EL-REF-3", "EL-REF-4", "EL-EVT-3", "EL-EVT-4"})
    void lostExclusiveLockTellsErrorLostAndReleased() throws InterruptedException {
        ExclusiveLock lock = Compat.of(connect()).exclusiveLock(ExclusiveLockOptions.named("x"));
        BlockingQueue<String> events = listen(lock);
        lock.acquire();
        assertThat(events.take()).isEqualTo("acquired");
        cluster.loseLock(lock.key());
        assertThat(events.take()).isEqualTo("error ELOCKEXTEND");
        assertThat(events.take()).isEqualTo("lost FORCED");
        assertThat(events.take()).isEqualTo("released LOST");
        assertThat(lock.isAcquired()).isFalse();
        cluster.takeLock(lock.key());
        lock.release();
        assertThat(cluster.isLocked(lock.key())).isTrue();
    }

    @Test
    @Feature({"EL-EVT-1", "EL-EVT-3"})
    void listenersHearOneEventAtATimeInOrderWhateverTheExecutorDoes() throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        closing(threads::shutdownNow);
        CoordinatorClient client = connect(config -> config.callbackExecutor(threads));
        ExclusiveLock lock = closing(Compat.of(client).exclusiveLock(ExclusiveLockOptions.named("x")));
        CountDownLatch go = new CountDownLatch(1);
        var unused = lock.addListener(new ExclusiveLockListener() {
            @Override
            public void onAcquired(String key, long token) {
                soon().until(() -> go.getCount() == 0);
            }
        });
        BlockingQueue<String> events = listen(lock);
        for (int i = 0; i < 3; i++) {
            assertThat(lock.acquire()).isTrue();
            lock.release();
        }
        assertThat(events).isEmpty();
        go.countDown();
        for (int i = 0; i < 3; i++) {
            assertThat(events.take()).isEqualTo("acquired");
            assertThat(events.take()).isEqualTo("released RELEASED");
        }
    }

    @Test
    @Feature({"EL-REF-5", "A-33"})
    void oneThatIsStrictIsGivenUpAtTheFirstRefreshThatFails() {
        cluster.lease(60_000);
        ExclusiveLock lock = closing(Compat.of(connect())
                .exclusiveLock(ExclusiveLockOptions.named("strict")
                        .lockTtlMillis(60_000)
                        .lockRefreshMillis(300)
                        .strictRefresh(true)));
        BlockingQueue<String> events = listen(lock);
        assertThat(lock.acquire()).isTrue();
        node.silent(true);
        soon().until(() -> !lock.isAcquired());
        node.silent(false);
        soon().until(() -> !cluster.isLocked(lock.key()));
        soon().until(() -> events.contains("released LOST"));
        assertThat(events).as("it was given up, not lost").noneMatch(event -> event.startsWith("lost"));
    }

    private static BlockingQueue<String> listen(ExclusiveLock lock) {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        var unused = lock.addListener(new ExclusiveLockListener() {
            @Override
            public void onAcquired(String key, long token) {
                events.add("acquired");
            }

            @Override
            public void onRefreshed(String key, long lockTtlMillis, long deadlineMillis) {
                events.add("refreshed " + lockTtlMillis);
            }

            @Override
            public void onReleased(String key, ReleaseReason reason) {
                events.add("released " + reason);
            }

            @Override
            public void onError(String key, CoordinatorException error) {
                events.add("error " + error.code());
            }

            @Override
            public void onLost(String key, LossReason reason) {
                events.add("lost " + reason);
            }
        });
        return events;
    }

    @Test
    @Feature({"C-21", "EL-OPT-7"})
    void aSelfRefreshingLockTakesExtremesOrRefusesThem() {
        CoordinatorClient client = connect();
        ExclusiveLockOptions named = ExclusiveLockOptions.named("E");
        ExclusiveLock lock = Compat.of(client)
                .exclusiveLock(named.lockTtlMillis(Long.MAX_VALUE).lockRefreshMillis(1_000));
        assertThat(lock.acquire()).isTrue();
        assertThat(lock.isAcquired()).isTrue();
        assertThat(lock.lockTtl()).isGreaterThan(Duration.ofDays(36_500));
        lock.release();
        for (long[] wrong : new long[][] {
            {Long.MIN_VALUE, 1}, {0, 1}, {1_000, 0}, {1_000, Long.MIN_VALUE}, {Long.MAX_VALUE, Long.MAX_VALUE}
        }) {
            assertThatThrownBy(() -> Compat.of(client)
                            .exclusiveLock(named.lockTtlMillis(wrong[0]).lockRefreshMillis(wrong[1])))
                    .isInstanceOf(ValidationException.class);
        }
    }

    @Test
    @Feature({"EL-OPT-3", "EL-ACQ-2"})
    void itSpeaksThroughTheUsersLogger() {
        try (Logged logged = new Logged("io.coordinator.compat.RefreshedLock")) {
            ExclusiveLock lock = closing(Compat.of(connect()).exclusiveLock(ExclusiveLockOptions.named("log")));
            assertThat(lock.acquire()).isTrue();
            assertThat(lock.acquire()).isTrue();
            assertThat(logged.messages())
                    .contains("WARN exclusive-lock:log: lock is already acquired. Must call release() first.");
        }
    }

    @Test
    @Feature("EL-REL-4")
    void itsCloseEndsTheRefreshesAndFreesTheLock() throws InterruptedException {
        ExclusiveLock lock = Compat.of(connect())
                .exclusiveLock(ExclusiveLockOptions.named("shut")
                        .lockTtlMillis(700)
                        .lockRefreshMillis(20)
                        .releaseOnShutdown(true));
        BlockingQueue<String> events = listen(lock);
        assertThat(lock.acquire()).isTrue();
        assertThat(events.take()).isEqualTo("acquired");
        assertThat(events.take()).isEqualTo("refreshed 700");
        lock.close();
        assertThat(cluster.isLocked(lock.key())).isFalse();
        soon().until(() -> events.contains("released RELEASED"));
        events.clear();
        lock.close();
        assertThat(events).isEmpty();
    }

    @Test
    @Feature({"EL-LIM-1", "PM-FENCE-4"})
    void whoHasLostItWritesNothing() {
        CoordinatorClient client = connect();
        ExclusiveLock lock = closing(Compat.of(client).exclusiveLock(ExclusiveLockOptions.named("fenced")));
        assertThat(lock.acquire()).isTrue();
        Guard guard = new Guard(client.namespace(), lock.key(), lock.token().orElseThrow());
        client.guardedBy(guard).cache().put("k", "held");
        cluster.loseLock(lock.key());
        soon().until(() -> !lock.isAcquired());
        assertThatThrownBy(() -> client.guardedBy(guard).cache().put("k", "lost"))
                .isInstanceOf(FencedException.class);
    }
}
