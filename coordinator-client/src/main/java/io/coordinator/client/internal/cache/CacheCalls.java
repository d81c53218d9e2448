package io.coordinator.client.internal.cache;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
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
import io.coordinator.client.error.CounterOverflowException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.codec.Numbers;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompareAndSetResult;
import io.coordinator.protocol.ConfigureCache;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.GetCacheSettings;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.GetValues;
import io.coordinator.protocol.GotValue;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScanValues;
import io.coordinator.protocol.ScannedValues;
import io.coordinator.protocol.TouchValues;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cache of one namespace, as messages. */
public final class CacheCalls implements AsyncCache {
    /** 2 to the 63rd: the first number that is no long. */
    private static final BigDecimal SUM_END = new BigDecimal(Long.MAX_VALUE).add(BigDecimal.ONE);

    private final Calls calls;
    private final String namespace;
    private final Touches touches;

    public CacheCalls(Calls calls, String namespace, Touches touches) {
        this.calls = calls;
        this.touches = touches;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public CacheCalls guardedBy(Guard guard) {
        return new CacheCalls(calls.guardedBy(guard), namespace, touches);
    }

    @Override
    public CacheCalls withTimeout(Duration timeout) {
        return new CacheCalls(calls.withTimeout(timeout), namespace, touches);
    }

    @Override
    public CacheCalls withConsistency(ReadConsistency consistency) {
        return new CacheCalls(calls.withConsistency(consistency), namespace, touches);
    }

    @Override
    public Promise<Long> put(String key, @Nullable Object value) {
        return put(key, value, PutOptions.defaults());
    }

    @Override
    public Promise<Long> put(String key, @Nullable Object value, PutOptions options) {
        return command(
                key,
                body -> body.setPut(putting(json().write(value), options)),
                reply -> reply.getCache().getWritten().getRevision());
    }

    /**
     * An access must be known to the cluster before it counts, or a sliding value could expire too early: once in a while it
     * waits for its touch. If the value is gone by then, there was none.
     */
    @Override
    public Promise<Optional<Entry>> get(String key) {
        return calls.promises().compose(got(key), got -> {
            Optional<Entry> found = got.hasEntry() ? Optional.of(entry(key, got.getEntry())) : Optional.empty();
            if (mustTouch(got)) {
                return Promises.direct()
                        .map(touch(List.of(key)), missing -> missing.isEmpty() ? found : Optional.empty());
            }
            if (got.getTouchSoon()) {
                touches.add(namespace, key);
            }
            return Promises.direct().succeeded(found);
        });
    }

    @Override
    public Promise<Boolean> has(String key) {
        return calls.promises().map(got(key), GotValue::hasEntry);
    }

    /** What is there, on the loop. */
    private Promise<GotValue> got(String key) {
        return query(
                calls.with(Promises.direct()),
                key,
                body -> body.setKey(Calls.checkName("key", key)).setGet(GetValue.getDefaultInstance()),
                answer -> {
                    if (!answer.getCache().hasGot()) {
                        throw Errors.unexpectedAnswer(answer.getOutcomeCase());
                    }
                    return answer.getCache().getGot();
                });
    }

    @Override
    public Promise<Long> putAll(Map<String, ? extends @Nullable Object> values) {
        return putAll(values, PutOptions.defaults());
    }

    @Override
    public Promise<Long> putAll(Map<String, ? extends @Nullable Object> values, PutOptions options) {
        return command(
                body -> {
                    PutValues.Builder all = body.getPutAllBuilder()
                            .setKeepTtl(options.keepsTtl())
                            .setSliding(options.slides());
                    options.expiry().ifPresent(ttl -> all.setTtlMillis(Times.millis(ttl)));
                    values.forEach((key, value) -> all.addValuesBuilder()
                            .setKey(Calls.checkName("key", key))
                            .setValue(json().write(value)));
                },
                reply -> reply.getCache().getWritten().getRevision());
    }

    @Override
    public Promise<Map<String, Entry>> getAll(Collection<String> keys) {
        List<String> asked = keys.stream().distinct().toList();
        return getAll(calls.promises(), asked);
    }

    private Promise<Map<String, Entry>> getAll(Promises promises, List<String> keys) {
        return promises.compose(gotAll(keys), values -> {
            Map<String, Entry> found = new LinkedHashMap<>();
            List<String> touchNow = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                GotValue got = values.get(i);
                String key = keys.get(i);
                if (got.hasEntry()) {
                    found.put(key, entry(key, got.getEntry()));
                }
                if (mustTouch(got)) {
                    touchNow.add(key);
                } else if (got.getTouchSoon()) {
                    touches.add(namespace, key);
                }
            }
            Map<String, Entry> outcome = Collections.unmodifiableMap(found);
            return touchNow.isEmpty()
                    ? Promises.direct().succeeded(outcome)
                    : Promises.direct()
                            .compose(
                                    touch(touchNow),
                                    missing -> missing.isEmpty()
                                            ? Promises.direct().succeeded(outcome)
                                            : getAll(Promises.direct(), keys));
        });
    }

