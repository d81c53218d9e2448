package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.LockReleaseException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.NotOwnerException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.DistributedReadWriteLock;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.Leader;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.watch.Subscription;
import io.coordinator.compat.CallbackQueue;
import io.coordinator.compat.CallbackQueueOptions;
import io.coordinator.compat.Compat;
import io.coordinator.compat.OnceLock;
import io.coordinator.compat.SerialQueue;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is built on locks: once, permits, turns, readers and writers, leaders. */
@CoordinatorCluster
class PrimitiveScenariosTest {
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final int CLIENTS = 10;
    private static final int TASKS_EACH = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @Feature({"S-37", "PM-LOCK-9"})
    void whatAFunctionUnderALockThrowsPassesThroughAndTheLockIsFree(CoordinatorClient a, CoordinatorClient b) {
        assertThatThrownBy(() -> a.lock("s37").withLock(context -> {
                    throw new IOException("no disk");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("no disk");
        LockHandle held = b.lock("s37").tryAcquire().orElseThrow();
        LockOptions soon = LockOptions.defaults().wait(Duration.ofMillis(200));
        assertThatThrownBy(() -> a.lock("s37").withLock(soon, context -> "never"))
                .isInstanceOfSatisfying(
                        LockTimeoutException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ELOCKTIMEOUT));
        assertThat(held.isHeld()).isTrue();
        assertThat(b.lock("s37").inspect().waiters()).isEmpty();
    }

    @Test
    @Feature({"A-44", "PM-LOCK-9"})
    void aFunctionThatOutlivesItsLockKeepsItsResultUnlessToldOtherwise(CoordinatorClient a, CoordinatorClient b) {
        LockOptions brief = LockOptions.defaults().ttl(Duration.ofMillis(300)).autoRenew(false);
        long next = a.lock("a44").withLock(brief, context -> {
            Waiting.get(context.handle().lost());
            return b.lock("a44").acquire().token();
        });
        assertThat(b.lock("a44").verify(next)).isTrue();
        assertThatThrownBy(() -> a.lock("a44f").withLock(brief.failIfLost(true), context -> {
                    Waiting.get(context.handle().lost());
                    return "late";
                }))
                .isInstanceOf(FencedException.class);
    }

    @Test
    @Feature({"U-01", "A-46"})
    void aFunctionWhoseLockIsTakenAwayFailsEvenIfNobodyToldItsHost(CoordinatorClient a, CoordinatorClient b) {
        assertThatThrownBy(() -> a.lock("u01").withLock(context -> {
                    b.locks().forceRelease("u01", "tester", "a trial");
                    return "made";
                }))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.functionResult()).contains("made"));
        assertThat(a.lock("u01").<String, RuntimeException>withLock(context -> "made"))
                .isEqualTo("made");
        assertThat(Compat.of(a).lockMethods().<Long, RuntimeException>withLock("u01-of-old", context -> {
                    Duration left = context.handle().remaining().orElseThrow();
                    assertThat(left).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
                    b.locks().forceRelease("u01-of-old", "tester", "a trial");
                    return 1L;
                }))
                .isEqualTo(1L);
    }

    @Test
    @Feature({"S-38", "PM-SHARD-5", "PM-FENCE-4"})
    void whatWasWrittenUnderALockIsSeenFromEveryNode(Cluster cluster, CoordinatorClient a) {
        a.lock("s38-lock").withLock(context -> context.cache().put("unrelated/s38", "written"));
        for (String node : cluster.nodes()) {
            CoordinatorClient client = cluster.client(settings -> settings.endpoints(cluster.clientAddress(node)));
            assertThat(client.cache().get("unrelated/s38").orElseThrow().as(String.class))
                    .isEqualTo("written");
        }
    }

