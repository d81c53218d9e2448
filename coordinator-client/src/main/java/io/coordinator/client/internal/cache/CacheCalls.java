package io.coordinator.client.internal.cache;

import com.google.protobuf.UnsafeByteOperations;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.KeyPage;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ScanPage;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Numbers;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.ConfigureCache;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.GetCacheSettings;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Reply;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cache of one namespace, as messages. */
public final class CacheCalls implements AsyncCache {
    private final CacheExchange exchange;
    private final Touches touches;
    private final CacheMessages messages;
    private final CacheReads reads;

    public CacheCalls(Calls calls, String namespace, Touches touches) {
        this.exchange = new CacheExchange(calls, Calls.checkName("namespace", namespace));
        this.touches = touches;
        this.messages = new CacheMessages(calls.json());
        this.reads = new CacheReads(exchange, messages, touches);
    }

    @Override
    public String namespace() {
        return exchange.namespace();
    }

    @Override
    public CacheCalls guardedBy(Guard guard) {
        return new CacheCalls(exchange.calls().guardedBy(guard), namespace(), touches);
    }

    @Override
    public CacheCalls withTimeout(Duration timeout) {
        return new CacheCalls(exchange.calls().withTimeout(timeout), namespace(), touches);
    }

    @Override
    public CacheCalls withConsistency(ReadConsistency consistency) {
        return new CacheCalls(exchange.calls().withConsistency(consistency), namespace(), touches);
    }

    @Override
    public Promise<Long> put(String key, @Nullable Object value) {
        return put(key, value, PutOptions.defaults());
    }

    @Override
    public Promise<Long> put(String key, @Nullable Object value, PutOptions options) {
        return exchange.command(
                key,
                body -> body.setPut(CacheMessages.putting(messages.write(value), options)),
                reply -> reply.getCache().getWritten().getRevision());
    }

    @Override
    public Promise<Optional<Entry>> get(String key) {
        return reads.get(key);
    }

    @Override
    public Promise<Boolean> has(String key) {
        return reads.has(key);
    }

    @Override
    public Promise<Map<String, Entry>> getAll(Collection<String> keys) {
        return reads.getAll(keys);
    }

    @Override
    public Promise<Long> putAll(Map<String, ? extends @Nullable Object> values) {
        return putAll(values, PutOptions.defaults());
    }

    @Override
    public Promise<Long> putAll(Map<String, ? extends @Nullable Object> values, PutOptions options) {
        return exchange.command(
                body -> {
                    PutValues.Builder all = body.getPutAllBuilder()
                            .setKeepTtl(options.keepsTtl())
                            .setSliding(options.slides());
                    options.expiry().ifPresent(ttl -> all.setTtlMillis(Times.millis(ttl)));
                    values.forEach((key, value) -> all.addValuesBuilder()
                            .setKey(Calls.checkName("key", key))
                            .setValue(messages.write(value)));
                },
                reply -> reply.getCache().getWritten().getRevision());
    }

    @Override
    public Promise<Boolean> delete(String key) {
        return exchange.command(
                key,
                body -> body.setDelete(DeleteValue.getDefaultInstance()),
                reply -> reply.getCache().getDeleted().getExisted());
    }

    @Override
    public Promise<CasResult> compareAndSet(String key, Expect expect, Next next) {
        return exchange.command(
                key,
                body -> body.setCompareAndSet(messages.compareAndSet(expect, next)),
                reply -> messages.casResult(key, reply));
    }

    @Override
    public Promise<Long> increment(String key, long by) {
        return increment(key, () -> Increment.newBuilder().setBy(by), CacheMessages::number);
    }

    @Override
    public Promise<Long> decrement(String key, long by) {
        return exchange.calls().promises().attempt(() -> {
            if (by == Long.MIN_VALUE) {
                throw new ValidationException(
                        "by must be more than " + Long.MIN_VALUE + ", or its negative is no long");
            }
            return increment(key, -by);
        });
    }

    @Override
    public <V> OpaqueCalls<V> opaque(ValueCodec<V> codec) {
        return new OpaqueCalls<>(this, exchange.calls().promises(), codec);
    }

