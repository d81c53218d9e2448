package io.coordinator.state.cache;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheConfigured;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ValuesCleared;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * JSON values by name. A value is whatever bytes admission let through; only counters and compare-and-set look inside.
 * An operation that changes nothing gets no revision (G-10).
 */
public final class Cache implements DataType {
    /** Of chores: rows of cleared keys. */
    private static final int RECLAIM = 2;
    /** So many keys are cleared at once, however many clears are being reclaimed. */
    private static final int CLEARED_AT_ONCE = 256;

    private final Namespaces namespaces;
    private final Entries entries;
    private final Bounds bounds;
    private final WholeValues values;
    private final ComparedValues compared;
    private final CacheQueries queries;
    private final CacheConditions conditions;

    public Cache(Storage storage) {
        namespaces = new Namespaces(storage);
        Uses uses = new Uses(storage);
        entries = new Entries(storage, namespaces, uses);
        bounds = new Bounds(entries, namespaces, uses);
        Writing writing = new Writing(namespaces, entries, bounds);
        values = new WholeValues(entries, writing);
        compared = new ComparedValues(entries, writing);
        queries = new CacheQueries(entries, namespaces);
        conditions = new CacheConditions(entries);
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
            case PUT -> values.put(at, name, cache.getPut(), effects);
            case DELETE -> values.delete(at, name, cache.getDelete(), effects);
            case COMPARE_AND_SET -> compared.compareAndSet(at, name, cache.getCompareAndSet(), effects);
            case INCREMENT -> compared.increment(at, name, cache.getIncrement(), effects);
            case PUT_ALL -> values.putAll(at, name.namespace(), cache.getPutAll(), effects);
            case CONFIGURE ->
                CacheReplies.reply(CacheReply.newBuilder()
                        .setConfigured(CacheConfigured.newBuilder()
                                .setEvicted(bounds.configure(
                                        at,
                                        name.namespace(),
                                        cache.getConfigure().getSettings(),
                                        effects))));
            case CLEAR -> clear(name, effects);
            case TOUCH -> values.touch(at, name.namespace(), cache.getTouch(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a cache operation");
        };
    }

    /** One change for all: watchers of any of these keys hear it (PM-CACHE-9). */
    private Reply.Builder clear(Name prefix, Effects effects) {
        if (!entries.mayClear(prefix, CLEARED_AT_ONCE)) {
            return CacheReplies.busy(prefix);
        }
        Entries.Cleared cleared = entries.clear(prefix, effects);
        if (cleared.reclaims()) {
            effects.reclaimLater(DataKind.CACHE, Chore.newBuilder().setStep(RECLAIM));
        }
        return CacheReplies.reply(
                CacheReply.newBuilder().setCleared(ValuesCleared.newBuilder().setCount(cleared.count())));
    }

    @Override
    public boolean isReversible(Command command) {
        return true; // Nobody but watchers is told, and they only of what stays.
    }

    @Override
    public long values(Command command) {
        return command.getCache().getPutAll().getValuesCount();
    }

    @Override
    public Conditional conditions() {
        return conditions;
    }

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
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("cacheEntries", entries.size());
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.answer(at, query.getCache());
    }
}
