package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.document.Addition;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheAnswer;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompareAndSetResult;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.GotValue;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.Incremented;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScanValues;
import io.coordinator.protocol.ScannedValues;
import io.coordinator.protocol.Stats;
import io.coordinator.protocol.ValueDeleted;
import io.coordinator.protocol.ValueWritten;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UnknownOperationException;
import org.jspecify.annotations.Nullable;

/**
 * JSON values by name. A value is whatever bytes admission let through; only counters and compare-and-set look inside.
 * An operation that changes nothing gets no revision (G-10).
 */
public final class Cache implements DataType {
    private static final int ENTRIES = 0;
    private static final int SCAN_DEFAULT = 100;
    private static final int SCAN_MAX = 1000;
    /** A page of a scan ends after so many bytes, but not before its first entry. */
    private static final int SCAN_BYTES_MAX = 1 << 20;

    private static final ByteString ZERO = ByteString.copyFromUtf8("0");
    private static final ByteString NULL = ByteString.copyFromUtf8("null");

    private final Table<CacheEntry> entries;

    public Cache(Storage storage) {
        entries = storage.sortedTable(DataKind.CACHE, ENTRIES, CacheEntry.parser(), CacheEntry::getExpiresAtMillis);
    }

    @Override
    public DataKind kind() {
        return DataKind.CACHE;
    }

    @Override
    public void admit(Command command, Check check) {
        CacheCommand cache = command.getCache();
        check.known(cache).name("namespace", cache.getNamespace()).name("key", cache.getKey());
        switch (cache.getOperationCase()) {
            case PUT -> {
                PutValue put = cache.getPut();
                check.known(put).atLeast("ttl_millis", 0, put.getTtlMillis()).json("value", put.getValue());
            }
            case DELETE -> check.known(cache.getDelete());
            case COMPARE_AND_SET -> admit(cache.getCompareAndSet(), check);
            case INCREMENT -> admit(cache.getIncrement(), check);
            case OPERATION_NOT_SET -> check.unknown("the cache operation");
        }
    }

    private static void admit(CompareAndSet cas, Check check) {
        check.known(cas).known(cas.getExpect()).atLeast("ttl_millis", 0, cas.getTtlMillis());
        if (cas.hasNext()) {
            check.json("next", cas.getNext());
        }
        switch (cas.getExpect().getExpectationCase()) {
            case VALUE -> check.json("expected value", cas.getExpect().getValue());
            case ABSENT -> check.require(cas.getExpect().getAbsent(), "absent", "must be true if it is set");
            case ABSENT_OR_NULL ->
                check.require(cas.getExpect().getAbsentOrNull(), "absent_or_null", "must be true if it is set");
            case REVISION -> {}
            case EXPECTATION_NOT_SET -> check.unknown("the expectation");
        }
    }

    private static void admit(Increment increment, Check check) {
        check.known(increment).atLeast("ttl_millis", 0, increment.getTtlMillis());
        switch (increment.getAmountCase()) {
            case BY -> {}
            case BY_DECIMAL ->
                check.require(Double.isFinite(increment.getByDecimal()), "by_decimal", "is not a finite number");
            case AMOUNT_NOT_SET -> check.unknown("the amount");
        }
    }

