package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.ExecutionTimeoutException;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.LockReleaseException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.NotOwnerException;
import io.coordinator.client.error.ReleaseReport;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.CallbackQueue;
import io.coordinator.client.lock.CallbackQueueOptions;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.DistributedReadWriteLock;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.ExclusiveLock;
import io.coordinator.client.lock.ExclusiveLockListener;
import io.coordinator.client.lock.ExclusiveLockOptions;
import io.coordinator.client.lock.LeaderElection;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockMethodOptions;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.Locks;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.lock.MultiLock;
import io.coordinator.client.lock.MultiLockHandle;
import io.coordinator.client.lock.OnceLock;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.lock.SerialQueue;
import io.coordinator.client.option.FenceMode;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.LockLost;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.junit.jupiter.api.Test;

/** What the SDK makes of locks: sets, reentrance, semaphores, elections, serial jobs, adapters, wrapped calls. */
class LockRecipesTest extends ClientFixture {
    // ---- sets ----

    @Test
    @Feature({"S-41", "DL-MULTI-1", "DL-MULTI-3"})
    void setDropsEmptyNamesAndDuplicates() {
        CoordinatorClient client = connect();
        assertThat(client.multiLock("a", "a", "b", "").names()).containsExactly("a", "b");
        assertThatThrownBy(client::multiLock)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("at least 1 action must be supplied");
        CallbackQueue queue = client.callbackQueue(CallbackQueueOptions.defaults());
        assertThat(queue.multi("a", List.of("a", "b"), "").names()).containsExactly("a", "b");
        assertThatThrownBy(queue::multi).hasMessageContaining("at least 1 action must be supplied");
    }

