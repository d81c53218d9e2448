package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.document.Addition;
import io.coordinator.document.JsonText;
import io.coordinator.document.Meter;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.CacheConfigured;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompareAndSetResult;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.Incremented;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Stats;
import io.coordinator.protocol.TouchValues;
import io.coordinator.protocol.ValueDeleted;
import io.coordinator.protocol.ValueWritten;
import io.coordinator.protocol.ValuesCleared;
import io.coordinator.protocol.ValuesTouched;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import org.jspecify.annotations.Nullable;

/**
 * JSON values by name. A value is whatever bytes admission let through; only counters and compare-and-set look inside.
 * An operation that changes nothing gets no revision (G-10).
 */
public final class Cache implements DataType, Conditional {
    private static final ByteString ZERO = ByteString.copyFromUtf8("0");
    /** Of chores: rows of cleared keys. */
    private static final int RECLAIM = 2;
    /** So many keys are cleared at once, however many clears are being reclaimed. */
    private static final int CLEARED_AT_ONCE = 256;

    /** To look for a key of a touch; a row that is written for it counts besides. */
    private static final long KEY_STEPS = 5;

    private static final long RETRY_AFTER_MILLIS = 1_000;

    private final Namespaces namespaces;
    private final Entries entries;
    private final Bounds bounds;
    private final CacheQueries queries;