    @Override
    public Promise<Long> increment(String key, long by, Duration ttlIfCreated) {
        return increment(
                key,
                () -> Increment.newBuilder()
                        .setBy(by)
                        .setTtlMillis(Times.millis(Times.positive("ttlIfCreated", ttlIfCreated))),
                CacheMessages::number);
    }

    @Override
    public Promise<Double> incrementDecimal(String key, double by) {
        return increment(key, () -> Increment.newBuilder().setByDecimal(Numbers.finite("by", by)), Double::parseDouble);
    }

    @Override
    public Promise<ScanPage> scan(String prefix, String after, int limit) {
        return exchange.query(prefix, body -> body.setScan(CacheMessages.scanning(after, limit)), messages::page);
    }

    /** Stores bytes that the cluster does not look into. */
    Promise<Long> putOpaque(String key, byte[] bytes, PutOptions options) {
        return exchange.command(
                key,
                body -> body.setPut(CacheMessages.putting(UnsafeByteOperations.unsafeWrap(bytes), options)
                        .setOpaque(true)),
                reply -> reply.getCache().getWritten().getRevision());
    }

    Promise<Boolean> replaceOpaque(String key, long expectedRevision, byte[] bytes) {
        return exchange.command(
                key,
                body -> body.setCompareAndSet(CompareAndSet.newBuilder()
                        .setExpect(Expectation.newBuilder().setRevision(expectedRevision))
                        .setNext(UnsafeByteOperations.unsafeWrap(bytes))
                        .setOpaque(true)),
                reply -> reply.getCache().getCompared().getApplied());
    }

    /** Stores a value and answers what was there. */
    Promise<Optional<Entry>> exchange(String key, Object value) {
        return exchange.command(
                key,
                body -> body.setPut(
                        PutValue.newBuilder().setValue(messages.write(value)).setWantPrevious(true)),
                reply -> reply.getCache().getWritten().hasPrevious()
                        ? Optional.of(messages.entry(
                                key, reply.getCache().getWritten().getPrevious()))
                        : Optional.empty());
    }

    /** Removes a key and answers what was there. */
    Promise<Optional<Entry>> take(String key) {
        return exchange.command(
                key,
                body -> body.setDelete(DeleteValue.newBuilder().setWantPrevious(true)),
                reply -> reply.getCache().getDeleted().hasPrevious()
                        ? Optional.of(messages.entry(
                                key, reply.getCache().getDeleted().getPrevious()))
                        : Optional.empty());
    }

    @Override
    public Promise<KeyPage> keys(String prefix, String after, int limit) {
        return exchange.query(
                prefix,
                body -> body.setScan(CacheMessages.scanning(after, limit).setKeysOnly(true)),
                answer -> new KeyPage(
                        answer.getCache().getScanned().getKeysList(),
                        answer.getCache().getScanned().getMore(),
                        answer.getRevision()));
    }

    @Override
    public Promise<Long> clear(String prefix) {
        return exchange.command(
                body -> body.setKey(Text.prefix("prefix", prefix)).setClear(ClearValues.getDefaultInstance()),
                reply -> reply.getCache().getCleared().getCount());
    }

    @Override
    public Promise<Long> configure(CacheSettings settings) {
        return exchange.command(
                body -> body.setConfigure(ConfigureCache.newBuilder().setSettings(CacheMessages.settings(settings))),
                reply -> reply.getCache().getConfigured().getEvicted());
    }

    @Override
    public Promise<CacheSettings> settings() {
        return exchange.query(
                "",
                body -> body.setSettings(GetCacheSettings.getDefaultInstance()),
                answer -> CacheMessages.settings(answer.getCache().getSettings().getSettings()));
    }

    private <T> Promise<T> increment(String key, Supplier<Increment.Builder> increment, Function<String, T> parse) {
        return exchange.command(key, body -> body.setIncrement(increment.get()), reply -> parse.apply(sum(reply)));
    }

    private static String sum(Reply reply) {
        return reply.getCache().getIncremented().getValue().toStringUtf8();
    }
}
