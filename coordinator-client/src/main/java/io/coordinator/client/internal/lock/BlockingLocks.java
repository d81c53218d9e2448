package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Refusable;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.lock.AuditRecord;
import io.coordinator.client.lock.FencedContext;
import io.coordinator.client.lock.FencedFunction;
import io.coordinator.client.lock.HeldLocks;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockMethodOptions;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LockSummary;
import io.coordinator.client.lock.Locks;
import io.coordinator.client.lock.SemaphoreSummary;
import io.coordinator.client.lock.WaitCycle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All locks, for callers that wait. */
public record BlockingLocks(LockAdmin calls) implements Locks {
    /** The cluster's own limit. */
    private static final LockOptions WITH_LOCK = LockOptions.defaults()
            .wait(Duration.ofSeconds(10))
            .ttl(Duration.ofSeconds(30))
            .autoRenew(false);

    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);
    private static final int MAX_RETRIES = 30;

    @Override
    public List<LockSummary> list(String prefix) {
        return list(calls.namespace(), prefix);
    }

    @Override
    public List<LockSummary> list(String namespace, String prefix) {
        return Await.result(calls.list(namespace, prefix));
    }

    @Override
    public List<SemaphoreSummary> semaphores(String namespace, String prefix) {
        return Await.result(calls.semaphores(namespace, prefix));
    }

    @Override
    public HeldLocks held() {
        return Await.result(calls.held());
    }

    @Override
    public HeldLocks held(long sessionId) {
        return Await.result(calls.held(sessionId));
    }

    @Override
    public List<WaitCycle> waitCycles() {
        return Await.result(calls.waitCycles());
    }

    @Override
    public List<Long> forceRelease(String name, String operator, String reason) {
        return forceRelease(calls.namespace(), name, 0, operator, reason);
    }

    @Override
    public List<Long> forceRelease(String namespace, String name, long token, String operator, String reason) {
        return Await.result(calls.forceRelease(namespace, name, token, operator, reason));
    }

    @Override
    public List<AuditRecord> audit() {
        return Await.result(calls.audit());
    }

    @Override
    public List<AuditRecord> audit(int limit) {
        return Await.result(calls.audit(limit));
    }

    @Override
    public <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> wrap(
            Function<A, R> function, String name, LockMethodOptions options) {
        return wrapFenced((argument, context) -> function.apply(argument), name, options);
    }

    @Override
    public <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> wrapFenced(
            BiFunction<A, FencedContext, R> function, String name, LockMethodOptions options) {
        LockCalls lock = calls.lock(name);
        return argument -> BlockingLocks.<R, RuntimeException>run(
                calls, lock, context -> function.apply(argument, context), options);
    }

    @Override
    public <R extends @Nullable Object> Callable<R> wrap(Callable<R> task, String name, LockMethodOptions options) {
        LockCalls lock = calls.lock(name);
        return () -> BlockingLocks.<R, Exception>run(calls, lock, context -> task.call(), options);
    }

    private static <R extends @Nullable Object, X extends Exception> R run(
            LockAdmin calls, LockCalls lock, Work<R, X> work, LockMethodOptions options) throws X {
        LockHandle handle = Await.result(lock.acquire(LockAdmin.terms(options)));
        if (options.executionLimit().isEmpty()) {
            try (handle) {
                return work.call(lock.context(handle));
            }
        }
        Promise<R> result = Promises.direct().make();
        CompletableFuture<R> outcome = new CompletableFuture<>();
        calls.user()
                .worker()
                .execute(Refusable.of(
                        () -> complete(outcome, work, lock.context(handle)), outcome::completeExceptionally));
        calls.finish(handle, outcome, lock.name(), options, result);
        return Await.<R, X>resultOrThrow(result);
    }

    private static <R extends @Nullable Object, X extends Exception> void complete(
            CompletableFuture<R> outcome, Work<R, X> work, FencedContext context) {
        try {
            outcome.complete(work.call(context));
        } catch (Throwable e) { // also what the compiler thinks cannot come
            outcome.completeExceptionally(e);
        }
    }

    @Override
    public <T, X extends Exception> T withLock(String name, FencedFunction<T, X> function) throws X {
        return new BlockingLock(calls.lock(name)).withLock(WITH_LOCK, function);
    }

    @Override
    public Optional<LockHandle> acquire(String name) {
        return acquire(name, TTL, RETRY_DELAY, MAX_RETRIES);
    }

    @Override
    public Optional<LockHandle> acquire(String name, Duration ttl, Duration retryDelay, int maxRetries) {
        if (maxRetries < 0) {
            throw new ValidationException("maxRetries must not be negative, but is " + maxRetries);
        }
        LockOptions options =
                LockOptions.defaults().ttl(ttl).autoRenew(false).wait(Times.multiply(retryDelay, maxRetries));
        return Await.result(calls.lock(name).tryAcquire(options));
    }

    @Override
    public Optional<LockHandle> tryAcquire(String name) {
        return tryAcquire(name, TTL);
    }

    @Override
    public Optional<LockHandle> tryAcquire(String name, Duration ttl) {
        return acquire(name, ttl, Duration.ZERO, 0);
    }

    @Override
    public boolean release(String name, long grantId) {
        return Await.uninterruptibly(calls.release(name, grantId));
    }

    /** What runs under the lock. */
    private interface Work<R extends @Nullable Object, X extends Exception> {
        R call(FencedContext context) throws X;
    }
}
