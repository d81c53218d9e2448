package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.MultiLockHandle;
import io.coordinator.client.lock.Permit;
import io.coordinator.testing.feature.Feature;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What threads do whose interrupt flag is set, or is set while they wait. */
@Feature("C-24")
class InterruptsTest extends ClientFixture {

    @AfterEach
    void calm() {
        Thread.interrupted();
    }

    /** Runs something with the flag set, and checks that it is kept. */
    private static void interrupted(Runnable call) {
        Thread.currentThread().interrupt();
        call.run();
        assertThat(Thread.interrupted()).as("the flag").isTrue();
    }

    private static Map<String, Lock> locks(CoordinatorClient client) {
        Map<String, Lock> locks = new LinkedHashMap<>();
        locks.put("lock", client.lock("L").asLock());
        locks.put("write lock", client.readWriteLock("L").asReadWriteLock().writeLock());
        locks.put("write lock alone", client.readWriteLock("L").writeLock().asLock());
        return locks;
    }

    @Test
    void anInterruptedThreadLocksAndUnlocks() {
        locks(connect()).forEach((what, lock) -> {
            interrupted(lock::lock);
            assertThat(cluster.isLocked("L")).as(what).isTrue();
            interrupted(lock::unlock);
            assertThat(cluster.isLocked("L")).as(what).isFalse();
            interrupted(() -> assertThat(lock.tryLock()).isTrue());
            assertThat(cluster.isLocked("L")).as(what).isTrue();
            interrupted(lock::unlock);
            assertThat(cluster.isLocked("L")).as(what).isFalse();
            cluster.takeLock("L");
            interrupted(() -> assertThat(lock.tryLock()).isFalse());
            cluster.releaseLock("L");
        });
    }

    @Test
    void aReadersAdapterIsAsPatient() {
        Lock lock = connect().readWriteLock("rw").asReadWriteLock().readLock();
        interrupted(lock::lock);
        interrupted(lock::unlock);
        interrupted(() -> assertThat(lock.tryLock()).isTrue());
        interrupted(lock::unlock);
    }

    @Test
    void whatIsInterruptibleEndsAndHoldsNothing() {
        locks(connect()).forEach((what, lock) -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(lock::lockInterruptibly).as(what).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(cluster.isLocked("L")).isFalse();
        });
    }

    @Test
    void anInterruptDoesNotCostTheOneWhoWaitsItsPlace() throws Exception {
        Lock lock = connect().lock("L").asLock();
        cluster.takeLock("L");
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            lock.lock();
            flag.complete(Thread.currentThread().isInterrupted());
        });
        waiter.start();
        soon().until(() -> cluster.waiters("L") == 1);
        Lock second = connect().lock("L").asLock();
        CompletableFuture<Boolean> other = inBackground(() -> {
            second.lock();
            return true;
        });
        soon().until(() -> cluster.waiters("L") == 2);
        waiter.interrupt();
        soon().until(() -> !waiter.isInterrupted()); // It has noticed.
        assertThat(flag).isNotDone();
        cluster.releaseLock("L");
        assertThat(get(flag)).isTrue();
        assertThat(other).isNotDone();
        lock.unlock();
        assertThat(get(other)).isTrue();
        waiter.join(10_000);
    }

    @Test
    void everyHandleIsReleasedAndClosed() {
        CoordinatorClient client = connect();
        LockHandle handle = client.lock("L").acquire();
        interrupted(() -> assertThat(handle.release()).isTrue());
        assertThat(cluster.isLocked("L")).isFalse();

        LockHandle closed = client.lock("L").acquire();
        interrupted(closed::close);
        assertThat(cluster.isLocked("L")).isFalse();

        MultiLockHandle set = client.multiLock("L", "M").acquire();
        interrupted(() -> assertThat(set.release().isComplete()).isTrue());
        assertThat(cluster.isLocked("M")).isFalse();

        MultiLockHandle strict = client.multiLock("L", "M").acquire();
        interrupted(strict::releaseStrict);
        assertThat(cluster.isLocked("M")).isFalse();

        Leadership leadership = client.election("L").campaign();
        interrupted(() -> assertThat(leadership.resign()).isTrue());
        assertThat(cluster.isLocked("L")).isFalse();

        Permit permit = client.semaphore("S", 1).acquire();
        interrupted(() -> assertThat(permit.release()).isTrue());
        client.semaphore("S", 1).tryAcquire().orElseThrow().release();
    }

    @Test
    void aGrantIsReleasedByItsId() {
        CoordinatorClient client = connect();
        LockHandle held = client.lock("L").acquire();
        interrupted(
                () -> assertThat(client.locks().release("L", held.grantId())).isTrue());
        assertThat(cluster.isLocked("L")).isFalse();
    }

    private static String interruptedItself() {
        Thread.currentThread().interrupt();
        return "done";
    }

    @Test
    void whatRanUnderALockIsKeptAndTheLockIsFree() {
        CoordinatorClient client = connect();
        String locked = client.lock("L").withLock(context -> interruptedItself());
        assertThat(locked).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(cluster.isLocked("L")).isFalse();
    }

    @Test
    void aClientIsClosed() {
        CoordinatorClient client = connect();
        client.lock("L").acquire();
        interrupted(client::close);
        assertThat(cluster.isLocked("L")).isFalse();
    }

    @Test
    void aCallThatIsNoReleaseStillEndsByAnInterrupt() {
        CoordinatorClient client = connect();
        cluster.takeLock("L");
        CountDownLatch ended = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            assertThatThrownBy(() -> client.lock("L").acquire()).isInstanceOf(CoordinatorInterruptedException.class);
            ended.countDown();
        });
        waiter.start();
        soon().until(() -> cluster.waiters("L") == 1);
        waiter.interrupt();
        soon().until(() -> ended.getCount() == 0);
        soon().until(() -> cluster.waiters("L") == 0);
    }
}