    @Test
    @Feature({"DL-CTOR-1", "DL-OPT-1", "DL-OPT-2", "DL-OPT-3", "DL-OPT-4", "DL-OPT-5", "DL-OPT-7", "A-34", "A-35"})
    void aQueueHasTheOlderLibrarysDefaults() {
        CallbackQueueOptions defaults = CallbackQueueOptions.defaults();
        assertThat(defaults.lockTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.patience()).isEqualTo(Duration.ofMillis(200));
        assertThat(defaults.lockPrefix()).isEqualTo("dlock");
        CallbackQueue queue = connect().callbackQueue(defaults);
        assertThatThrownBy(() -> queue.once("")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> queue.tryPush("", (error, args) -> {}, Duration.ZERO))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> get(queue.fanout("", String.class, context -> "")))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature({"S-40", "DL-MULTI-5"})
    void extensionOfAPartialSetNamesWhatIsGoneAndFreesTheRest() {
        MultiLockHandle handle = connect().multiLock("1", "2", "3").acquire();
        cluster.loseLock("2", LockLost.Reason.FORCED);
        assertThat(get(handle.lost())).isEqualTo(LossReason.FORCED);
        assertThat(handle.isHeld()).isFalse();
        assertThat(cluster.isLocked("1")).isTrue();
        assertThatThrownBy(() -> handle.extend(Duration.ofSeconds(5)))
                .isInstanceOfSatisfying(MultiLockException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.EMULTILOCK);
                    assertThat(e.locks()).containsExactly("2");
                    assertThat(e.errors().get("2")).isInstanceOf(LockExtendException.class);
                });
        assertThat(cluster.isLocked("1")).isFalse();
        assertThat(cluster.isLocked("3")).isFalse();
    }

    @Test
    @Feature({"DL-MULTI-6", "A-38"})
    void releaseOfAPartialSetReportsAndItsStrictFormThrows() {
        MultiLock lock = connect().multiLock("1", "2");
        MultiLockHandle reported = lock.acquire();
        cluster.loseLock("2", LockLost.Reason.FORCED);
        get(reported.lost());
        assertThat(reported.release()).isEqualTo(new ReleaseReport(List.of("1"), List.of("2")));
        assertThat(cluster.isLocked("1")).isFalse();
        MultiLockHandle strict = lock.acquire();
        cluster.loseLock("1", LockLost.Reason.FORCED);
        get(strict.lost());
        assertThatThrownBy(strict::releaseStrict)
                .isInstanceOfSatisfying(
                        MultiLockException.class, e -> assertThat(e.locks()).containsExactly("1"));
        assertThat(cluster.isLocked("2")).isFalse();
    }

    @Test
    @Feature("DL-MULTI-4")
    void setThatIsNotGrantedInTimeHoldsNothing() {
        CoordinatorClient client = connect();
        cluster.takeLock("2");
        MultiLock lock = client.multiLock("1", "2");
        assertThat(lock.tryAcquire()).isEmpty();
        assertThatThrownBy(() -> lock.acquire(LockOptions.defaults().wait(Duration.ZERO)))
                .isInstanceOf(MultiLockException.class);
        assertThat(cluster.isLocked("1")).isFalse();
    }

    // ---- reentrance ----

    @Test
    @Feature({"PM-LOCK-7", "B-22"})
    void reentrantGrantIsHeldUntilEachHandleIsReleased() {
        DistributedLock lock = connect().lock("L");
        LockOptions options = LockOptions.defaults().reentrant("task");
        LockHandle outer = lock.acquire(options);
        LockHandle inner = lock.acquire(options);
        assertThat(inner.token()).isEqualTo(outer.token());
        assertThat(outer.release()).isTrue();
        assertThat(outer.release()).isTrue();
        assertThat(outer.isHeld()).isFalse();
        assertThat(inner.isHeld()).isTrue();
        assertThat(cluster.isLocked("L")).isTrue();
        assertThat(inner.release()).isTrue();
        assertThat(cluster.isLocked("L")).isFalse();
    }

    @Test
    @Feature("PM-LOCK-7")
    void lossReachesEveryHandleOfAReentrantGrant() {
        DistributedLock lock = connect().lock("L");
        LockOptions options = LockOptions.defaults().reentrant("task");
        LockHandle outer = lock.acquire(options);
        LockHandle inner = lock.acquire(options);
        outer.release();
        cluster.loseLock("L", LockLost.Reason.FORCED);
        assertThat(get(inner.lost())).isEqualTo(LossReason.FORCED);
        assertThat(inner.isHeld()).isFalse();
    }

    // ---- readers and writers ----

    @Test
    @Feature("B-19")
    void modeIsAskedForAndDowngraded() {
        DistributedReadWriteLock lock = connect().readWriteLock("rw");
        LockHandle writer = lock.writeLock().acquire();
        assertThat(writer.mode()).isEqualTo(LockMode.EXCLUSIVE);
        writer.downgrade();
        assertThat(writer.mode()).isEqualTo(LockMode.SHARED);
        assertThat(writer.isHeld()).isTrue();
        writer.release();
        assertThat(lock.readLock().acquire().mode()).isEqualTo(LockMode.SHARED);
        assertThat(node.commands().stream()
                        .filter(Command::hasLock)
                        .filter(command -> command.getLock().hasAcquire())
                        .map(command -> command.getLock().getAcquire().getMode()))
                .containsExactly(io.coordinator.protocol.LockMode.EXCLUSIVE, io.coordinator.protocol.LockMode.SHARED);
    }

    // ---- semaphores ----

    @Test
    @Feature({"B-21", "DL-SEM-3", "DL-SEM-4"})
    void permitsAreGrantedCountedAndGivenBack() {
        CoordinatorClient client = connect();
        DistributedSemaphore semaphore = client.semaphore("S", 3);
        Permit two = semaphore.acquire(2);
        assertThat(two.permits()).isEqualTo(2);
        assertThat(semaphore.tryAcquire(2, LockOptions.defaults())).isEmpty();
        CompletableFuture<Permit> waiting = inBackground(() -> semaphore.acquire(2));
        soon().until(() -> semaphore.inspect().waiterCount() == 1);
        assertThat(two.release()).isTrue();
        assertThat(get(waiting).isHeld()).isTrue();
        assertThatThrownBy(() -> connect().semaphore("S").release(get(waiting).grantId()))
                .isInstanceOf(NotOwnerException.class);
        assertThat(semaphore.release(987_654)).isFalse();
        assertThatThrownBy(() -> semaphore.acquire(0)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> semaphore.acquire(1, LockOptions.defaults().reentrant("x")))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature({"C-47", "A-49"})
    void aRequestThatAResizeMakesImpossibleEndsAndSaysSo() {
        CoordinatorClient client = connect();
        DistributedSemaphore semaphore = client.semaphore("S", 10);
        Permit six = semaphore.acquire(6);
        CompletableFuture<Permit> five = inBackground(() -> semaphore.acquire(5));
        CompletableFuture<Optional<Permit>> tried = inBackground(
                () -> semaphore.tryAcquire(5, LockOptions.defaults().wait(Duration.ofMinutes(5))));
        soon().until(() -> semaphore.inspect().waiterCount() == 2);
        CompletableFuture<Permit> one = inBackground(() -> semaphore.acquire(1));
        soon().until(() -> semaphore.inspect().waiterCount() == 3);

        assertThat(semaphore.resize(2)).isEqualTo(2);
        for (CompletableFuture<?> ended : List.of(five, tried)) {
            assertThat(ended)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(ValidationException.class)
                    .withMessageContaining("the resize of semaphore default/S has left 2 permits");
        }
        assertThat(one).isNotDone();
        assertThat(six.release()).isTrue();
        assertThat(get(one).isHeld()).isTrue();
    }

    // ---- elections and jobs ----

    @Test
    @Feature("B-20")
    void candidateLeadsWhenTheLeaderResigns() {
        LeaderElection first = connect().election("E");
        LeaderElection second = connect().election("E");
        Leadership leadership = first.campaign("one");
        assertThat(leadership.isLeader()).isTrue();
        assertThat(second.leader().orElseThrow().contents()).hasToString("\"one\"");
        assertThat(second.tryCampaign("two", Duration.ZERO)).isEmpty();
        CompletableFuture<Leadership> next = inBackground(() -> second.campaign("two"));
        soon().until(() -> cluster.waiters("E") == 1);
        assertThat(leadership.resign()).isTrue();
        assertThat(get(next).epoch()).isGreaterThan(leadership.epoch());
        assertThat(leadership.isLeader()).isFalse();
    }

    @Test
    @Feature({"S-67", "DL-SER-1"})
    void failingJobLetsTheNextOneRun() throws Exception {
        CoordinatorClient client = connect();
        SerialQueue queue = client.serial("Q");
        assertThatThrownBy(() -> queue.run(() -> {
                    throw new IllegalStateException("from the job");
                }))
                .hasMessage("from the job");
        assertThat(get(queue.submit(() -> 7))).isEqualTo(7);
        assertThat(queue.run(() -> "done")).isEqualTo("done");
        soon().until(() -> !cluster.isLocked("Q"));
    }

    // ---- adapters ----

    @Test
    @Feature("B-22")
    void adapterIsHeldByWhoeverHasIt() {
        Lock lock = connect().lock("L").asLock();
        lock.lock();
        assertThat(lock.tryLock()).isFalse();
        get(inBackground(() -> {
            lock.unlock();
            return true;
        }));
        assertThat(cluster.isLocked("L")).isFalse();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(lock::newCondition).isInstanceOf(UnsupportedOperationException.class);
        ReadWriteLock both = connect().readWriteLock("rw").asReadWriteLock();
        assertThat(both.writeLock().tryLock()).isTrue();
        both.writeLock().unlock();
        assertThat(both.readLock().tryLock()).isTrue();
    }

    @Test
    @Feature("B-22")
    void adapterTellsThatItsGrantWasLost() {
        Lock lock = connect().lock("L").asLock();
        lock.lock();
        cluster.releaseLock("L");
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    @Feature("B-22")
    void adapterKeepsTheRulesOfInterrupts() throws InterruptedException {
        CoordinatorClient client = connect();
        cluster.takeLock("L");
        Lock lock = client.lock("L").asLock();
        Thread.currentThread().interrupt();
        assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        CompletableFuture<Boolean> outcome = inBackground(() -> {
            caller.complete(Thread.currentThread());
            lock.lock();
            return Thread.currentThread().isInterrupted();
        });
        soon().until(() -> cluster.waiters("L") == 1);
        caller.join().interrupt();
        cluster.releaseLock("L");
        assertThat(get(outcome)).isTrue();
        assertThat(node.commands()).noneMatch(command -> command.getLock().hasCancel());
    }

    // ---- wrapped calls and the older library ----

    @Test
    @Feature({"DJ-LM-2", "A-12"})
    void oneTimeoutStandsForTheWaitAndTheHold() {
        Duration three = Duration.ofSeconds(3);
        assertThat(LockMethodOptions.lockTimeout(three)).isEqualTo(new LockMethodOptions(three, three, true, null));
        assertThat(LockMethodOptions.defaults()).isEqualTo(LockMethodOptions.lockTimeout(Duration.ofSeconds(10)));
    }

    @Test
    @Feature({"DJ-LM-1", "DJ-LM-3"})
    void wrappedCallRunsUnderItsLockWithinItsTime() {
        Locks locks = connect().locks();
        assertThat(locks.wrap((Integer x) -> x + 1, "m", LockMethodOptions.defaults())
                        .apply(1))
                .isEqualTo(2);
        CountDownLatch end = new CountDownLatch(1);
        LockMethodOptions limited = LockMethodOptions.defaults().maxExecution(Duration.ofMillis(50));
        assertThatThrownBy(() -> locks.wrap(() -> end.await(10, TimeUnit.SECONDS), "m", limited)
                        .call())
                .isInstanceOfSatisfying(
                        ExecutionTimeoutException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.EEXECTIMEOUT))
                .hasMessageContaining("Maximum execution time is exceeded m");
        assertThat(cluster.isLocked("m")).isFalse();
        end.countDown();
    }

    @Test
    @Feature({"DJ-LOCK-1", "DJ-LOCK-3", "DJ-LOCK-4"})
    void locksAreReleasedByTheIdOfTheirGrant() {
        Locks locks = connect().locks();
        LockHandle handle = locks.tryAcquire("d").orElseThrow();
        assertThat(locks.tryAcquire("d")).isEmpty();
        assertThat(locks.release("d", handle.grantId() + 1)).isFalse();
        assertThat(locks.release("d", handle.grantId())).isTrue();
        assertThat(locks.acquire("d")).isPresent();
    }

    // ---- the callback queue's locks ----

    @Test
    @Feature({"S-65", "DL-ONCE-1", "DL-LOCK-1", "DL-LOCK-2", "DL-LOCK-3"})
    void onceLockComplainsInItsOwnWords() {
        CallbackQueue queue =
                connect().callbackQueue(CallbackQueueOptions.defaults().retries(0));
        OnceLock lock = queue.once("k");
        assertThat(queue.heldLocks()).hasSize(1);
        assertThatThrownBy(() -> queue.once("k"))
                .isInstanceOf(LockAcquisitionException.class)
                .hasMessageContaining("Could not acquire lock on \"dlockk\"");
        assertThatThrownBy(lock::acquire).hasMessageContaining("Lock already held");
        assertThatThrownBy(() -> lock.extend(Duration.ofMillis(-1)))
                .hasMessageContaining("Int time is required to extend lock");
        lock.extend();
        lock.release();
        assertThatThrownBy(lock::release)
                .isInstanceOf(LockReleaseException.class)
                .hasMessageContaining("Lock has not been acquired");
        assertThatThrownBy(lock::extend)
                .isInstanceOf(LockExtendException.class)
                .hasMessageContaining("Lock has not been acquired");
        lock.acquire();
        cluster.releaseLock("k");
        assertThatThrownBy(lock::extend).hasMessageContaining("Lock on \"dlockk\" had expired");
        assertThatThrownBy(lock::release)
                .isInstanceOf(LockReleaseException.class)
                .hasMessageContaining("Lock on \"dlockk\" had expired");
        assertThatThrownBy(() -> queue.once("")).isInstanceOf(ValidationException.class);
    }

    // ---- the exclusive lock ----

    @Test
    @Feature({"S-44", "EL-OPT-1", "EL-OPT-6", "EL-OPT-7", "EL-OPT-8", "EL-ERR-1"})
    void exclusiveLockChecksItsOptions() {
        CoordinatorClient client = connect();
        ExclusiveLockOptions named = ExclusiveLockOptions.named("n");
        assertThatThrownBy(() -> client.exclusiveLock(named.lockTtlMillis(500).lockRefreshMillis(100)))
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
        assertThatThrownBy(() -> client.exclusiveLock(options))
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith("EINVAL: Input validation failed: ")
                .hasMessageContaining(message);
    }

    @Test
    @Feature({"C-25", "DJ-LM-1"})
    void whatAWrappedTaskThrowsIsNotUnwrapped() {
        CompletionException thrown = new CompletionException("from the task", new IllegalStateException("cause"));
        Callable<String> task = () -> {
            throw thrown;
        };
        LockMethodOptions plain = LockMethodOptions.defaults();
        for (LockMethodOptions options : List.of(plain, plain.maxExecution(Duration.ofSeconds(30)))) {
            assertThatThrownBy(connect().locks().wrap(task, "wrapped", options)::call)
                    .isSameAs(thrown);
        }
    }

    @Test
    @Feature({"C-25", "DJ-LM-1"})
    void theLimitOfExecutionHoldsAlsoWhenTheCallerWasInterrupted() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Callable<Boolean> task = () -> {
            running.countDown();
            return done.await(30, TimeUnit.SECONDS);
        };
        Callable<Boolean> wrapped = connect()
                .locks()
                .wrap(task, "wrapped", LockMethodOptions.defaults().maxExecution(Duration.ofMillis(300)));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                wrapped.call();
            } catch (Exception e) {
                failure.complete(e);
            }
        });
        caller.start();
        running.await();
        caller.interrupt();
        assertThat(get(failure)).isInstanceOf(CoordinatorInterruptedException.class);
        soon().until(() -> !cluster.isLocked("wrapped"));
        done.countDown();
    }

    @Test
    @Feature({"C-25", "EL-EVT-1"})
    void aListenerThatIsAddedTwiceIsRemovedOnceByEachOfItsRegistrations() {
        ExclusiveLock lock = closing(connect().exclusiveLock(ExclusiveLockOptions.named("n")));
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
    @Feature({"DL-MULTI-1", "C-41"})
    void aSetOfLocksIsNotNamedAfterTheAddressOfAnArray() {
        CallbackQueue queue = connect().callbackQueue(CallbackQueueOptions.defaults());
        for (Object ids : List.of(new int[] {1}, List.of(List.of("a")), new Object[][] {{"a"}})) {
            assertThatThrownBy(() -> queue.multi(ids))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("one level deep");
        }
        assertThat(queue.multi(1, "a").names()).containsExactly("1", "a");
    }

    private static void assertProblem(CoordinatorClient client, ExclusiveLockOptions options, String path) {
        assertThatThrownBy(() -> client.exclusiveLock(options))
                .hasMessageContaining("Input validation failed")
                .isInstanceOfSatisfying(
                        ValidationException.class,
                        e -> assertThat(e.errors())
                                .extracting(ValidationException.Problem::path)
                                .containsExactly(path));
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
            ExclusiveLock lock = client.exclusiveLock(ExclusiveLockOptions.named(name));
            keys.add(lock.key());
            assertThat(lock.acquire()).as(name).isTrue();
        }
        assertThat(keys).doesNotHaveDuplicates().startsWith("exclusive-lock:夜間レポート", "exclusive-lock:全量备份");
        assertThat(client.exclusiveLock(ExclusiveLockOptions.named("a").keyPrefix("夜"))
                        .acquire())
                .isTrue();
        assertThat(client.exclusiveLock(ExclusiveLockOptions.named("a").keyPrefix("全"))
                        .acquire())
                .isTrue();
        assertThatThrownBy(() -> client.exclusiveLock(ExclusiveLockOptions.named("a\uD83D")))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() ->
                        client.exclusiveLock(ExclusiveLockOptions.named("a").keyPrefix("\uD83D")))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature("C-41")
    void otherNamesAreExact() {
        CoordinatorClient client = connect();
        CallbackQueue queue = client.callbackQueue(CallbackQueueOptions.defaults());
        List<String> names =
                List.of("夜間", "全量", "\uD83D\uDE00", "caf\u00E9", "cafe\u0301", "A b", "a b", "a-b", "a_b", " a b");
        for (String name : names) {
            assertThat(client.lock(name).tryAcquire()).as(name).isPresent();
            assertThat(queue.once("once " + name).id()).isEqualTo("once " + name);
            assertThat(client.locks().acquire("method " + name)).isPresent();
        }
        assertThat(names.stream().map(KeyCodec.of(String.class)::encode)).containsExactlyElementsOf(names);
    }

    @Test
    @Feature({"S-44", "EL-OPT-10", "EL-ACQ-1", "EL-ACQ-2", "EL-ACQ-4", "EL-REL-1", "EL-INS-1", "EL-INS-2", "EL-EVT-1"})
    void exclusiveLockTellsOfItsLife() throws InterruptedException {
        CoordinatorClient client = connect();
        ExclusiveLock lock = client.exclusiveLock(ExclusiveLockOptions.named("some \"name\" here")
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
        assertThat(client.exclusiveLock(ExclusiveLockOptions.named("some name here"))
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
        ExclusiveLock lock = connect().exclusiveLock(ExclusiveLockOptions.named("x"));
        BlockingQueue<String> events = listen(lock);
        lock.acquire();
        assertThat(events.take()).isEqualTo("acquired");
        cluster.loseLock(lock.key(), LockLost.Reason.FORCED);
        assertThat(events.take()).isEqualTo("error ELOCKEXTEND");
        assertThat(events.take()).isEqualTo("lost FORCED");
        assertThat(events.take()).isEqualTo("released LOST");
        assertThat(lock.isAcquired()).isFalse();
        cluster.takeLock(lock.key());
        lock.release();
        assertThat(cluster.isLocked(lock.key())).isTrue();
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
    @Feature("A-01")
    void fenceModeTravelsWithTheGuard() {
        CoordinatorClient client = connect();
        LockHandle handle = client.lock("L").acquire();
        client.cache().guardedBy(handle.guard(FenceMode.MONOTONIC)).put("k", 1);
        Optional<Command> put =
                node.commands().stream().filter(Command::hasCache).findFirst();
        assertThat(put.orElseThrow().getGuard().getMode()).isEqualTo(io.coordinator.protocol.FenceMode.MONOTONIC);
    }

    // ---- extremes ----

    @Test
    @Feature({"C-21", "EL-OPT-3"})
    void aSelfRefreshingLockTakesExtremesOrRefusesThem() {
        CoordinatorClient client = connect();
        ExclusiveLockOptions named = ExclusiveLockOptions.named("E");
        ExclusiveLock lock =
                client.exclusiveLock(named.lockTtlMillis(Long.MAX_VALUE).lockRefreshMillis(1_000));
        assertThat(lock.acquire()).isTrue();
        assertThat(lock.isAcquired()).isTrue();
        assertThat(lock.lockTtl()).isGreaterThan(Duration.ofDays(36_500));
        lock.release();
        for (long[] wrong : new long[][] {
            {Long.MIN_VALUE, 1}, {0, 1}, {1_000, 0}, {1_000, Long.MIN_VALUE}, {Long.MAX_VALUE, Long.MAX_VALUE}
        }) {
            assertThatThrownBy(() ->
                            client.exclusiveLock(named.lockTtlMillis(wrong[0]).lockRefreshMillis(wrong[1])))
                    .isInstanceOf(ValidationException.class);
        }
    }

    @Test
    @Feature({"C-20", "DL-OPT-3", "DJ-TX-5", "DJ-LM-2"})
    void waitsOfNothingAreNoError() {
        Duration none = Duration.ofSeconds(Long.MIN_VALUE);
        assertThat(CallbackQueueOptions.defaults().delay(none).patience()).isZero();
        assertThat(CallbackQueueOptions.defaults()
                        .delay(Duration.ofSeconds(Long.MAX_VALUE))
                        .retries(Integer.MAX_VALUE)
                        .patience())
                .isGreaterThan(Duration.ofDays(36_500));
        assertThat(TransactionOptions.defaults().waitTimeout(none).waitTimeout())
                .isZero();
        assertThat(LockMethodOptions.defaults().acquireTimeout(none).acquireTimeout())
                .isZero();
        assertThat(BuildOptions.timeout(Duration.ofSeconds(1)).waitTimeout(none).waitTimeout())
                .isZero();
    }
}
