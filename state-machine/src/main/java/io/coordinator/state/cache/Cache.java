package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.document.Addition;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompareAndSetResult;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.Incremented;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
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
    private static final ByteString ZERO = ByteString.copyFromUtf8("0");
    private static final ByteString NULL = ByteString.copyFromUtf8("null");

    private final Table<CacheEntry> entries;
    private final CacheQueries queries;

    public Cache(Storage storage) {
        entries = storage.sortedTable(DataKind.CACHE, ENTRIES, CacheEntry.parser(), CacheEntry::getExpiresAtMillis);
        queries = new CacheQueries(entries);
    }

    @Override
    public DataKind kind() {
        return DataKind.CACHE;
    }

    @Override
    public void admit(Command command, Check check) {
        CacheAdmission.admit(command.getCache(), check);
    }

    @Override
    public void admit(Query query, Check check) {
        CacheAdmission.admit(query.getCache(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        CacheCommand cache = command.getCache();
        Name name = Name.of(cache.getNamespace(), cache.getKey());
        CacheEntry old = cache.hasPutAll() ? null : entries.get(name.key());
        return switch (cache.getOperationCase()) {
            case PUT -> put(at, name, old, cache.getPut(), effects);
            case DELETE -> delete(name, old, effects);
            case COMPARE_AND_SET -> compareAndSet(at, name, old, cache.getCompareAndSet(), effects);
            case INCREMENT -> increment(at, name, old, cache.getIncrement(), effects);
            case PUT_ALL -> putAll(at, cache.getNamespace(), cache.getPutAll(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a cache operation");
        };
    }

    private Reply.Builder put(Context at, Name name, @Nullable CacheEntry old, PutValue put, Effects effects) {
        long expiry = expiry(at, old, put.getTtlMillis(), put.getKeepTtl());
        return written(write(name, old, put.getValue(), expiry, effects).getModRevision());
    }

    private Reply.Builder putAll(Context at, String namespace, PutValues all, Effects effects) {
        long revision = 0;
        for (KeyedValue one : all.getValuesList()) {
            Name name = Name.of(namespace, one.getKey());
            CacheEntry old = entries.get(name.key());
            long expiry = expiry(at, old, all.getTtlMillis(), all.getKeepTtl());
            revision = write(name, old, one.getValue(), expiry, effects).getModRevision();
        }
        return written(revision);
    }

    /** A put drops an earlier expiry unless told to keep it (PM-CACHE-2, PM-CACHE-11). */
    private static long expiry(Context at, @Nullable CacheEntry old, long ttlMillis, boolean keep) {
        return keep && old != null ? old.getExpiresAtMillis() : at.deadlineAfter(ttlMillis);
    }

    private static Reply.Builder written(long revision) {
        return reply(
                CacheReply.newBuilder().setWritten(ValueWritten.newBuilder().setRevision(revision)));
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
        return queries.answer(query.getCache());
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
}
