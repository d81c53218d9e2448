package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.cache.ClearMarks.Mark;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.SortedKeys;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the cache. A row is not yet an entry that is there: what a clear has hidden is gone, and so is what is
 * past its deadline (G-3), although the rows of both are reclaimed little by little. An entry that has a use counts
 * for the bounds of its namespace.
 */
final class Entries {
    private static final int ENTRIES = 0;

    private final Table<CacheEntry> rows;
    private final ClearMarks marks;
    private final Namespaces namespaces;
    private final Uses uses;

    Entries(Storage storage, Namespaces namespaces, Uses uses) {
        rows = storage.sortedTable(DataKind.CACHE, ENTRIES, EntryFormat.INSTANCE, CacheEntry::getExpiresAtMillis);
        marks = new ClearMarks(storage);
        this.namespaces = namespaces;
        this.uses = uses;
    }

    // ---- reading ----

    /** An entry that is there; null if there is none. */
    @Nullable
    CacheEntry get(Context at, String key) {
        CacheEntry entry = rows.get(key);
        return entry == null || at.isPast(entry.getExpiresAtMillis()) || marks.hiding(key, entry) != null
                ? null
                : entry;
    }

    /** Not counting what is hidden. */
    long size() {
        return rows.size() - marks.hidden();
    }

    /** Of a namespace: how many counted rows are hidden, at most. */
    long hidden(String namespace) {
        return marks.hidden(namespace);
    }

    long count(Name prefix) {
        return rows.count(prefix.key());
    }

    /** The first key at or after this one that is not hidden; it may be past its deadline. */
    @Nullable
    String ceilingKey(String key) {
        return rows.ceilingKey(key);
    }

    /** The first key after this one that is not hidden; it may be past its deadline. */
    @Nullable
    String higherKey(String key) {
        return rows.higherKey(key);
    }

    // ---- writing ----

    /** An entry that is there, for a command: what is gone but for its row goes first. */
    @Nullable
    CacheEntry live(Context at, Name name, Effects effects) {
        CacheEntry entry = rows.get(name.key());
        if (entry == null || reclaimIfHidden(name.key(), entry)) {
            return null;
        }
        if (at.isPast(entry.getExpiresAtMillis())) {
            end(name, entry, ChangeKind.EXPIRED, effects);
            return null;
        }
        return entry;
    }

    /** Inserts or replaces; that is a use. */
    void put(Name name, @Nullable CacheEntry old, CacheEntry entry, Effects effects) {
        long place = namespaces.isBounded(name.namespace()) ? Uses.now(effects) : 0;
        move(name, old, entry, place);
    }

    /** A key was read. */
    void use(Name name, CacheEntry entry, Effects effects) {
        if (namespaces.isBounded(name.namespace())) {
            move(name, entry, entry, Uses.now(effects));
        }
    }

    /** Counts an entry that was there before the bounds. */
    void adopt(Name name) {
        CacheEntry entry = row(name.key());
        if (entry.getUsed() == 0) {
            move(name, entry, entry, Uses.before(entry));
        }
    }

    /** Counts an entry no longer. */
    void release(Name name) {
        CacheEntry entry = row(name.key());
        if (!reclaimIfHidden(name.key(), entry)) {
            move(name, entry, entry, 0);
        }
    }

    /** Changes what is no use. */
    void replace(Name name, CacheEntry entry) {
        rows.put(name.key(), entry);
    }

    /** Removes an entry and tells so. */
    void end(Name name, CacheEntry old, ChangeKind how, Effects effects) {
        remove(name, old);
        effects.change(DataKind.CACHE, name, how, ByteString.EMPTY);
    }

    /** Makes room by an entry that is there. */
    ChangeKind evict(Context at, Name name, Effects effects) {
        CacheEntry entry = row(name.key());
        ChangeKind how = at.isPast(entry.getExpiresAtMillis()) ? ChangeKind.EXPIRED : ChangeKind.EVICTED;
        end(name, entry, how, effects);
        return how;
    }

    private void remove(Name name, CacheEntry old) {
        rows.remove(name.key());
        if (old.getUsed() != 0) {
            uses.remove(name.namespace(), old.getUsed());
            namespaces.count(name.namespace(), -1, -Namespaces.size(name, old.getValue()));
        }
    }

