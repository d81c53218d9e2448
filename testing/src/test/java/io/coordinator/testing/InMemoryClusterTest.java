package io.coordinator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cluster.ConnectionListener;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.MismatchException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.client.transaction.TransactionResult;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Feature("A-02")
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryClusterTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final LockOptions FOR_A_MINUTE =
            LockOptions.defaults().ttl(MINUTE).autoRenew(false);

    private static <T> T get(CompletionStage<T> stage) throws ExecutionException, InterruptedException {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing came", e);
        }
    }

    // ---- every type of data ----

    @Test
    @Feature({"A-02", "PM-PS-1"})
    void topicsWorkAsWell() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (InMemoryCluster own = InMemoryCluster.start()) {
            own.connect().topics().subscribe("t.*", message -> heard.add(message.topic()));
            assertThat(own.connect().topics().publish("t.a", 1)).isEqualTo(1);
            Awaitility.await().until(() -> heard.size() == 1);
        }
    }

    @Test
    void theCache(CoordinatorClient client, CoordinatorClient other) {
        client.cache().put("greeting", "hello");
        assertThat(other.cache().get("greeting").orElseThrow().as(String.class)).isEqualTo("hello");
        assertThat(other.cache().increment("count", 2)).isEqualTo(2);
        CasResult swapped = other.cache().compareAndSet("greeting", Expect.value("hello"), Next.value("bye"));
        assertThat(swapped.applied()).isTrue();
        assertThat(client.cache().scan("", "", 10).entries()).hasSize(2);
        Cache stale = client.cache().withConsistency(ReadConsistency.STALE);
        assertThat(stale.get("greeting").orElseThrow().as(String.class)).isEqualTo("bye");
        assertThat(client.cache()
                        .withConsistency(ReadConsistency.QUORUM)
                        .get("count")
                        .orElseThrow()
                        .as(Long.class))
                .isEqualTo(2);
    }

    @Test
    void locks(CoordinatorClient client, CoordinatorClient other) throws Exception {
        LockHandle held = client.lock("door").acquire();
        assertThat(other.lock("door").tryAcquire()).isEmpty();
        assertThat(other.lock("door").verify(held.token())).isTrue();
        CompletionStage<LockHandle> next = other.async().lock("door").acquire();
        held.release();
        assertThat(get(next).token()).isGreaterThan(held.token());
        assertThatThrownBy(() -> client.guardedBy(held).cache().put("door/state", "open"))
                .isInstanceOf(FencedException.class);
        int paid = client.lock("other door").withLock(lock -> {
            lock.cache().put("door/state", "open");
            return 1;
        });
        assertThat(paid).isEqualTo(1);
    }

    @Test
    void builds(CoordinatorClient client, CoordinatorClient other) {
        AtomicInteger runs = new AtomicInteger();
        for (CoordinatorClient each : List.of(client, other, client)) {
            String built = each.builds()
                    .getOrBuild(
                            "report",
                            String.class,
                            build -> {
                                build.progress("reading");
                                return "report " + runs.incrementAndGet();
                            },
                            MINUTE);
            assertThat(built).isEqualTo("report 1");
        }
        assertThat(client.builds().runOnce("migrate", build -> runs.incrementAndGet(), MINUTE))
                .isTrue();
        assertThat(other.builds().runOnce("migrate", build -> runs.incrementAndGet(), MINUTE))
                .isFalse();
        assertThat(runs).hasValue(2);
    }

    @Test
    void semaphoresAndElections(CoordinatorClient client, CoordinatorClient other) throws Exception {
        Permit permit = client.semaphore("slots", 2).acquire(2);
        CompletionStage<Permit> next = other.async().semaphore("slots", 2).acquire();
        permit.release();
        assertThat(get(next).permits()).isEqualTo(1);

        Leadership first = client.election("chief").campaign("one");
        assertThat(other.election("chief").leader().orElseThrow().epoch()).isEqualTo(first.epoch());
        CompletableFuture<Leadership> second =
                CompletableFuture.supplyAsync(() -> other.election("chief").campaign("two"));
        first.resign();
        assertThat(get(second).isLeader()).isTrue();
    }

    @Test
    void transactions(CoordinatorClient client, CoordinatorClient other) {
        client.cache().put("stock", 3);
        client.documents().open("orders");
        TransactionResult sold = other.transaction()
                .whenCache("stock", Expect.value(3))
                .then(writes -> writes.increment("stock", -1).edit("orders", edits -> edits.set("42", "sold")))
                .commit();
        assertThat(sold.held()).isTrue();
        assertThat(client.cache().get("stock").orElseThrow().as(Integer.class)).isEqualTo(2);
        assertThat(client.documents().handle("orders").at("42").get(String.class))
                .contains("sold");
    }

    @Test
    void thousandPutsOfTwoClients(CoordinatorClient client, CoordinatorClient other) throws Exception {
        List<CompletionStage<?>> puts = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            CoordinatorClient each = i % 2 == 0 ? client : other;
            puts.add(each.async().cache().put("key/" + i, i));
            puts.add(each.async().cache().increment("count", 1));
        }
        for (CompletionStage<?> put : puts) {
            get(put);
        }
        assertThat(client.cache().get("count").orElseThrow().as(Integer.class)).isEqualTo(1_000);
        assertThat(other.cache().keys("", "", 1_000).more()).as("1,001 keys").isTrue();
    }

    /** More than is on its way at once, in either direction. */
    @Test
    void largeValues(CoordinatorClient client) throws Exception {
        String large = "x".repeat(900_000);
        List<CompletionStage<?>> puts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            puts.add(client.async().cache().put("large/" + i, large));
        }
        for (CompletionStage<?> put : puts) {
            get(put);
        }
        List<CompletionStage<Optional<Entry>>> gets = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            gets.add(client.async().cache().get("large/" + i));
        }
        for (var entry : gets) {
            assertThat(get(entry).orElseThrow().as(String.class)).hasSize(large.length());
        }
        assertThatThrownBy(() -> client.cache().put("too large", "x".repeat(2 << 20)))
                .isInstanceOf(PayloadTooLargeException.class);
    }

    @Test
    void theNode(InMemoryCluster cluster, CoordinatorClient client) {
        assertThat(client.ping()).isPositive();
        NodeStatus status = client.status().get(0);
        assertThat(status.endpoint()).isEqualTo(cluster.endpoints());
        assertThat(status.role()).isEqualTo(NodeStatus.Role.LEADER);
        assertThat(status.cluster()).isEqualTo(InMemoryCluster.NAME);
        assertThat(client.transferLeadership(status.node())).isEqualTo(status.node());
        assertThatThrownBy(client::transferLeadership)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("only member");
    }

    // ---- time ----

    @Test
    void whatHasATtlEndsWhenItsTimeHasPassed(InMemoryCluster cluster, CoordinatorClient client) {
        client.cache().put("soon gone", 1, PutOptions.ttl(MINUTE));
        client.cache().put("later gone", 1, PutOptions.ttl(HOUR));
        cluster.advance(MINUTE.minusSeconds(20));
        assertThat(client.cache().has("soon gone")).isTrue();
        cluster.advance(Duration.ofSeconds(20));
        assertThat(client.cache().has("soon gone")).isFalse();
        assertThat(client.cache().has("later gone")).isTrue();
        cluster.advance(HOUR);
        assertThat(client.cache().has("later gone")).isFalse();
    }

    @Test
    void timePassesByItselfToo(CoordinatorClient client) {
        client.cache().put("soon gone", 1, PutOptions.ttl(Duration.ofMillis(30)));
        await().pollInterval(Duration.ofMillis(5)).until(() -> !client.cache().has("soon gone"));
    }

    @Test
    void theNextInLineGetsALockWhenItsHoldersTimeIsUp(
            InMemoryCluster cluster, CoordinatorClient client, CoordinatorClient other, CoordinatorClient third)
            throws Exception {
        LockHandle first = client.lock("door").acquire(FOR_A_MINUTE);
        List<String> order = new CopyOnWriteArrayList<>();
        first.lost().thenAccept(reason -> order.add("first " + reason));
        CompletableFuture<LockHandle> second =
                other.async().lock("door").acquire(FOR_A_MINUTE.wait(HOUR)).toCompletableFuture();
        CompletableFuture<LockHandle> impatient = third.async()
                .lock("door")
                .acquire(FOR_A_MINUTE.wait(Duration.ofSeconds(20)))
                .toCompletableFuture();
        awaitWaiters(client, 2);

        cluster.advance(MINUTE);
        assertThat(order).containsExactly("first " + LossReason.TTL_ELAPSED);
        assertThat(first.isHeld()).isFalse();
        assertThat(impatient).isCompletedExceptionally();
        assertThatThrownBy(impatient::join).hasCauseInstanceOf(LockTimeoutException.class);
        assertThat(second).isCompleted();
        assertThat(second.join().isHeld()).isTrue();
        assertThat(second.join().token()).isGreaterThan(first.token());
    }

    /** One jump would give the second its time from the end of the jump on. */
    @Test
    void eachHasItsOwnTimeHoweverFarTheClockGoes(
            InMemoryCluster cluster, CoordinatorClient client, CoordinatorClient other, CoordinatorClient third) {
        client.lock("door").acquire(FOR_A_MINUTE);
        CompletableFuture<LockHandle> second =
                other.async().lock("door").acquire(FOR_A_MINUTE.wait(HOUR)).toCompletableFuture();
        awaitWaiters(client, 1);
        CompletableFuture<LockHandle> last =
                third.async().lock("door").acquire(FOR_A_MINUTE.wait(HOUR)).toCompletableFuture();
        awaitWaiters(client, 2);
        cluster.advance(HOUR);
        assertThat(second.join().isHeld()).isFalse();
        assertThat(last.join().isHeld()).isFalse();
        assertThat(client.lock("door").tryAcquire()).isPresent();
    }

    private static void awaitWaiters(CoordinatorClient client, int count) {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> client.lock("door").inspect().waiterCount() == count);
    }

    @Test
    void theHolderOfATtlBelievesTheTimeOfTheCluster(InMemoryCluster cluster, CoordinatorClient client) {
        LockHandle cutOff = client.lock("door").acquire(FOR_A_MINUTE);
        cluster.disconnect(client);
        assertThat(cutOff.isHeld()).isTrue();
        cluster.advance(MINUTE);
        assertThat(cutOff.isHeld()).as("by the client's own reckoning").isFalse();
        cluster.reconnect(client);
        LockHandle later = client.lock("door").acquire(FOR_A_MINUTE);
        assertThat(later.isHeld()).isTrue();
    }

    @Test
    void sessionsAreNotHurtByTime(InMemoryCluster cluster, CoordinatorClient client) {
        LockHandle held = client.lock("door").acquire();
        long session = client.sessionId();
        cluster.advance(Duration.ofDays(365));
        assertThat(held.isHeld()).isTrue();
        assertThat(client.sessionId()).isEqualTo(session);
        assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
    }

    @Test
    void everyoneWasToldWhenTimeHasPassed(InMemoryCluster cluster, CoordinatorClient client, CoordinatorClient other) {
        List<String> heard = new CopyOnWriteArrayList<>();
        for (CoordinatorClient each : List.of(client, other)) {
            get(each.watch(WatchOptions.cachePrefix("gone/"), change -> heard.add(change.key() + change.kind()))
                    .started()
                    .toCompletableFuture());
        }
        for (int round = 0; round < 20; round++) {
            heard.clear();
            for (int i = 0; i < 100; i++) {
                client.async().cache().put("gone/" + i, i, PutOptions.ttl(MINUTE.plusMillis(i % 3)));
            }
            client.ping();
            cluster.advance(MINUTE.plusSeconds(1));
            assertThat(heard).hasSize(400);
            assertThat(heard).filteredOn(each -> each.endsWith("EXPIRED")).hasSize(200);
        }
    }

    /** So many that neither finding them nor sending them is done in one go. */
    @Test
    void everyoneWasToldHoweverMuchThereIsToTell(InMemoryCluster cluster, CoordinatorClient client) throws Exception {
        LongAdder heard = new LongAdder();
        List<CompletionStage<Long>> started = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            started.add(client.watch(WatchOptions.cachePrefix("gone/"), change -> {
                        if (change.kind() == ChangeEvent.Kind.EXPIRED) {
                            heard.increment();
                        }
                    })
                    .started());
        }
        for (CompletionStage<Long> each : started) {
            get(each);
        }
        for (int i = 0; i < 200; i++) {
            client.async().cache().put("gone/" + i, i, PutOptions.ttl(MINUTE));
        }
        client.ping();
        cluster.advance(HOUR);
        assertThat(heard.sum()).isEqualTo(400 * 200);
    }

    /** Copies are dropped by what the cluster tells, and that has been told. */
    @Test
    void copiesNearTheCallerEndInTimeToo(InMemoryCluster cluster, CoordinatorClient client) throws Exception {
        AtomicInteger builds = new AtomicInteger();
        Map<String, Object> copies = new ConcurrentHashMap<>();
        ReadThroughCache<String, Integer> cache =
                client.readThroughCache(ReadThroughOptions.of("reports", String.class, Integer.class)
                        .absoluteExpiry(HOUR)
                        .l1(L1Options.defaults().store(new MapStore(copies))));
        try (cache) {
            for (int expected = 1; expected <= 3; expected++) {
                int number = expected;
                await().untilAsserted(() -> {
                    assertThat(cache.buildOrRetrieve("annual", build -> builds.incrementAndGet(), MINUTE))
                            .isEqualTo(number);
                    assertThat(copies).containsKey("annual");
                });
                cluster.advance(HOUR);
                assertThat(copies).isEmpty();
            }
        }
    }

    private record MapStore(Map<String, Object> copies) implements L1Store {
        @Override
        public @Nullable Object get(String key) {
            return copies.get(key);
        }

        @Override
        public void put(String key, Object copy) {
            copies.put(key, copy);
        }

        @Override
        public void remove(String key) {
            copies.remove(key);
        }

        @Override
        public void clear() {
            copies.clear();
        }
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void timeOnlyGoesOnAndNotForEver(InMemoryCluster cluster, CoordinatorClient client) {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatThrownBy(() -> cluster.advance(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("more than 0");
        }
        cluster.advance(Duration.ofDays(36_000));
        for (Duration bad : List.of(Duration.ofDays(501), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> cluster.advance(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("36500 days in all");
        }
        cluster.advance(Duration.ofDays(500));
        client.cache().put("soon gone", 1, PutOptions.ttl(Duration.ofMillis(30)));
        await().pollInterval(Duration.ofMillis(5)).until(() -> !client.cache().has("soon gone"));
    }

    @Test
    void aCallbackThatBlocksHoldsUpNobodyForLong(InMemoryCluster cluster, CoordinatorClient client) {
        CountDownLatch release = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        get(client.watch(WatchOptions.cacheKey("a"), change -> heard.add(change.key() + awaitQuietly(release)))
                .started()
                .toCompletableFuture());
        get(client.watch(WatchOptions.cacheKey("b"), change -> heard.add(change.key()))
                .started()
                .toCompletableFuture());
        client.cache().put("a", 1);
        client.cache().put("b", 1, PutOptions.ttl(MINUTE));
        cluster.advance(MINUTE);
        assertThat(client.cache().has("b")).isFalse();
        await().until(() -> heard.equals(List.of("b", "b")));
        release.countDown();
        await().until(() -> heard.contains("atrue"));
    }

    @Test
    void aCallbackThatThrowsKeepsNothingBack(InMemoryCluster cluster, CoordinatorClient client) {
        AtomicInteger calls = new AtomicInteger();
        get(client.watch(WatchOptions.cachePrefix(""), change -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("of the test");
                })
                .started()
                .toCompletableFuture());
        client.cache().put("a", 1, PutOptions.ttl(MINUTE));
        cluster.advance(MINUTE);
        assertThat(calls).hasValue(2);
        assertThat(client.cache().has("a")).isFalse();
    }

    // ---- sessions and links ----

    @Test
    void aSessionThatEndsLosesWhatItHolds(InMemoryCluster cluster, CoordinatorClient client, CoordinatorClient other)
            throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        client.addConnectionListener(new ConnectionListener() {
            @Override
            public void stateChanged(ConnectionState from, ConnectionState to) {
                heard.add(to.name());
            }
        });
        LockHandle held = client.lock("door").acquire();
        long session = client.sessionId();
        held.lost().thenAccept(reason -> heard.add(reason.name()));
        CompletableFuture<LockHandle> next =
                other.async().lock("door").acquire().toCompletableFuture();
        awaitWaiters(client, 1);

        cluster.expireSession(client);
        assertThat(held.isHeld()).isFalse();
        assertThat(heard).contains("LOST", "SESSION_LOST");
        assertThat(next).isCompleted();
        assertThat(next.join().isHeld()).isTrue();

        client.cache().put("it", "goes on");
        assertThat(client.sessionId()).isNotEqualTo(session);
        await().until(() -> heard.contains("RECONNECTED"));
    }

    @Test
    void aWaiterTakesABuildOverWhenTheSessionOfItsBuilderEnds(
            InMemoryCluster cluster, CoordinatorClient client, CoordinatorClient other) throws Exception {
        CountDownLatch building = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<String> lost = CompletableFuture.supplyAsync(() -> client.builds()
                .getOrBuild(
                        "report",
                        String.class,
                        build -> {
                            building.countDown();
                            awaitQuietly(release);
                            return "too late";
                        },
                        HOUR));
        assertThat(building.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(
                () -> other.builds().getOrBuild("report", String.class, build -> "in time", HOUR));
        await().pollInterval(Duration.ofMillis(5)).until(() -> other.stats().count("buildWaiters") == 1);

        cluster.expireSession(client);
        assertThat(get(waiting)).isEqualTo("in time");
        release.countDown();
        assertThat(lost).failsWithin(Duration.ofSeconds(20));
        assertThat(client.builds().get("report", String.class)).isEqualTo("in time");
    }

    @Test
    void aClientThatMustNotReplaceItsSessionEndsWithIt(InMemoryCluster cluster) {
        CoordinatorClient client = cluster.connect(settings -> settings.replaceSession(false));
        cluster.expireSession(client);
        assertThatThrownBy(() -> client.cache().put("a", 1)).isInstanceOf(SessionExpiredException.class);
    }

    @Test
    void aClientThatIsCutOffKeepsItsSession(
            InMemoryCluster cluster, CoordinatorClient client, CoordinatorClient other) {
        LockHandle held = client.lock("door").acquire();
        List<String> heard = new CopyOnWriteArrayList<>();
        get(client.watch(WatchOptions.cacheKey("a"), change -> heard.add(change.key()))
                .started()
                .toCompletableFuture());
        long session = client.sessionId();

        cluster.disconnect(client);
        cluster.disconnect(client);
        assertThat(client.state()).isEqualTo(ConnectionState.SUSPENDED);
        CompletableFuture<Long> put = client.async().cache().put("b", 1).toCompletableFuture();
        assertThat(client.status()).noneMatch(NodeStatus::reachable);
        other.cache().put("a", 1);
        cluster.advance(HOUR);
        assertThat(other.lock("door").tryAcquire()).isEmpty();
        assertThat(put).isNotDone();
        assertThat(heard).isEmpty();

        cluster.reconnect(client);
        assertThat(client.state()).isEqualTo(ConnectionState.RECONNECTED);
        assertThat(client.sessionId()).isEqualTo(session);
        assertThat(held.isHeld()).isTrue();
        get(put);
        assertThat(other.cache().has("b")).isTrue();
        await().until(() -> heard.equals(List.of("a")));
    }

    @Test
    void callsOfAClientThatIsCutOffEndInTheirTime(InMemoryCluster cluster, CoordinatorClient client) {
        Cache impatient = client.cache().withTimeout(Duration.ofMillis(100));
        client.cache().put("a", 1);
        cluster.disconnect(client);
        assertThatThrownBy(() -> impatient.put("a", 2)).hasMessageContaining("the test has disconnected");
        cluster.reconnect(client);
        assertThat(client.cache().get("a").orElseThrow().as(Integer.class)).isEqualTo(1);
    }

    @Test
    void aSessionThatEndsWhileItsClientIsCutOff(
            InMemoryCluster cluster, CoordinatorClient client, CoordinatorClient other) {
        LockHandle held = client.lock("door").acquire();
        long session = client.sessionId();
        cluster.disconnect(client);
        cluster.expireSession(client);
        assertThat(other.lock("door").tryAcquire()).isPresent();
        assertThat(held.isHeld()).as("it cannot know").isTrue();
        cluster.reconnect(client);
        assertThat(held.isHeld()).isFalse();
        assertThat(client.sessionId()).isNotEqualTo(session);
    }

    // ---- clients that others make ----

    @Test
    void codeThatConnectsByItselfReachesTheClusterByItsEndpoints(InMemoryCluster cluster, CoordinatorClient other) {
        ClientConfig config =
                ClientConfig.builder().endpoints(cluster.endpoints()).build();
        try (CoordinatorClient own = CoordinatorClient.connect(config)) {
            LockHandle held = own.lock("door").acquire();
            assertThat(other.lock("door").tryAcquire()).isEmpty();
            cluster.disconnect(own);
            assertThat(own.state()).isEqualTo(ConnectionState.SUSPENDED);
            cluster.reconnect(own);
            cluster.expireSession(own);
            assertThat(held.isHeld()).isFalse();
        }
        ClientConfig another = ClientConfig.builder()
                .endpoints(cluster.endpoints())
                .cluster("production")
                .build();
        assertThatThrownBy(() -> CoordinatorClient.connect(another)).isInstanceOf(MismatchException.class);
    }

    @Test
    void clustersAreApart(InMemoryCluster cluster, CoordinatorClient client) {
        try (InMemoryCluster another = InMemoryCluster.start()) {
            CoordinatorClient stranger = another.connect();
            stranger.cache().put("a", 1);
            assertThat(client.cache().has("a")).isFalse();
            assertThat(stranger.sessionId()).isEqualTo(client.sessionId());
            assertThatThrownBy(() -> cluster.disconnect(stranger))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another cluster");
            assertThatThrownBy(() -> cluster.connect(settings -> settings.endpoints(another.endpoints())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(another.endpoints());
        }
    }

    // ---- the end ----

    @Test
    void nothingIsLeftOfAClosedCluster() {
        Set<Thread> before = threads();
        InMemoryCluster cluster = InMemoryCluster.start();
        CoordinatorClient client = cluster.connect();
        CoordinatorClient cutOff = cluster.connect();
        Subscription watch = client.watch(WatchOptions.cachePrefix(""), change -> {});
        CompletableFuture<LockHandle> never = client.async()
                .lock("door")
                .acquire(LockOptions.defaults().waitForever())
                .toCompletableFuture();
        cutOff.lock("door").inspect();
        cluster.disconnect(cutOff);

        cluster.close();
        cluster.close();
        assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
        await().until(() -> !watch.isActive() && never.isDone());
        assertThatThrownBy(() -> client.cache().put("a", 1)).isInstanceOf(ClosedException.class);
        await().untilAsserted(() -> {
            Set<Thread> after = threads();
            after.removeAll(before);
            assertThat(after).isEmpty();
        });
        for (Runnable use : List.<Runnable>of(
                cluster::connect,
                () -> cluster.advance(MINUTE),
                () -> cluster.expireSession(client),
                () -> cluster.disconnect(client),
                () -> cluster.reconnect(client))) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed; start another one");
        }
    }

    /** All but the JDK's and Netty's own, which many share. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("coord"))
                .collect(Collectors.toSet());
    }

    @Test
    void aClosedClientCannotBeUsed(InMemoryCluster cluster, CoordinatorClient client) {
        client.close();
        for (Runnable use : List.<Runnable>of(
                () -> cluster.expireSession(client),
                () -> cluster.disconnect(client),
                () -> cluster.reconnect(client))) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("client is closed");
        }
    }

    @Test
    void aClientOfAClosedClusterFindsNobody() {
        CoordinatorClient own;
        try (InMemoryCluster cluster = InMemoryCluster.start()) {
            own = CoordinatorClient.connect(ClientConfig.builder()
                    .endpoints(cluster.endpoints())
                    .requestTimeout(Duration.ofMillis(200))
                    .build());
        }
        try (own) {
            assertThatThrownBy(() -> own.cache().put("a", 1))
                    .isInstanceOf(DisconnectedException.class)
                    .hasMessageContaining("the in-memory cluster is closed");
        }
    }

    /** A few milliseconds; the bound is for machines that have much else to do. */
    @Test
    void startsAtOnce() {
        List<Duration> starts = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            long begun = System.nanoTime();
            try (InMemoryCluster cluster = InMemoryCluster.start()) {
                Duration start = Duration.ofNanos(System.nanoTime() - begun);
                CoordinatorClient client = cluster.connect();
                client.cache().put("a", 1);
                Duration use = Duration.ofNanos(System.nanoTime() - begun);
                System.out.println("started in " + start + ", in use after " + use);
                starts.add(use);
            }
        }
        assertThat(starts.subList(10, 30).stream().sorted().toList().get(10)).isLessThan(Duration.ofMillis(250));
    }

    @Test
    void whoIsInterruptedWhileItWaitsIsTold(InMemoryCluster cluster, CoordinatorClient client) {
        CountDownLatch release = new CountDownLatch(1);
        get(client.watch(WatchOptions.cacheKey("a"), change -> awaitQuietly(release))
                .started()
                .toCompletableFuture());
        client.cache().put("a", 1);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> cluster.advance(HOUR)).isInstanceOf(CoordinatorInterruptedException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
            release.countDown();
        }
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFunctionThatFailsReachesItsCaller(CoordinatorClient client) {
        assertThatThrownBy(() -> client.lock("door").withLock(lock -> {
                    throw new CompletionException("of the test", null);
                }))
                .isInstanceOf(CompletionException.class);
        assertThat(client.lock("door").tryAcquire()).isPresent();
    }

    // ---- the end of the cluster, while others use it ----

    @Test
    void whoAdvancesAClusterThatIsClosedIsTold() throws Exception {
        InMemoryCluster mine = InMemoryCluster.start();
        CoordinatorClient client = mine.connect();
        client.cache().put("first", 1, PutOptions.ttl(MINUTE));
        client.cache().put("second", 1, PutOptions.ttl(HOUR));
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Subscription watch = client.watch(WatchOptions.cacheKey("first"), change -> {
            heard.countDown();
            try {
                closed.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        get(watch.started());
        CompletableFuture<Void> advance = CompletableFuture.runAsync(() -> mine.advance(HOUR));
        assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
        mine.close();
        closed.countDown();
        assertThatThrownBy(() -> get(advance))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the in-memory cluster was closed");
    }

    @Test
    void whoConnectsToAClusterThatIsBeingClosedIsToldAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            InMemoryCluster mine = InMemoryCluster.start();
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<@Nullable CoordinatorClient> late = CompletableFuture.supplyAsync(
                            () -> mine.connect(settings -> {
                                begun.countDown();
                                return settings;
                            }))
                    .handle((client, error) -> {
                        if (error != null) {
                            assertThat(error)
                                    .hasCauseInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("closed");
                        }
                        return client;
                    });
            begun.await();
            mine.close();
            CoordinatorClient client = get(late);
            assertThat(client == null || client.state() == ConnectionState.CLOSED)
                    .isTrue();
        }
    }
}
