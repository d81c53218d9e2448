package io.coordinator.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.ClientFixture;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.ExecutionTimeoutException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Command;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Functions under locks, and locks with a ttl that nobody renews. */
class LockMethodsTest extends ClientFixture {
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
        LockMethods locks = Compat.of(connect()).lockMethods();
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
    @Feature({"DJ-LM-1", "DJ-LM-3"})
    void aWrappedTaskRunsUnderItsLockAlsoOnAnotherThread() throws Exception {
        LockMethods locks = Compat.of(connect()).lockMethods();
        LockMethodOptions plain = LockMethodOptions.defaults();
        for (LockMethodOptions options : List.of(plain, plain.maxExecution(Duration.ofSeconds(30)))) {
            Callable<Boolean> isLocked = () -> cluster.isLocked("m");
            assertThat(locks.wrap(isLocked, "m", options).call()).isTrue();
            soon().until(() -> !cluster.isLocked("m"));
        }
    }

    @Test
    @Feature({"DJ-LOCK-1", "DJ-LOCK-3", "DJ-LOCK-4"})
    void locksAreReleasedByTheIdOfTheirGrant() {
        LockMethods locks = Compat.of(connect()).lockMethods();
        LockHandle handle = locks.tryAcquire("d").orElseThrow();
        assertThat(locks.tryAcquire("d")).isEmpty();
        assertThat(locks.release("d", handle.grantId() + 1)).isFalse();
        assertThat(locks.release("d", handle.grantId())).isTrue();
        assertThat(locks.acquire("d")).isPresent();
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
            assertThatThrownBy(Compat.of(connect()).lockMethods().wrap(task, "wrapped", options)::call)
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
        Callable<Boolean> wrapped = Compat.of(connect())
                .lockMethods()
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
    @Feature({"C-20", "DJ-LM-2"})
    void aWaitOfNothingIsNoError() {
        Duration none = Duration.ofSeconds(Long.MIN_VALUE);
        assertThat(LockMethodOptions.defaults().acquireTimeout(none).acquireTimeout())
                .isZero();
    }

    @Test
    @Feature("PM-LOCK-9")
    void olderLibrarysWithLockHoldsForHalfAMinuteAndReturnsALateResult() {
        CoordinatorClient client = connect();
        assertThat(Compat.of(client).lockMethods().<String, RuntimeException>withLock("L", context -> {
                    cluster.loseLock("L");
                    return "late";
                }))
                .isEqualTo("late");
        AcquireLock acquire = node.commands().stream()
                .filter(Command::hasLock)
                .findFirst()
                .orElseThrow()
                .getLock()
                .getAcquire();
        assertThat(acquire.getTtlMillis()).isEqualTo(30_000);
        assertThat(acquire.getWaitMillis()).isEqualTo(10_000);
    }

    @Test
    @Feature({"DJ-LOCK-1", "DJ-LOCK-2"})
    void theTimesOfALockAreExact() {
        assertThat(Compat.of(connect()).lockMethods().acquire("exact")).isPresent();
        AcquireLock acquire = node.commands().stream()
                .filter(Command::hasLock)
                .findFirst()
                .orElseThrow()
                .getLock()
                .getAcquire();
        assertThat(acquire.getTtlMillis()).isEqualTo(10_000);
        assertThat(acquire.getWaitMillis()).isEqualTo(3_000);
    }

    @Test
    @Feature({"DJ-LOCK-5", "DJ-LOCK-6"})
    void aLockIsNoKeyAndAWriteNeedsNone() {
        CoordinatorClient client = connect();
        LockHandle held = Compat.of(client).lockMethods().tryAcquire("same").orElseThrow();
        assertThat(client.cache().get("same")).isEmpty();
        client.cache().put("same", 1);
        assertThat(client.cache().delete("same")).isTrue();
        assertThat(held.isHeld()).isTrue();
        assertThat(held.release()).isTrue();
    }
}
