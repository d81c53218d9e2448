package io.coordinator.client.cache;

import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous face of a {@link Cache}; outcomes and errors are the same. There is none of {@link Cache#asMap}:
 * {@link java.util.concurrent.ConcurrentMap} gives values, not stages. What a map does in one step is here
 * {@link #compareAndSet}.
 */
public interface AsyncCache {
    /** The namespace. */
    String namespace();

    /** See {@link Cache#guardedBy(Guard)}. */
    AsyncCache guardedBy(Guard guard);

    /** See {@link Cache#withTimeout(Duration)}. */
    AsyncCache withTimeout(Duration timeout);

    /** See {@link Cache#withConsistency(ReadConsistency)}. */
    AsyncCache withConsistency(ReadConsistency consistency);

    /** See {@link Cache#put(String, Object)}. */
    CompletionStage<Long> put(String key, @Nullable Object value);

    /** See {@link Cache#put(String, Object, PutOptions)}. */
    CompletionStage<Long> put(String key, @Nullable Object value, PutOptions options);

    /** See {@link Cache#get(String)}. */
    CompletionStage<Optional<Entry>> get(String key);

    /** See {@link Cache#putAll(Map)}. */
    CompletionStage<Long> putAll(Map<String, ? extends @Nullable Object> values);

    /** See {@link Cache#putAll(Map, PutOptions)}. */
    CompletionStage<Long> putAll(Map<String, ? extends @Nullable Object> values, PutOptions options);

    /** See {@link Cache#getAll(Collection)}. */
    CompletionStage<Map<String, Entry>> getAll(Collection<String> keys);

    /** See {@link Cache#has(String)}. */
    CompletionStage<Boolean> has(String key);

    /** See {@link Cache#delete(String)}. */
    CompletionStage<Boolean> delete(String key);

    /** See {@link Cache#compareAndSet(String, Expect, Next)}. */
    CompletionStage<CasResult> compareAndSet(String key, Expect expect, Next next);

    /** See {@link Cache#increment(String, long)}. */
    CompletionStage<Long> increment(String key, long by);

    /**
     * See {@link Cache#decrement(String, long)}.
     *
     * @param by may be negative; {@link Long#MIN_VALUE} fails the stage
     */
    CompletionStage<Long> decrement(String key, long by);

    /** See {@link Cache#increment(String, long, Duration)}. */
    CompletionStage<Long> increment(String key, long by, Duration ttlIfCreated);

    /** See {@link Cache#incrementDecimal(String, double)}. */
    CompletionStage<Double> incrementDecimal(String key, double by);

    /** See {@link Cache#scan(String, String, int)}. */
    CompletionStage<ScanPage> scan(String prefix, String after, int limit);

    /** See {@link Cache#keys(String, String, int)}. */
    CompletionStage<KeyPage> keys(String prefix, String after, int limit);

    /** See {@link Cache#clear(String)}. */
    CompletionStage<Long> clear(String prefix);

    /** See {@link Cache#configure(CacheSettings)}. */
    CompletionStage<Long> configure(CacheSettings settings);

    /** See {@link Cache#opaque(ValueCodec)}. */
    <V> AsyncOpaqueCache<V> opaque(ValueCodec<V> codec);

    /** See {@link Cache#settings()}. */
    CompletionStage<CacheSettings> settings();
}
