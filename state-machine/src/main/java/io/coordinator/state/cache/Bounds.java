package io.coordinator.state.cache;

import io.coordinator.protocol.CacheNamespace;
import io.coordinator.protocol.CacheSettings;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Keeps namespaces as their settings say, in slices where that takes long: first what was there before the bounds is
 * counted, in the order of the keys, then what was used longest ago is evicted until the rest is within the bounds.
 * Rows of cleared keys go before anything that is there. Without bounds, nothing is counted.
 */
final class Bounds {
    /** Of chores. */
    static final int SETTLE = 1;

    private static final int VISIT_STEPS = 5;

    private final Entries entries;
    private final Namespaces namespaces;
    private final Uses uses;

    Bounds(Entries entries, Namespaces namespaces, Uses uses) {
        this.entries = entries;
        this.namespaces = namespaces;
        this.uses = uses;
    }

    /** Replaces the settings of a namespace and answers how many entries had to go at once. */
    long configure(Context at, String namespace, CacheSettings settings, Effects effects) {
        CacheNamespace row = namespaces.get(namespace);
        boolean before = Namespaces.isBounded(row.getSettings());
        boolean after = Namespaces.isBounded(settings);
        CacheNamespace.Builder now = row.toBuilder().setSettings(settings);
        if (before != after) {
            now.setAdopting(after).setAdoptedTo("");
        }
        namespaces.put(namespace, now);
        return settle(at, namespace, effects);
    }

    /** Something was written. */
    void keep(Context at, String namespace, Effects effects) {
        CacheNamespace row = namespaces.get(namespace);
        if (!row.getAdopting() && Namespaces.isTooMuch(row)) {
            settle(at, namespace, effects);
        }
    }

    private long settle(Context at, String namespace, Effects effects) {
        long evicted = settle(at, namespace, effects, effects.slice());
        CacheNamespace row = namespaces.get(namespace);
        if (!isSettled(row) && !row.getSettling()) {
            namespaces.put(namespace, row.toBuilder().setSettling(true));
            effects.later(
                    DataKind.CACHE, Chore.newBuilder().setSubject(namespace).setStep(SETTLE));
        }
        return evicted;
    }

    /** Goes on with a chore; null when the namespace is as its settings say. */
    @Nullable
    Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        String namespace = chore.getSubject();
        settle(at, namespace, effects, slice);
        CacheNamespace row = namespaces.get(namespace);
        if (!isSettled(row)) {
            return chore;
        }
        namespaces.put(namespace, row.toBuilder().setSettling(false));
        return null;
    }

    private static boolean isSettled(CacheNamespace row) {
        return Namespaces.isBounded(row.getSettings())
                ? !row.getAdopting() && !Namespaces.isTooMuch(row)
                : row.getEntries() == 0;
    }

    private long settle(Context at, String namespace, Effects effects, Slice slice) {
        if (!namespaces.isBounded(namespace)) {
            release(namespace, slice);
            return 0;
        }
        if (namespaces.get(namespace).getAdopting()) {
            adopt(namespace, effects, slice);
        }
        return evict(at, namespace, effects, slice);
    }

    private void release(String namespace, Slice slice) {
        Name next = uses.oldest(namespace);
        while (next != null && !slice.isSpent()) {
            entries.release(next);
            next = uses.oldest(namespace);
        }
    }

    private void adopt(String namespace, Effects effects, Slice slice) {
        String all = Name.of(namespace, "").key();
        String last =
                Name.of(namespace, namespaces.get(namespace).getAdoptedTo()).key();
        String key = entries.higherKey(last);
        while (key != null && key.startsWith(all) && !slice.isSpent()) {
            effects.meter().steps("rows", VISIT_STEPS);
            entries.adopt(Name.ofKey(key));
            last = key;
            key = entries.higherKey(key);
        }
        boolean more = key != null && key.startsWith(all);
        namespaces.put(
                namespace,
                namespaces.get(namespace).toBuilder()
                        .setAdopting(more)
                        .setAdoptedTo(more ? Name.ofKey(last).name() : ""));
    }

    /** Not before all are counted: until then nobody knows what was used longest ago. */
    private long evict(Context at, String namespace, Effects effects, Slice slice) {
        long evicted = 0;
        while (isTooMuch(namespaces.get(namespace)) && !slice.isSpent()) {
            if (!entries.reclaimOne(namespace) && evictOldest(at, namespace, effects) == ChangeKind.EVICTED) {
                evicted++;
            }
        }
        return evicted;
    }

    private static boolean isTooMuch(CacheNamespace row) {
        return !row.getAdopting() && Namespaces.isTooMuch(row);
    }

    private ChangeKind evictOldest(Context at, String namespace, Effects effects) {
        Name oldest = uses.oldest(namespace);
        if (oldest == null) {
            throw new IllegalStateException("namespace " + namespace + " is full of nothing");
        }
        return entries.evict(at, oldest, effects);
    }
}
