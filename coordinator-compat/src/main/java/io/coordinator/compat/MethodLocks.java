package io.coordinator.compat;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ExecutionTimeoutException;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.FencedContext;
import io.coordinator.client.lock.FencedFunction;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Functions under locks of the client's namespace. */
final class MethodLocks implements LockMethods {
    private static final LockOptions WITH_LOCK = LockOptions.defaults()
            .wait(Duration.ofSeconds(10))
            .ttl(Duration.ofSeconds(30))
            .autoRenew(false);

    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);
    private static final int MAX_RETRIES = 30;

    private final CoordinatorClient client;

    MethodLocks(CoordinatorClient client) {
        this.client = client;
    }

    // ---- wrapped functions ----

    @Override
    public <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> wrap(
            Function<A, R> function, String name, LockMethodOptions options) {
        return wrapFenced((argument, context) -> function.apply(argument), name, options);
    }

    @Override
    public <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> wrapFenced(
            BiFunction<A, FencedContext, R> function, String name, LockMethodOptions options) {
        DistributedLock lock = client.lock(name);
        return argument -> this.<R, RuntimeException>run(lock, options, context -> function.apply(argument, context));
    }

    @Override
    public <R extends @Nullable Object> Callable<R> wrap(Callable<R> task, String name, LockMethodOptions options) {
        DistributedLock lock = client.lock(name);
        return () -> this.<R, Exception>run(lock, options, context -> task.call());
    }

    private <R extends @Nullable Object, X extends Exception> R run(
            DistributedLock lock, LockMethodOptions options, FencedFunction<R, X> function) throws X {
        if (options.executionLimit().isEmpty()) {
            return lock.withLock(terms(options), function);
        }
        CompletionStage<Ended<R>> held = client.async()
                .lock(lock.name())
                .withLock(
                        terms(options),
                        context ->
                                limited(client.async().run(() -> Ended.of(function, context)), lock.name(), options));
        return Stages.await(held).get();
    }

    @Override
    public <A extends @Nullable Object, R extends @Nullable Object> Function<A, CompletionStage<R>> wrapAsync(
            BiFunction<A, FencedContext, CompletionStage<R>> function, String name, LockMethodOptions options) {
        AsyncDistributedLock lock = client.async().lock(name);
        return argument -> lock.withLock(
                terms(options),
                context -> options.executionLimit().isEmpty()
                        ? function.apply(argument, context)
                        : limited(function.apply(argument, context), name, options));
    }

    /**
     * What is held no longer than a call may take: the lock is released when this has ended, whatever the work does.
     */
    private static <T extends @Nullable Object> @Nullable CompletionStage<T> limited(
            @Nullable CompletionStage<T> work, String name, LockMethodOptions options) {
        if (work == null) {
            return work; // The client refuses it as it does without a limit.
        }
        CompletableFuture<T> outcome = Stages.map(work, Function.identity());
        long millis = Checks.millis(options.executionLimit().orElseThrow());
        CompletableFuture<Boolean> over =
                new CompletableFuture<Boolean>().completeOnTimeout(true, millis, MILLISECONDS);
        Stages.whenDone(over, (timedOut, none) -> {
            if (timedOut) {
                outcome.completeExceptionally(
                        new ExecutionTimeoutException("Maximum execution time is exceeded " + name));
            }
        });
        // Before Java 21 the timer of a future that fails or is cancelled stays until its time.
        Stages.whenDone(outcome, (value, error) -> over.complete(false));
        return outcome;
    }

    private static LockOptions terms(LockMethodOptions options) {
        return LockOptions.defaults()
                .wait(options.acquireTimeout())
                .ttl(options.holdTtl())
                .autoRenew(options.autoRenew());
    }

    // ---- locks ----

    @Override
    public <T, X extends Exception> T withLock(String name, FencedFunction<T, X> function) throws X {
        return client.lock(name).withLock(WITH_LOCK, function);
    }

    @Override
    public Optional<LockHandle> acquire(String name) {
        return acquire(name, TTL, RETRY_DELAY, MAX_RETRIES);
    }

    @Override
    public Optional<LockHandle> acquire(String name, Duration ttl, Duration retryDelay, int maxRetries) {
        Duration patience = Checks.times(retryDelay, Checks.count("maxRetries", maxRetries));
        return client.lock(name)
                .tryAcquire(LockOptions.defaults().ttl(ttl).autoRenew(false).wait(patience));
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
        return client.locks().release(name, grantId);
    }

    /** What a function came to, which passes through stages as it is. */
    private record Ended<R extends @Nullable Object>(
            @Nullable R value, @Nullable Throwable thrown) {
        static <R extends @Nullable Object> Ended<R> of(FencedFunction<R, ?> function, FencedContext context) {
            try {
                return new Ended<>(function.apply(context), null);
            } catch (Throwable e) { // whatever it is, it is the caller's
                return new Ended<>(null, e);
            }
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"
        }) // X is what the function throws; everything else is unchecked. A null is the function's own.
        <X extends Exception> R get() throws X {
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                throw (X) thrown;
            }
            return value;
        }
    }
}