    /** @param place of its use from now on; 0: it does not count */
    private void move(Name name, @Nullable CacheEntry old, CacheEntry entry, long place) {
        long before = old == null ? 0 : old.getUsed();
        if (before != 0) {
            uses.remove(name.namespace(), before);
        }
        if (place != 0) {
            uses.add(name, place);
        }
        rows.put(
                name.key(),
                entry.getUsed() == place
                        ? entry
                        : entry.toBuilder().setUsed(place).build());
        if (before != 0 || place != 0) {
            long bytes = place == 0 ? 0 : Namespaces.size(name, entry.getValue());
            long bytesBefore = old == null || before == 0 ? 0 : Namespaces.size(name, old.getValue());
            count(name.namespace(), (place == 0 ? 0 : 1) - (before == 0 ? 0 : 1), bytes - bytesBefore);
        }
    }

    private void count(String namespace, long entries, long bytes) {
        if (entries != 0 || bytes != 0) {
            namespaces.count(namespace, entries, bytes);
        }
    }

    private CacheEntry row(String key) {
        CacheEntry entry = rows.get(key);
        if (entry == null) {
            throw new IllegalStateException("a cache entry is not there that should be");
        }
        return entry;
    }

    // ---- clearing ----

    /** Whether so many keys can be cleared now. */
    boolean mayClear(Name prefix, long keysMax) {
        return !marks.isFull() || count(prefix) <= keysMax;
    }

    /**
     * Removes every key with a prefix and tells so once. All of them are gone at the revision of that; rows that the
     * slice has no time for are reclaimed later, without a word.
     *
     * @return how many there were
     */
    Cleared clear(Name prefix, Effects effects) {
        SortedKeys hidden = rows.hide(prefix.key());
        long count = hidden.size();
        if (count == 0) {
            return new Cleared(0, false);
        }
        long revision = effects.change(DataKind.CACHE, prefix, ChangeKind.CLEARED, ByteString.EMPTY);
        Mark mark = new Mark(prefix, revision, hidden);
        Slice slice = marks.isFull() ? () -> false : effects.slice();
        while (hidden.size() > 0 && !slice.isSpent()) {
            reclaimFirst(mark);
        }
        if (hidden.size() == 0) {
            return new Cleared(count, false);
        }
        boolean first = marks.isEmpty();
        marks.add(mark);
        return new Cleared(count, first);
    }

    /**
     * What a clear has done.
     *
     * @param reclaims whether rows are left for {@link #reclaim}, and none were before
     */
    record Cleared(long count, boolean reclaims) {}

    /** Reclaims hidden rows, and answers whether none is left. */
    boolean reclaim(Slice slice) {
        Mark mark = marks.first();
        while (mark != null && !slice.isSpent()) {
            if (mark.hidden().size() == 0) {
                marks.remove(mark);
            } else {
                reclaimFirst(mark);
            }
            mark = marks.first();
        }
        return mark == null;
    }

    /** Reclaims one hidden row of a namespace, and answers whether there was any. */
    boolean reclaimOne(String namespace) {
        Mark mark = marks.firstOf(namespace);
        if (mark != null) {
            reclaimFirst(mark);
        }
        return mark != null;
    }

    private void reclaimFirst(Mark mark) {
        String key = mark.hidden().ceiling("");
        if (key != null) {
            reclaim(mark, key);
        }
    }

    /** Reclaims a row if it is hidden. */
    private boolean reclaimIfHidden(String key, CacheEntry entry) {
        Mark mark = marks.hiding(key, entry);
        if (mark != null) {
            reclaim(mark, key);
        }
        return mark != null;
    }

    private void reclaim(Mark mark, String key) {
        rows.reveal(mark.hidden(), key);
        remove(Name.ofKey(key), row(key));
    }

    /** Hides again what marks hide, after rows have been loaded. */
    void rebuild() {
        for (Mark mark : marks.rebuild()) {
            String prefix = mark.prefix().key();
            String key = rows.ceilingKey(prefix);
            while (key != null && key.startsWith(prefix)) {
                String next = rows.higherKey(key);
                if (mark.hides(key, row(key))) {
                    rows.hide(mark.hidden(), key);
                }
                key = next;
            }
        }
    }
}