    @Test
    @Feature({"S-65", "DL-ONCE-1", "DL-LOCK-1", "DL-LOCK-2", "DL-LOCK-3", "A-34", "A-35"})
    void aLockThatIsHeldOnceIsRefusedAfterAShortWaitAndComplainsAfterItsEnd(CoordinatorClient a, CoordinatorClient b) {
        CallbackQueueOptions half = CallbackQueueOptions.defaults().lockTimeout(Duration.ofMillis(500));
        OnceLock held = Compat.of(a).callbackQueue(half).once("s65");
        CallbackQueue other = Compat.of(b).callbackQueue(CallbackQueueOptions.defaults());
        long start = System.nanoTime();
        assertThatThrownBy(() -> other.once("s65"))
                .isInstanceOf(LockAcquisitionException.class)
                .hasMessage("ELOCKHELD: Could not acquire lock on \"dlocks65\"");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(200), Duration.ofMillis(1_000));
        Waiting.await("the end of its ttl")
                .until(() ->
                        b.namespace("dlock").lock("s65").inspect().holders().isEmpty());
        assertThatThrownBy(held::extend)
                .isInstanceOf(LockExtendException.class)
                .hasMessage("ELOCKEXTEND: Lock on \"dlocks65\" had expired");
        assertThatThrownBy(held::release)
                .isInstanceOf(LockReleaseException.class)
                .hasMessage("ELOCKRELEASE: Lock on \"dlocks65\" had expired");
        other.once("s65").release();
    }

    @Test
    @Feature({"S-65", "DL-PUSH-8", "DL-ERR-1"})
    void withoutAMajorityALockIsNotCalledHeld(Cluster cluster) {
        CoordinatorClient client = cluster.client(settings -> settings.requestTimeout(Duration.ofSeconds(2)));
        CallbackQueue queue = Compat.of(client).callbackQueue(CallbackQueueOptions.defaults());
        queue.once("s65q").release();
        cluster.followers().forEach(cluster::kill);
        assertThatThrownBy(() -> queue.once("s65q"))
                .isInstanceOfSatisfying(
                        CoordinatorException.class, e -> assertThat(e.code()).isNotEqualTo(ErrorCode.ELOCKHELD));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    @Feature({"S-66", "DL-SEM-1", "DL-SEM-2", "DL-SEM-5", "B-21", "A-34"})
    void permitsAreNeverMoreThanThereAreWhileAHolderAndALeaderAreKilled(int permits, Cluster cluster) {
        String name = "s66-" + permits;
        AtomicInteger inside = new AtomicInteger(1);
        AtomicInteger peak = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        JavaProcess holder = worker(cluster, "holder", "permit=" + name + "," + permits);
        Waiting.await("a permit in other hands").until(() -> WorkerOutput.count(holder, "permitted") == 1);
        List<CompletableFuture<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
            for (int task = 0; task < TASKS_EACH; task++) {
                tasks.add(client.async()
                        .semaphore(name, permits)
                        .acquire()
                        .toCompletableFuture()
                        .thenAcceptAsync(permit -> {
                            peak.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Waiting.pass(Duration.ofMillis(10));
                            inside.decrementAndGet();
                            assertThat(permit.release()).isTrue();
                            done.incrementAndGet();
                        }));
            }
        }
        inside.decrementAndGet();
        holder.kill();
        Waiting.await("some have had a permit").until(() -> done.get() >= CLIENTS);
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        cluster.awaitLeaderOtherThan(leader);
        tasks.forEach(Waiting::get);
        assertThat(done).hasValue(CLIENTS * TASKS_EACH);
        assertThat(peak.get()).isEqualTo(permits);
        CoordinatorClient client = cluster.client();
        Waiting.await("the killed one's permit comes back")
                .until(() -> client.semaphore(name, permits).inspect().held() == 0);
    }

    @Test
    @Feature({"S-66", "DL-SEM-4"})
    void givingBackWhatWasNotTakenCreatesNoPermit(CoordinatorClient a, CoordinatorClient b) {
        DistributedSemaphore bucket =
                Compat.of(a).callbackQueue(CallbackQueueOptions.defaults()).semaphore("s66g");
        DistributedSemaphore foreign =
                Compat.of(b).callbackQueue(CallbackQueueOptions.defaults()).semaphore("s66g");
        Permit taken = bucket.acquire();
        assertThatThrownBy(() -> foreign.release(taken.grantId())).isInstanceOf(NotOwnerException.class);
        assertThatThrownBy(() -> foreign.release(taken.grantId() + 1_000_000)).isInstanceOf(NotOwnerException.class);
        assertThat(foreign.tryAcquire()).isEmpty();
        assertThat(taken.release()).isTrue();
        assertThat(bucket.release(taken.grantId())).isFalse();
        assertThat(foreign.tryAcquire()).isPresent();
        assertThat(bucket.tryAcquire()).isEmpty();
    }

    @Test
    @Feature({"C-46", "C-47", "A-49"})
    void aSemaphoreHasOneSizeAndAResizeLetsNobodyWaitForNothing(CoordinatorClient a, CoordinatorClient b) {
        // Whoever comes first, a handle's number is no error.
        Permit one = a.semaphore("size", 1).acquire();
        DistributedSemaphore larger = b.semaphore("size", 3);
        assertThat(larger.tryAcquire(2, LockOptions.defaults())).isEmpty();
        assertThat(larger.inspect().limit()).isEqualTo(1);
        CompletableFuture<Permit> two =
                b.async().semaphore("size", 3).acquire(2).toCompletableFuture();
        Waiting.await("two are waited for").until(() -> larger.inspect().waiterCount() == 1);
        assertThat(one.release()).isTrue();
        // It is in nobody's way, and gets what a resize makes.
        assertThat(a.semaphore("size", 1).acquire().release()).isTrue();
        assertThat(a.semaphore("size").resize(2)).isEqualTo(2);
        assertThat(Waiting.get(two).release()).isTrue();

        DistributedSemaphore ten = a.semaphore("ten", 10);
        Permit six = ten.acquire(6);
        CompletableFuture<Permit> five =
                b.async().semaphore("ten", 10).acquire(5).toCompletableFuture();
        Waiting.await("five are waited for").until(() -> ten.inspect().waiterCount() == 1);
        CompletableFuture<Permit> last =
                b.async().semaphore("ten", 10).acquire(1).toCompletableFuture();
        Waiting.await("one is waited for").until(() -> ten.inspect().waiterCount() == 2);
        ten.resize(2);
        assertThatThrownBy(() -> five.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ValidationException.class)
                .hasMessageContaining("has left 2 permits");
        assertThat(six.release()).isTrue();
        assertThat(Waiting.get(last).isHeld()).isTrue();
        assertThat(ten.tryAcquire()).isPresent();
    }

    private static SerialQueue serial(CoordinatorClient client) {
        CallbackQueueOptions here = CallbackQueueOptions.defaults().lockPrefix("default");
        return Compat.of(client).callbackQueue(here).serial("s67");
    }

    @Test
    @Feature({"S-67", "DL-SER-1", "DL-SER-3"})
    void jobsRunOneAtATimeInTheirOrderAlsoWhenOneFails(CoordinatorClient a, CoordinatorClient b, CoordinatorClient c) {
        List<String> log = new CopyOnWriteArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> first = serial(a)
                .submit(() -> {
                    log.add("a begins");
                    go.await();
                    log.add("a ends");
                    return "a";
                })
                .toCompletableFuture();
        Waiting.await("the first job").until(() -> log.contains("a begins"));
        CompletableFuture<String> second = serial(b)
                .<String>submit(() -> {
                    log.add("b");
                    throw new IOException("b fails");
                })
                .toCompletableFuture();
        awaitWaiters(a, "s67", 1);
        CompletableFuture<String> third = serial(c)
                .submit(() -> {
                    log.add("c");
                    return "c";
                })
                .toCompletableFuture();
        awaitWaiters(a, "s67", 2);
        go.countDown();
        assertThat(Waiting.get(first)).isEqualTo("a");
        assertThatThrownBy(() -> Waiting.get(second)).hasRootCauseMessage("b fails");
        assertThat(Waiting.get(third)).isEqualTo("c");
        assertThat(log).containsExactly("a begins", "a ends", "b", "c");
    }

    @Test
    @Feature("B-19")
    void readersComeTogetherAndAWriterIsNotStarved(CoordinatorClient a, CoordinatorClient b, CoordinatorClient c) {
        LockHandle reader = a.readWriteLock("b19").readLock().acquire();
        LockHandle another = b.readWriteLock("b19").readLock().tryAcquire().orElseThrow();
        assertThat(b.readWriteLock("b19").writeLock().tryAcquire()).isEmpty();
        CompletableFuture<LockHandle> writer =
                c.async().readWriteLock("b19").writeLock().acquire().toCompletableFuture();
        awaitWaiters(a, "b19", 1);
        DistributedReadWriteLock late = b.readWriteLock("b19");
        assertThat(late.readLock().tryAcquire())
                .as("a reader behind a waiting writer")
                .isEmpty();
        CompletableFuture<LockHandle> queued =
                b.async().readWriteLock("b19").readLock().acquire().toCompletableFuture();
        awaitWaiters(a, "b19", 2);
        reader.release();
        assertThat(writer).isNotDone();
        another.release();
        LockHandle writing = Waiting.get(writer);
        assertThat(queued).isNotDone();
        writing.downgrade();
        assertThat(Waiting.get(queued).isHeld()).isTrue();
        assertThat(writing.isHeld()).isTrue();
        assertThat(a.lock("b19").inspect().holders()).hasSize(2);
    }

    @Test
    @Feature({"B-20", "EL-USE-2"})
    void oneLeaderAfterAnotherWhateverDies(Cluster cluster, CoordinatorClient a, CoordinatorClient observer) {
        List<Optional<Leader>> seen = new CopyOnWriteArrayList<>();
        Subscription observation = observer.election("b20").observe(seen::add);
        Waiting.await("nobody yet").until(() -> seen.size() == 1);
        JavaProcess first = worker(cluster, "first", "campaign=b20");
        Waiting.await("the first leader").until(() -> WorkerOutput.count(first, "leading") == 1);
        Waiting.await("it is seen").until(() -> seen.size() == 2);
        CompletableFuture<Leadership> second =
                a.async().election("b20").campaign("second").toCompletableFuture();
        awaitWaiters(observer, "b20", 1);
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        cluster.awaitLeaderOtherThan(leader);
        assertThat(observer.election("b20").leader().orElseThrow().clientName()).isEqualTo("first");
        assertThat(second).isNotDone();
        first.kill();
        Leadership leading = Waiting.get(second);
        Waiting.await("it is seen").until(() -> seen.size() == 3);
        assertThat(leading.isLeader()).isTrue();
        assertThat(leading.resign()).isTrue();
        Waiting.await("its resignation is seen").until(() -> seen.size() == 4);
        assertThat(seen.stream().map(it -> it.map(Leader::clientName).orElse("nobody")))
                .startsWith("nobody", "first")
                .endsWith("nobody");
        assertThat(seen.get(2).orElseThrow().epoch())
                .isEqualTo(leading.epoch())
                .isGreaterThan(seen.get(1).orElseThrow().epoch());
        observation.close();
    }

    private static void awaitWaiters(CoordinatorClient client, String name, int count) {
        Waiting.await(count + " waiters")
                .until(() -> client.lock(name).inspect().waiterCount() == count);
    }

    private JavaProcess worker(Cluster cluster, String name, String... steps) {
        return Worker.start(cluster.endpoints(), name, directory.resolve(name + ".log"), LEASE, List.of(steps));
    }
}
