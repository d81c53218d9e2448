package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.NotOwnerException;
import io.coordinator.client.error.ReleaseReport;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.DistributedReadWriteLock;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.LeaderElection;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.lock.MultiLock;
import io.coordinator.client.lock.MultiLockHandle;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.lock.RenewalListener;
import io.coordinator.client.lock.RenewalOptions;
import io.coordinator.client.option.FenceMode;
import io.coordinator.protocol.Command;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.junit.jupiter.api.Test;

/** What the SDK makes of locks: sets, reentrance, semaphores, elections, adapters. */
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
    }

    @Test
    @Feature({"S-40", "DL-MULTI-5"})
    void extensionOfAPartialSetNamesWhatIsGoneAndFreesTheRest() {
        MultiLockHandle handle = connect().multiLock("1", "2", "3").acquire();
        cluster.loseLock("2");
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
        cluster.loseLock("2");
        get(reported.lost());
        assertThat(reported.release()).isEqualTo(new ReleaseReport(List.of("1"), List.of("2")));
        assertThat(cluster.isLocked("1")).isFalse();
        MultiLockHandle strict = lock.acquire();
        cluster.loseLock("1");
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
        cluster.loseLock("L");
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
        assertThat(semaphore.release(two.grantId())).isFalse();
        assertThatThrownBy(() -> semaphore.release(987_654)).isInstanceOf(NotOwnerException.class);
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

    // ---- elections ----

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

    // ---- grants by their ids ----

    @Test
    @Feature("DJ-LOCK-3")
    void locksAreReleasedByTheIdOfTheirGrant() {
        CoordinatorClient client = connect();
        LockHandle handle = client.lock("d").acquire();
        assertThat(client.locks().release("d", handle.grantId() + 1)).isFalse();
        assertThat(client.locks().release("d", handle.grantId())).isTrue();
        assertThat(client.lock("d").tryAcquire()).isPresent();
    }

    // ---- renewals ----

    @Test
    @Feature({"PM-LOCK-5", "EL-EVT-2"})
    void aGrantIsRenewedAsItsOptionsSayAndTellsOfIt() throws InterruptedException {
        BlockingQueue<Long> deadlines = new LinkedBlockingQueue<>();
        RenewalOptions often = RenewalOptions.every(Duration.ofMillis(20)).listener(new RenewalListener() {
            @Override
            public void onRenewed(long deadlineMillis) {
                deadlines.add(deadlineMillis);
                throw new IllegalStateException("from a listener");
            }
        });
        LockOptions hour = LockOptions.defaults().ttl(Duration.ofHours(1)).renewal(often);
        CoordinatorClient client = connect();
        LockHandle handle = client.lock("R").acquire(hour);
        Permit permit = client.semaphore("R").acquire(1, hour);
        long first = deadlines.take();
        assertThat(deadlines.take()).isPositive();
        assertThat(deadlines.take()).isGreaterThanOrEqualTo(first);
        assertThat(handle.isHeld() && permit.isHeld()).isTrue();
        handle.release();
        permit.release();
    }

    @Test
    @Feature("EL-REF-4")
    void aRenewalThatIsNotAnsweredInItsTimeIsToldAndTriedAgain() throws InterruptedException {
        BlockingQueue<CoordinatorException> failures = new LinkedBlockingQueue<>();
        BlockingQueue<Long> renewed = new LinkedBlockingQueue<>();
        RenewalOptions hasty = RenewalOptions.every(Duration.ofMillis(50))
                .patience(Duration.ofMillis(50))
                .listener(new RenewalListener() {
                    @Override
                    public void onRenewed(long deadlineMillis) {
                        renewed.add(deadlineMillis);
                    }

                    @Override
                    public void onFailed(CoordinatorException error) {
                        failures.add(error);
                    }
                });
        LockHandle handle = connect()
                .lock("R")
                .acquire(LockOptions.defaults().ttl(Duration.ofMinutes(1)).renewal(hasty));
        renewed.take();
        node.holdReplies(true);
        assertThat(failures.take().code()).isEqualTo(ErrorCode.ETIMEOUT);
        assertThat(handle.isHeld()).isTrue();
        node.holdReplies(false);
        handle.release();
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
        node.holdEvents(true);
        cluster.loseLock("L");
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

    @Test
    @Feature("C-41")
    void otherNamesAreExact() {
        CoordinatorClient client = connect();
        List<String> names =
                List.of("夜間", "全量", "\uD83D\uDE00", "caf\u00E9", "cafe\u0301", "A b", "a b", "a-b", "a_b", " a b");
        for (String name : names) {
            assertThat(client.lock(name).tryAcquire()).as(name).isPresent();
        }
        assertThat(names.stream().map(KeyCodec.of(String.class)::encode)).containsExactlyElementsOf(names);
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
    @Feature({"C-20", "DJ-TX-5"})
    void waitsOfNothingAreNoError() {
        Duration none = Duration.ofSeconds(Long.MIN_VALUE);
        assertThat(TransactionOptions.defaults().waitTimeout(none).waitTimeout())
                .isZero();
        assertThat(BuildOptions.timeout(Duration.ofSeconds(1)).waitTimeout(none).waitTimeout())
                .isZero();
    }
}
