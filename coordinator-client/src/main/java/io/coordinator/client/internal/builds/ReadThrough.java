package io.coordinator.client.internal.builds;

import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.near.Copy;
import io.coordinator.client.internal.near.NearCopies;
import io.coordinator.protocol.BuildResult;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds with types, one expiry, and copies near the caller. */
public final class ReadThrough<K, V> implements ReadThroughCache<K, V> {
    private static final Logger log = LoggerFactory.getLogger(ReadThrough.class);
    /** Of what lives longer, a copy is fetched again after this time. */
    private static final long COPY_NANOS_MAX = TimeUnit.DAYS.toNanos(365);

    private final BuildCalls blocking;
    private final BuildCalls staged;
    private final ReadThroughOptions<K, V> options;
    private final @Nullable NearCopies<V> near;
    private final boolean usesCopies;
    private final State state;

    /** What all views of one cache share. */
    private static final class State {
        private final Set<Promise<?>> waiting = ConcurrentHashMap.newKeySet();
        private volatile boolean closed;
    }

    public ReadThrough(
            BuildCalls blocking, BuildCalls staged, ReadThroughOptions<K, V> options, @Nullable NearCopies<V> near) {
        this(blocking, staged, options, near, near != null, new State());
    }

    private ReadThrough(
            BuildCalls blocking,
            BuildCalls staged,
            ReadThroughOptions<K, V> options,
            @Nullable NearCopies<V> near,
            boolean usesCopies,
            State state) {
        this.blocking = blocking;
        this.staged = staged;
        this.options = options;
        this.near = near;
        this.usesCopies = usesCopies;
        this.state = state;
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public ReadThroughCache<K, V> linearizable() {
        return new ReadThrough<>(blocking, staged, options, near, false, state);
    }

    // ---- copies ----

    private @Nullable Copy<V> copy(String key) {
        requireOpen();
        NearCopies<V> copies = near;
        return copies == null || !usesCopies ? null : copies.get(key);
    }

    /** A codec is user code. */
    private String encoded(K key) {
        String encoded;
        try {
            encoded = options.keys().encode(key);
        } catch (CoordinatorException e) {
            throw e;
        } catch (Throwable e) { // also what the compiler thinks cannot come
            throw new ValidationException("the key codec of " + options.name() + " threw " + Thrown.text(e), e);
        }
        if (encoded == null) {
            throw new ValidationException("the key codec of " + options.name() + " made null of a key");
        }
        return encoded;
    }

    private void requireOpen() {
        if (state.closed) {
            throw new ClosedException("the cache " + options.name() + " is closed", false);
        }
    }

    private Results<V> results(String key) {
        return new Results<>() {
            @Override
            public @Nullable V found(BuildResult result, long asOf) {
                @Nullable V value = blocking.calls().json().read(result.getValue(), blocking.type(options.values()));
                hold(key, copyOf(value, result), asOf);
                return value;
            }

            @Override
            public void built(@Nullable V value, long revision, long sentNanos) {
                hold(key, copyOf(value, revision, sentNanos), revision);
            }
        };
    }

    private void hold(String key, Copy<V> copy, long asOf) {
        NearCopies<V> copies = near;
        if (copies != null) {
            copies.offer(key, copy, asOf);
        }
    }

    /** Where a result slides, a copy is good for as long as no access need be told to the cluster. */
    private Copy<V> copyOf(@Nullable V value, BuildResult result) {
        long until = blocking.calls().touchDueNanos(result.getExpiresAtMillis(), result.getSlidingMillis());
        return new Copy<>(value, result.getRevision(), until, result.getExpiresAtMillis() != 0);
    }

    /** The cluster counts from when it has stored it, which is later. */
    private Copy<V> copyOf(@Nullable V value, long revision, long sentNanos) {
        long ttlNanos = options.expiry()
                .map(ttl -> Math.min(Times.nanos(ttl), COPY_NANOS_MAX))
                .orElse(0L);
        return new Copy<>(
                value,
                revision,
                sentNanos + (options.slides() ? 0 : ttlNanos),
                options.expiry().isPresent());
    }

    // ---- calls ----

    private BuildOptions building(Duration timeout) {
        BuildOptions build = BuildOptions.timeout(timeout);
        return options.expiry()
                .map(ttl -> options.slides() ? build.sliding(ttl) : build.ttl(ttl))
                .orElse(build);
    }

    private <T extends @Nullable Object> Promise<T> tracked(Promise<T> call) {
        state.waiting.add(call);
        var unused = call.whenComplete((value, error) -> state.waiting.remove(call));
        if (state.closed) {
            fail(call);
        }
        return call;
    }

    /** Whoever waits is told, and what is asked of the cluster for it is withdrawn. */
    private void fail(Promise<?> call) {
        call.abandon(new ClosedException("the cache " + options.name() + " was closed", false));
    }

    @Override
    public <X extends Exception> @Nullable V buildOrRetrieve(
            K key, BuildFunction<? extends @Nullable V, X> build, Duration timeout) throws X {
        String name = encoded(key);
        Copy<V> copy = copy(name);
        return copy != null
                ? copy.value()
                : Await.<@Nullable V, X>helping(
                        thisThread -> tracked(call(blocking, name, build, timeout, thisThread)));
    }

    private Promise<@Nullable V> call(
            BuildCalls calls,
            String key,
            BuildFunction<? extends @Nullable V, ?> build,
            Duration timeout,
            Executor worker) {
        return calls.getOrBuild(key, blocking.type(options.values()), results(key), build, building(timeout), worker);
    }

    @Override
    public CompletionStage<@Nullable V> buildOrRetrieveAsync(
            K key, BuildFunction<? extends @Nullable V, ?> build, Duration timeout) {
        return staged.calls().promises().attempt(() -> {
            String name = encoded(key);
            Copy<V> copy = copy(name);
            return copy != null
                    ? BuildCalls.known(copy.value())
                    : tracked(call(staged, name, build, timeout, staged.worker()));
        });
    }

    @Override
    public void asyncBuildOrRetrieve(
            K key,
            BuildFunction<? extends @Nullable V, ?> build,
            Duration timeout,
            Consumer<? super @Nullable V> onValue,
            Consumer<Throwable> onError) {
        var unused = buildOrRetrieveAsync(key, build, timeout).whenComplete((value, error) -> {
            try {
                if (error == null) {
                    onValue.accept(value);
                } else {
                    onError.accept(Thrown.original(error));
                }
            } catch (Throwable e) { // also what the compiler thinks cannot come
                Thrown.warn(log, "A callback for key {} of {} threw", key, options.name(), e);
            }
        });
    }

    @Override
    public @Nullable V get(K key) {
        return Await.<@Nullable V>result(get(blocking, key));
    }

    @Override
    public CompletionStage<@Nullable V> getAsync(K key) {
        return staged.calls().promises().attempt(() -> get(staged, key));
    }

    private Promise<@Nullable V> get(BuildCalls calls, K key) {
        String name = encoded(key);
        Copy<V> copy = copy(name);
        return copy != null ? BuildCalls.known(copy.value()) : calls.get(name, results(name));
    }

    @Override
    public @Nullable V get(K key, Duration wait) {
        return Await.<@Nullable V>result(get(blocking, key, wait));
    }

    @Override
    public CompletionStage<@Nullable V> getAsync(K key, Duration wait) {
        return staged.calls().promises().attempt(() -> get(staged, key, wait));
    }

    private Promise<@Nullable V> get(BuildCalls calls, K key, Duration wait) {
        String name = encoded(key);
        Copy<V> copy = copy(name);
        return copy != null ? BuildCalls.known(copy.value()) : tracked(calls.get(name, results(name), wait));
    }

    @Override
    public BuildStatus.State status(K key) {
        return Await.result(status(blocking, key));
    }

    @Override
    public CompletionStage<BuildStatus.State> statusAsync(K key) {
        return staged.calls().promises().attempt(() -> status(staged, key));
    }

    private Promise<BuildStatus.State> status(BuildCalls calls, K key) {
        requireOpen();
        return calls.calls().promises().map(calls.status(encoded(key)), BuildStatus::state);
    }

    @Override
    public boolean delete(K key) {
        return Await.result(delete(blocking, key));
    }

    @Override
    public CompletionStage<Boolean> deleteAsync(K key) {
        return staged.calls().promises().attempt(() -> delete(staged, key));
    }

    private Promise<Boolean> delete(BuildCalls calls, K key) {
        requireOpen();
        String name = encoded(key);
        return calls.calls().promises().map(calls.delete(name), existed -> {
            NearCopies<V> copies = near;
            if (copies != null) {
                copies.invalidate(name);
            }
            return existed;
        });
    }

    @Override
    public void close() {
        state.closed = true;
        NearCopies<V> copies = near;
        if (copies != null) {
            copies.close();
        }
        state.waiting.forEach(this::fail);
    }
}