    private Promise<List<GotValue>> gotAll(List<String> keys) {
        return query(
                calls.with(Promises.direct()),
                "",
                body -> {
                    GetValues.Builder all = body.getGetAllBuilder();
                    keys.forEach(key -> all.addKeys(Calls.checkName("key", key)));
                },
                answer -> answer.getCache().getGotAll().getValuesList());
    }

    private boolean mustTouch(GotValue got) {
        return calls.isTouchDue(
                got.getEntry().getExpiresAtMillis(), got.getEntry().getSlidingMillis());
    }

    /** Tells that keys were accessed, and answers which of them do not exist any more. */
    private Promise<List<Integer>> touch(List<String> keys) {
        return command(
                calls.with(Promises.direct()).unguarded(),
                body -> body.setTouch(TouchValues.newBuilder().addAllKeys(keys)),
                reply -> reply.getCache().getTouched().getMissingList());
    }

    @Override
    public Promise<Boolean> delete(String key) {
        return command(
                key,
                body -> body.setDelete(DeleteValue.getDefaultInstance()),
                reply -> reply.getCache().getDeleted().getExisted());
    }

    @Override
    public Promise<CasResult> compareAndSet(String key, Expect expect, Next next) {
        return command(key, body -> body.setCompareAndSet(compareAndSet(expect, next)), reply -> casResult(key, reply));
    }

    @Override
    public Promise<Long> increment(String key, long by) {
        return increment(key, () -> Increment.newBuilder().setBy(by), CacheCalls::number);
    }

    @Override
    public Promise<Long> decrement(String key, long by) {
        return calls.promises().attempt(() -> {
            if (by == Long.MIN_VALUE) {
                throw new ValidationException(
                        "by must be more than " + Long.MIN_VALUE + ", or its negative is no long");
            }
            return increment(key, -by);
        });
    }

    @Override
    public <V> OpaqueCalls<V> opaque(ValueCodec<V> codec) {
        return new OpaqueCalls<>(this, calls.promises(), codec);
    }

    @Override
    public Promise<Long> increment(String key, long by, Duration ttlIfCreated) {
        return increment(
                key,
                () -> Increment.newBuilder()
                        .setBy(by)
                        .setTtlMillis(Times.millis(Times.positive("ttlIfCreated", ttlIfCreated))),
                CacheCalls::number);
    }

    @Override
    public Promise<Double> incrementDecimal(String key, double by) {
        return increment(key, () -> Increment.newBuilder().setByDecimal(Numbers.finite("by", by)), Double::parseDouble);
    }

    @Override
    public Promise<ScanPage> scan(String prefix, String after, int limit) {
        return query(prefix, body -> body.setScan(scanning(after, limit)), this::page);
    }