    public Cache(Storage storage) {
        namespaces = new Namespaces(storage);
        Uses uses = new Uses(storage);
        entries = new Entries(storage, namespaces, uses);
        bounds = new Bounds(entries, namespaces, uses);
        queries = new CacheQueries(entries, namespaces);
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
        return switch (cache.getOperationCase()) {
            case PUT -> put(at, name, cache.getPut(), effects);
            case DELETE -> delete(at, name, cache.getDelete(), effects);
            case COMPARE_AND_SET -> compareAndSet(at, name, cache.getCompareAndSet(), effects);
            case INCREMENT -> increment(at, name, cache.getIncrement(), effects);
            case PUT_ALL -> putAll(at, name.namespace(), cache.getPutAll(), effects);
            case CONFIGURE ->
                reply(CacheReply.newBuilder()
                        .setConfigured(CacheConfigured.newBuilder()
                                .setEvicted(bounds.configure(
                                        at,
                                        name.namespace(),
                                        cache.getConfigure().getSettings(),
                                        effects))));
            case CLEAR -> clear(name, effects);
            case TOUCH -> touch(at, name.namespace(), cache.getTouch(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a cache operation");
        };
    }

    // ---- whole values ----

    private Reply.Builder put(Context at, Name name, PutValue put, Effects effects) {
        if (!namespaces.fits(name, put.getValue())) {
            return tooLarge(name);
        }
        CacheEntry old = entries.live(at, name, effects);
        Life life = Life.ofPut(at, old, lasting(name, put.getTtlMillis()), put.getSliding(), put.getKeepTtl());
        CacheEntry entry = write(at, name, old, put.getValue(), put.getOpaque(), life, effects);
        ValueWritten.Builder written = ValueWritten.newBuilder().setRevision(entry.getModRevision());
        if (put.getWantPrevious() && old != null) {
            written.setPrevious(old);
        }
        return reply(CacheReply.newBuilder().setWritten(written));
    }

    private Reply.Builder putAll(Context at, String namespace, PutValues all, Effects effects) {
        for (KeyedValue one : all.getValuesList()) {
            Name name = Name.of(namespace, one.getKey());
            if (!namespaces.fits(name, one.getValue())) {
                return tooLarge(name);
            }
        }
        long revision = 0;
        for (KeyedValue one : all.getValuesList()) {
            Name name = Name.of(namespace, one.getKey());
            CacheEntry old = entries.live(at, name, effects);
            Life life = Life.ofPut(at, old, lasting(name, all.getTtlMillis()), all.getSliding(), all.getKeepTtl());
            revision =
                    write(at, name, old, one.getValue(), false, life, effects).getModRevision();
        }
        return written(revision);
    }

    private Reply.Builder delete(Context at, Name name, DeleteValue delete, Effects effects) {
        CacheEntry old = entries.live(at, name, effects);
        ValueDeleted.Builder deleted = ValueDeleted.newBuilder().setExisted(old != null);
        if (old != null) {
            entries.end(name, old, ChangeKind.DELETED, effects);
            if (delete.getWantPrevious()) {
                deleted.setPrevious(old);
            }
        }
        return reply(CacheReply.newBuilder().setDeleted(deleted));
    }

    /** One change for all: watchers of any of these keys hear it (PM-CACHE-9). */
    private Reply.Builder clear(Name prefix, Effects effects) {
        if (!entries.mayClear(prefix, CLEARED_AT_ONCE)) {
            return busy(prefix);
        }
        Entries.Cleared cleared = entries.clear(prefix, effects);
        if (cleared.reclaims()) {
            effects.reclaimLater(DataKind.CACHE, Chore.newBuilder().setStep(RECLAIM));
        }
        return reply(
                CacheReply.newBuilder().setCleared(ValuesCleared.newBuilder().setCount(cleared.count())));
    }

    private Reply.Builder touch(Context at, String namespace, TouchValues touch, Effects effects) {
        ValuesTouched.Builder touched = ValuesTouched.newBuilder();
        effects.meter().steps("keys", KEY_STEPS * touch.getKeysCount());
        for (int i = 0; i < touch.getKeysCount(); i++) {
            Name name = Name.of(namespace, touch.getKeys(i));
            CacheEntry entry = entries.live(at, name, effects);
            if (entry == null) {
                touched.addMissing(i);
                continue;
            }
            Life life = Life.of(entry).accessed(at);
            if (life.expiresAtMillis() != entry.getExpiresAtMillis()) {
                entry = life.on(entry.toBuilder()).build();
                entries.replace(name, entry);
            }
            entries.use(name, entry, effects);
        }
        return reply(CacheReply.newBuilder().setTouched(touched));
    }

    // ---- compare and set, counters ----

    private Reply.Builder compareAndSet(Context at, Name name, CompareAndSet cas, Effects effects) {
        CacheEntry old = entries.live(at, name, effects);
        if (Expectations.cannotBeAsked(old, cas.getExpect())) {
            return Reply.newBuilder().setError(notJson(name));
        }
        if (!Expectations.areMet(old, cas.getExpect(), effects.meter())) {
            return compared(false, old);
        }
        if (cas.hasNext()) {
            return namespaces.fits(name, cas.getNext())
                    ? compared(
                            true,
                            write(
                                    at,
                                    name,
                                    old,
                                    cas.getNext(),
                                    cas.getOpaque(),
                                    kept(at, name, old, cas.getTtlMillis()),
                                    effects))
                    : tooLarge(name);
        }
        if (old != null) {
            entries.end(name, old, ChangeKind.DELETED, effects);
        }
        return compared(true, null);
    }

    @Override
    public boolean holds(Context at, Condition condition, Meter meter) {
        CacheCondition cache = condition.getCache();
        String key = Name.of(cache.getNamespace(), cache.getKey()).key();
        return Expectations.areMet(entries.get(at, key), cache.getExpect(), meter);
    }

    @Override
    public @Nullable Error refusal(Context at, Condition condition) {
        CacheCondition cache = condition.getCache();
        Name name = Name.of(cache.getNamespace(), cache.getKey());
        return Expectations.cannotBeAsked(entries.get(at, name.key()), cache.getExpect()) ? notJson(name) : null;
    }

    private Reply.Builder increment(Context at, Name name, Increment increment, Effects effects) {
        CacheEntry old = entries.live(at, name, effects);
        if (old != null && old.getOpaque()) {
            return Reply.newBuilder().setError(notJson(name));
        }
        ByteString stored = old == null ? ZERO : old.getValue();
        if (!JsonText.mayBeNumber(stored, effects.meter())) {
            return notAdded(ErrorCode.ENOTNUMBER, name);
        }
        Addition.Result result = switch (increment.getAmountCase()) {
            case BY -> Addition.add(stored, increment.getBy(), effects.meter());
            case BY_DECIMAL -> Addition.add(stored, increment.getByDecimal(), effects.meter());
            case AMOUNT_NOT_SET -> throw new UnknownOperationException("an amount of increment");
        };
        if (result instanceof Addition.Failure failure) {
            return notAdded(failure.code(), name);
        }
        ByteString sum = ((Addition.Sum) result).text();
        if (!namespaces.fits(name, sum)) {
            return tooLarge(name);
        }
        write(at, name, old, sum, false, kept(at, name, old, increment.getTtlMillis()), effects);
        return reply(
                CacheReply.newBuilder().setIncremented(Incremented.newBuilder().setValue(sum)));
    }

    // ---- time, sessions, reading ----

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        entries.live(at, Name.ofKey(due.key()), effects);
    }

    @Override
    public @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        return switch (chore.getStep()) {
            case Bounds.SETTLE -> bounds.resume(at, chore, effects, slice);
            case RECLAIM -> entries.reclaim(slice) ? null : chore;
            default -> throw new UnknownOperationException("a chore of the cache");
        };
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return true; // Values belong to nobody.
    }