    @Override
    public void admit(Query query, Check check) {
        CacheQuery cache = query.getCache();
        check.known(cache).name("namespace", cache.getNamespace());
        switch (cache.getOperationCase()) {
            case GET -> check.name("key", cache.getKey());
            case SCAN -> {
                String after = cache.getScan().getAfter();
                check.prefix("prefix", cache.getKey())
                        .prefix("after", after)
                        .require(
                                after.isEmpty() || after.startsWith(cache.getKey()),
                                "after",
                                "does not start with the prefix; give the last key of the page before");
            }
            case OPERATION_NOT_SET -> check.unknown("the cache query");
        }
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        CacheCommand cache = command.getCache();
        Name name = Name.of(cache.getNamespace(), cache.getKey());
        CacheEntry old = entries.get(name.key());
        return switch (cache.getOperationCase()) {
            case PUT -> put(at, name, old, cache.getPut(), effects);
            case DELETE -> delete(name, old, effects);
            case COMPARE_AND_SET -> compareAndSet(at, name, old, cache.getCompareAndSet(), effects);
            case INCREMENT -> increment(at, name, old, cache.getIncrement(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a cache operation");
        };
    }

    private Reply.Builder put(Context at, Name name, @Nullable CacheEntry old, PutValue put, Effects effects) {
        long expiry = put.getKeepTtl() && old != null ? old.getExpiresAtMillis() : at.deadlineAfter(put.getTtlMillis());
        CacheEntry entry = write(name, old, put.getValue(), expiry, effects);
        return reply(CacheReply.newBuilder()
                .setWritten(ValueWritten.newBuilder()
                        .setRevision(entry.getModRevision())
                        .build()));
    }

    private Reply.Builder delete(Name name, @Nullable CacheEntry old, Effects effects) {
        if (old != null) {
            remove(name, ChangeKind.DELETED, effects);
        }
        return reply(
                CacheReply.newBuilder().setDeleted(ValueDeleted.newBuilder().setExisted(old != null)));
    }

    private Reply.Builder compareAndSet(
            Context at, Name name, @Nullable CacheEntry old, CompareAndSet cas, Effects effects) {
        if (!isAsExpected(old, cas.getExpect())) {
            return compared(false, old);
        }
        if (cas.hasNext()) {
            return compared(true, write(name, old, cas.getNext(), keptOr(at, old, cas.getTtlMillis()), effects));
        }
        if (old != null) {
            remove(name, ChangeKind.DELETED, effects);
        }
        return compared(true, null);
    }

    private static boolean isAsExpected(@Nullable CacheEntry old, Expectation expected) {
        return switch (expected.getExpectationCase()) {
            case ABSENT -> old == null;
            case VALUE -> old != null && JsonEquality.same(old.getValue(), expected.getValue());
            case REVISION -> expected.getRevision() == (old == null ? 0 : old.getModRevision());
            case ABSENT_OR_NULL -> old == null || JsonEquality.same(old.getValue(), NULL);
            case EXPECTATION_NOT_SET -> throw new UnknownOperationException("an expectation of compare-and-set");
        };
    }

    private Reply.Builder increment(
            Context at, Name name, @Nullable CacheEntry old, Increment increment, Effects effects) {
        ByteString stored = old == null ? ZERO : old.getValue();
        Addition.Result result = switch (increment.getAmountCase()) {
            case BY -> Addition.add(stored, increment.getBy());
            case BY_DECIMAL -> Addition.add(stored, increment.getByDecimal());
            case AMOUNT_NOT_SET -> throw new UnknownOperationException("an amount of increment");
        };
        if (result instanceof Addition.Failure failure) {
            return notAdded(failure.code(), name);
        }
        ByteString sum = ((Addition.Sum) result).text();
        write(name, old, sum, keptOr(at, old, increment.getTtlMillis()), effects);
        return reply(
                CacheReply.newBuilder().setIncremented(Incremented.newBuilder().setValue(sum)));
    }

    private static Reply.Builder notAdded(ErrorCode code, Name name) {
        return Refusals.reply(
                code,
                code == ErrorCode.ENOTNUMBER
                        ? "the value at " + name + " is not a number, so nothing was added; put a number first"
                        : "the sum at " + name + " is out of range, so nothing was added; use a smaller amount");
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        remove(Name.ofKey(due.key()), ChangeKind.EXPIRED, effects);
    }

    @Override
    public void sessionClosed(Context at, long sessionId, Effects effects) {
        // Values belong to nobody.
    }

    @Override
    public void rebuild() {
        // The rows are all there is.
    }

    @Override
    public void count(Stats.Builder stats) {
        stats.setCacheEntries(entries.size());
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        CacheQuery cache = query.getCache();
        Name name = Name.of(cache.getNamespace(), cache.getKey());
        return switch (cache.getOperationCase()) {
            case GET -> answer(CacheAnswer.newBuilder().setGot(get(name)));
            case SCAN -> answer(CacheAnswer.newBuilder().setScanned(scan(name, cache.getScan())));
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the cache query is unknown to this version; upgrade this node");
        };
    }

    private GotValue get(Name name) {
        CacheEntry entry = entries.get(name.key());
        return entry == null
                ? GotValue.getDefaultInstance()
                : GotValue.newBuilder().setEntry(entry).build();
    }

    private ScannedValues scan(Name prefix, ScanValues scan) {
        int limit = scan.getLimit() <= 0 ? SCAN_DEFAULT : Math.min(scan.getLimit(), SCAN_MAX);
        ScannedValues.Builder page = ScannedValues.newBuilder();
        int bytes = 0;
        String key = first(prefix, scan.getAfter());
        while (key != null && key.startsWith(prefix.key())) {
            CacheEntry entry = entries.get(key);
            if (entry == null) {
                throw new IllegalStateException("the order of keys names a row that is gone");
            }
            bytes += key.length() + entry.getSerializedSize();
            if (page.getKeysCount() == limit || (page.getKeysCount() > 0 && bytes > SCAN_BYTES_MAX)) {
                return page.setMore(true).build();
            }
            page.addKeys(Name.ofKey(key).name()).addEntries(entry);
            key = entries.higherKey(key);
        }
        return page.build();
    }

    /** Where a page starts: at the prefix, or behind the last key of the page before. */
    private @Nullable String first(Name prefix, String after) {
        return after.isEmpty() || !after.startsWith(prefix.name())
                ? entries.ceilingKey(prefix.key())
                : entries.higherKey(Name.of(prefix.namespace(), after).key());
    }

    private CacheEntry write(Name name, @Nullable CacheEntry old, ByteString value, long expiry, Effects effects) {
        long revision = effects.change(DataKind.CACHE, name, ChangeKind.PUT, value);
        CacheEntry entry = CacheEntry.newBuilder()
                .setValue(value)
                .setCreateRevision(old == null ? revision : old.getCreateRevision())
                .setModRevision(revision)
                .setVersion(old == null ? 1 : old.getVersion() + 1)
                .setExpiresAtMillis(expiry)
                .build();
        entries.put(name.key(), entry);
        return entry;
    }

    private void remove(Name name, ChangeKind how, Effects effects) {
        entries.remove(name.key());
        effects.change(DataKind.CACHE, name, how, ByteString.EMPTY);
    }

    /** The expiry of an existing key is never moved by a change of its value (PM-ATOM-5). */
    private static long keptOr(Context at, @Nullable CacheEntry old, long ttlMillis) {
        return old == null ? at.deadlineAfter(ttlMillis) : old.getExpiresAtMillis();
    }

    private static Reply.Builder compared(boolean applied, @Nullable CacheEntry current) {
        CompareAndSetResult.Builder result = CompareAndSetResult.newBuilder().setApplied(applied);
        if (current != null) {
            result.setCurrent(current);
        }
        return reply(CacheReply.newBuilder().setCompared(result));
    }

    private static Reply.Builder reply(CacheReply.Builder cache) {
        return Reply.newBuilder().setCache(cache);
    }

    private static Answer.Builder answer(CacheAnswer.Builder cache) {
        return Answer.newBuilder().setCache(cache);
    }
}