    /** Stores bytes that the cluster does not look into. */
    Promise<Long> putOpaque(String key, byte[] bytes, PutOptions options) {
        return command(
                key,
                body -> body.setPut(
                        putting(UnsafeByteOperations.unsafeWrap(bytes), options).setOpaque(true)),
                reply -> reply.getCache().getWritten().getRevision());
    }

    Promise<Boolean> replaceOpaque(String key, long expectedRevision, byte[] bytes) {
        return command(
                key,
                body -> body.setCompareAndSet(CompareAndSet.newBuilder()
                        .setExpect(Expectation.newBuilder().setRevision(expectedRevision))
                        .setNext(UnsafeByteOperations.unsafeWrap(bytes))
                        .setOpaque(true)),
                reply -> reply.getCache().getCompared().getApplied());
    }

    private static PutValue.Builder putting(ByteString value, PutOptions options) {
        PutValue.Builder put = PutValue.newBuilder()
                .setValue(value)
                .setKeepTtl(options.keepsTtl())
                .setSliding(options.slides());
        options.expiry().ifPresent(ttl -> put.setTtlMillis(Times.millis(ttl)));
        return put;
    }

    /** Stores a value and answers what was there. */
    Promise<Optional<Entry>> exchange(String key, Object value) {
        return command(
                key,
                body -> body.setPut(
                        PutValue.newBuilder().setValue(json().write(value)).setWantPrevious(true)),
                reply -> reply.getCache().getWritten().hasPrevious()
                        ? Optional.of(entry(key, reply.getCache().getWritten().getPrevious()))
                        : Optional.empty());
    }

    /** Removes a key and answers what was there. */
    Promise<Optional<Entry>> take(String key) {
        return command(
                key,
                body -> body.setDelete(DeleteValue.newBuilder().setWantPrevious(true)),
                reply -> reply.getCache().getDeleted().hasPrevious()
                        ? Optional.of(entry(key, reply.getCache().getDeleted().getPrevious()))
                        : Optional.empty());
    }

    @Override
    public Promise<KeyPage> keys(String prefix, String after, int limit) {
        return query(
                prefix,
                body -> body.setScan(scanning(after, limit).setKeysOnly(true)),
                answer -> new KeyPage(
                        answer.getCache().getScanned().getKeysList(),
                        answer.getCache().getScanned().getMore(),
                        answer.getRevision()));
    }

    @Override
    public Promise<Long> clear(String prefix) {
        return command(
                body -> body.setKey(Text.prefix("prefix", prefix)).setClear(ClearValues.getDefaultInstance()),
                reply -> reply.getCache().getCleared().getCount());
    }

    @Override
    public Promise<Long> configure(CacheSettings settings) {
        return command(
                body -> body.setConfigure(ConfigureCache.newBuilder()
                        .setSettings(io.coordinator.protocol.CacheSettings.newBuilder()
                                .setEntriesMax(settings.maxEntries())
                                .setBytesMax(settings.maxBytes())
                                .setTtlMillis(
                                        settings.defaultTtl().map(Times::millis).orElse(0L)))),
                reply -> reply.getCache().getConfigured().getEvicted());
    }

    @Override
    public Promise<CacheSettings> settings() {
        return query("", body -> body.setSettings(GetCacheSettings.getDefaultInstance()), answer -> {
            io.coordinator.protocol.CacheSettings settings =
                    answer.getCache().getSettings().getSettings();
            CacheSettings bounds = CacheSettings.unbounded()
                    .maxEntries(settings.getEntriesMax())
                    .maxBytes(settings.getBytesMax());
            return settings.getTtlMillis() == 0
                    ? bounds
                    : bounds.defaultTtl(Duration.ofMillis(settings.getTtlMillis()));
        });
    }

    private static ScanValues.Builder scanning(String after, int limit) {
        if (limit < 1) {
            throw new ValidationException("limit must be at least 1, but is " + limit);
        }
        return ScanValues.newBuilder().setAfter(Text.prefix("after", after)).setLimit(limit);
    }