    /** Settings may let things go, but those of one more namespace are one more row. */
    @Override
    public boolean isFreeing(Command command) {
        return switch (command.getCache().getOperationCase()) {
            case DELETE, CLEAR, TOUCH -> true;
            case CONFIGURE -> namespaces.isKnown(command.getCache().getNamespace());
            case PUT, PUT_ALL, COMPARE_AND_SET, INCREMENT, OPERATION_NOT_SET -> false;
        };
    }

    @Override
    public void rebuild() {
        entries.rebuild();
    }

    @Override
    public void count(Stats.Builder stats) {
        stats.setCacheEntries(entries.size());
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.answer(at, query.getCache());
    }

    // ---- helpers ----

    private CacheEntry write(
            Context at,
            Name name,
            @Nullable CacheEntry old,
            ByteString value,
            boolean opaque,
            Life life,
            Effects effects) {
        long revision = effects.change(DataKind.CACHE, name, ChangeKind.PUT, opaque ? ByteString.EMPTY : value);
        CacheEntry entry = life.on(CacheEntry.newBuilder())
                .setValue(value)
                .setOpaque(opaque)
                .setCreateRevision(old == null ? revision : old.getCreateRevision())
                .setModRevision(revision)
                .setVersion(old == null ? 1 : old.getVersion() + 1)
                .build();
        entries.put(name, old, entry, effects);
        bounds.keep(at, name.namespace(), effects);
        return entry;
    }

    /** The expiry of an existing key is never moved by a change of its value, unless it slides (PM-ATOM-5). */
    private Life kept(Context at, Name name, @Nullable CacheEntry old, long ttlMillis) {
        return old == null
                ? Life.ofPut(at, null, lasting(name, ttlMillis), false, false)
                : Life.of(old).accessed(at);
    }

    /** PM-CACHE-12: what is written without a ttl gets the namespace's. */
    private long lasting(Name name, long ttlMillis) {
        return ttlMillis > 0
                ? ttlMillis
                : namespaces.get(name.namespace()).getSettings().getTtlMillis();
    }

    private static Reply.Builder tooLarge(Name name) {
        return Refusals.reply(
                ErrorCode.ETOOLARGE,
                "the value of " + name + " is larger than all values of its namespace may be together, so nothing was"
                        + " changed; make it smaller, or raise the namespace's bytes");
    }

    private static Reply.Builder busy(Name prefix) {
        return Reply.newBuilder()
                .setError(Refusals.error(
                                ErrorCode.EBUSY,
                                "the rows of " + ClearMarks.MAX + " large clears are still being reclaimed, so "
                                        + prefix + " was not cleared; try again in a moment")
                        .toBuilder()
                        .setRetryAfterMillis(RETRY_AFTER_MILLIS));
    }

    private static Error notJson(Name name) {
        return Refusals.error(
                ErrorCode.EINVAL,
                "the value at " + name + " is opaque, so the cluster can neither compare nor add to it; compare its"
                        + " revision instead");
    }

    private static Reply.Builder notAdded(ErrorCode code, Name name) {
        return Refusals.reply(
                code,
                code == ErrorCode.ENOTNUMBER
                        ? "the value at " + name + " is not a number, so nothing was added; put a number first"
                        : "the sum at " + name + " is out of range, so nothing was added; use a smaller amount");
    }

    private static Reply.Builder written(long revision) {
        return reply(CacheReply.newBuilder()
                .setWritten(ValueWritten.newBuilder().setRevision(revision).build()));
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
