package io.coordinator.client.internal.cache;

import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.KeyPage;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ScanPage;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The cache for callers that wait. */
public record BlockingCache(CacheCalls calls) implements Cache {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public Cache guardedBy(Guard guard) {
        return new BlockingCache(calls.guardedBy(guard));
    }

    @Override
    public Cache withTimeout(Duration timeout) {
        return new BlockingCache(calls.withTimeout(timeout));
    }

    @Override
    public Cache withConsistency(ReadConsistency consistency) {
        return new BlockingCache(calls.withConsistency(consistency));
    }

    @Override
    public long put(String key, @Nullable Object value) {
        return Await.result(calls.put(key, value));
    }

    @Override
    public long put(String key, @Nullable Object value, PutOptions options) {
        return Await.result(calls.put(key, value, options));
    }

    @Override
    public Optional<Entry> get(String key) {
        return Await.result(calls.get(key));
    }

    @Override
    public long putAll(Map<String, ? extends @Nullable Object> values) {
        return Await.result(calls.putAll(values));
    }

    @Override
    public long putAll(Map<String, ? extends @Nullable Object> values, PutOptions options) {
        return Await.result(calls.putAll(values, options));
    }

    @Override
    public Map<String, Entry> getAll(Collection<String> keys) {
        return Await.result(calls.getAll(keys));
    }

    @Override
    public boolean has(String key) {
        return Await.result(calls.has(key));
    }

    @Override
    public boolean delete(String key) {
        return Await.result(calls.delete(key));
    }

    @Override
    public CasResult compareAndSet(String key, Expect expect, Next next) {
        return Await.result(calls.compareAndSet(key, expect, next));
    }

    @Override
    public long increment(String key, long by) {
        return Await.result(calls.increment(key, by));
    }

    @Override
    public long decrement(String key, long by) {
        return Await.result(calls.decrement(key, by));
    }

    @Override
    public long increment(String key, long by, Duration ttlIfCreated) {
        return Await.result(calls.increment(key, by, ttlIfCreated));
    }

    @Override
    public double incrementDecimal(String key, double by) {
        return Await.result(calls.incrementDecimal(key, by));
    }

    @Override
    public ScanPage scan(String prefix, String after, int limit) {
        return Await.result(calls.scan(prefix, after, limit));
    }

    @Override
    public KeyPage keys(String prefix, String after, int limit) {
        return Await.result(calls.keys(prefix, after, limit));
    }

    @Override
    public long clear(String prefix) {
        return Await.result(calls.clear(prefix));
    }

    @Override
    public long configure(CacheSettings settings) {
        return Await.result(calls.configure(settings));
    }

    @Override
    public <V> ConcurrentMap<String, V> asMap(Class<V> type) {
        return new CacheMap<>(calls, type);
    }

    @Override
    public <V> OpaqueCache<V> opaque(ValueCodec<V> codec) {
        return new BlockingOpaque<>(calls.opaque(codec));
    }

    @Override
    public CacheSettings settings() {
        return Await.result(calls.settings());
    }
}