    private <T> Promise<T> increment(String key, Supplier<Increment.Builder> increment, Function<String, T> parse) {
        return command(key, body -> body.setIncrement(increment.get()), reply -> parse.apply(sum(reply)));
    }

    /** The stored number can have a fraction, and is then as large as a double can be. */
    private static long number(String json) {
        BigDecimal sum = new BigDecimal(json);
        if (sum.compareTo(SUM_END) >= 0 || sum.compareTo(SUM_END.negate()) < 0) {
            throw new CounterOverflowException(
                    "the number has a fraction and is " + json + " now, which is no long; read it as a decimal number");
        }
        return sum.longValue();
    }

    private static String sum(Reply reply) {
        return reply.getCache().getIncremented().getValue().toStringUtf8();
    }

    private <T> Promise<T> command(String key, Body<CacheCommand.Builder> operation, Function<Reply, T> decoder) {
        return command(
                body -> {
                    body.setKey(Calls.checkName("key", key));
                    operation.fill(body);
                },
                decoder);
    }

    private <T> Promise<T> command(Body<CacheCommand.Builder> operation, Function<Reply, T> decoder) {
        return command(calls, operation, decoder);
    }

    private <T> Promise<T> command(Calls by, Body<CacheCommand.Builder> operation, Function<Reply, T> decoder) {
        return by.command(
                envelope -> {
                    CacheCommand.Builder body = CacheCommand.newBuilder().setNamespace(namespace);
                    operation.fill(body);
                    CacheCommand built = body.build();
                    envelope.setCache(built);
                    return built.getSerializedSize();
                },
                reply -> {
                    if (!reply.hasCache()) {
                        throw Errors.unexpectedAnswer(reply.getOutcomeCase());
                    }
                    return decoder.apply(reply);
                });
    }

    private <T> Promise<T> query(String key, Body<CacheQuery.Builder> operation, Function<Answer, T> decoder) {
        return query(calls, key, operation, decoder);
    }

    private <T> Promise<T> query(
            Calls by, String key, Body<CacheQuery.Builder> operation, Function<Answer, T> decoder) {
        return by.query(
                envelope -> {
                    CacheQuery.Builder body =
                            CacheQuery.newBuilder().setNamespace(namespace).setKey(Text.prefix("key", key));
                    operation.fill(body);
                    envelope.setCache(body);
                },
                decoder);
    }

    private CompareAndSet.Builder compareAndSet(Expect expect, Next next) {
        CompareAndSet.Builder cas = CompareAndSet.newBuilder().setExpect(Expectations.of(expect, json()));
        requireNonNull(next, "next"); // None would be a deletion.
        if (next instanceof Next.Value value) {
            cas.setNext(json().write(value.value()));
            if (value.ttlIfCreated() != null) {
                cas.setTtlMillis(Times.millis(value.ttlIfCreated()));
            }
        }
        return cas;
    }

    private CasResult casResult(String key, Reply reply) {
        CompareAndSetResult result = reply.getCache().getCompared();
        Entry current = result.hasCurrent() ? entry(key, result.getCurrent()) : null;
        return new CasResult(result.getApplied(), current, reply.getRevision());
    }

    private ScanPage page(Answer answer) {
        if (!answer.getCache().hasScanned()) {
            throw Errors.unexpectedAnswer(answer.getOutcomeCase());
        }
        ScannedValues scanned = answer.getCache().getScanned();
        List<Entry> entries = new ArrayList<>(scanned.getKeysCount());
        for (int i = 0; i < scanned.getKeysCount(); i++) {
            entries.add(entry(scanned.getKeys(i), scanned.getEntries(i)));
        }
        return new ScanPage(entries, scanned.getMore(), answer.getRevision());
    }

    private Entry entry(String key, CacheEntry entry) {
        return new EntryView(key, entry, json());
    }

    private JsonCodec json() {
        return calls.json();
    }

    /** Sets the operation of a message. */
    @FunctionalInterface
    private interface Body<B> {
        void fill(B body);
    }
}
