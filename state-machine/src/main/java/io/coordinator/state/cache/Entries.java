package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheNamespace;
import io.coordinator.protocol.CacheSettings;
import io.coordinator.protocol.CacheUse;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the cache, within the bounds of their namespaces. In a bounded namespace each use of a key gets a ticket, and the key with the
 * lowest one is evicted first. Uses are rows in the order of their tickets, so that replicas, snapshots and transactions
 * that are taken back agree on the victim without more ado.
 */
final class Entries {
    private static final int ENTRIES = 0;
    private static final int NAMESPACES = 1;
    private static final int USES = 2;
    private static final HexFormat HEX = HexFormat.of();

    private final Table<CacheEntry> entries;
    private final Table<CacheNamespace> namespaces;
    private final Table<CacheUse> uses;

    Entries(Storage storage) {
        entries = storage.sortedTable(DataKind.CACHE, ENTRIES, CacheEntry.parser(), CacheEntry::getExpiresAtMillis);
        namespaces = storage.table(DataKind.CACHE, NAMESPACES, CacheNamespace.parser(), never -> 0);
        uses = storage.sortedTable(DataKind.CACHE, USES, CacheUse.parser(), never -> 0);
    }

    // ---- reading ----

    @Nullable
    CacheEntry get(String key) {
        return entries.get(key);
    }

    int size() {
        return entries.size();
    }

    @Nullable
    String ceilingKey(String key) {
        return entries.ceilingKey(key);
    }

    @Nullable
    String higherKey(String key) {
        return entries.higherKey(key);
    }

    CacheNamespace namespace(String namespace) {
        CacheNamespace row = namespaces.get(Name.of(namespace, "").key());
        return row == null ? CacheNamespace.getDefaultInstance() : row;
    }

    boolean isBounded(String namespace) {
        return isBounded(namespace(namespace).getSettings());
    }

    /** Whether a value can be kept at all. */
    boolean fits(Name name, ByteString value) {
        long max = namespace(name.namespace()).getSettings().getBytesMax();
        return max == 0 || size(name, value) <= max;
    }

    private static boolean isBounded(CacheSettings settings) {
        return settings.getEntriesMax() > 0 || settings.getBytesMax() > 0;
    }

    /** As it counts for the bound: a name has no more bytes than thrice its characters, but mostly as many. */
    private static long size(Name name, ByteString value) {
        return (long) ByteString.copyFromUtf8(name.name()).size() + value.size();
    }

    // ---- writing ----

    /** Inserts or replaces, and evicts what is too much then. */
    void put(Name name, @Nullable CacheEntry old, CacheEntry entry, Effects effects) {
        if (!isBounded(name.namespace())) {
            entries.put(name.key(), entry);
            return;
        }
        forgetUse(name, old);
        entries.put(name.key(), used(name, entry, effects));
        account(
                name.namespace(),
                old == null ? 1 : 0,
                size(name, entry.getValue()) - (old == null ? 0 : size(name, old.getValue())));
        evict(name.namespace(), effects);
    }

    /** A key was read. */
    void use(Name name, CacheEntry entry, Effects effects) {
        if (isBounded(name.namespace())) {
            forgetUse(name, entry);
            entries.put(name.key(), used(name, entry, effects));
        }
    }

    /** Changes what does not count as use. */
    void replace(Name name, CacheEntry entry) {
        entries.put(name.key(), entry);
    }

    void remove(Name name, CacheEntry old) {
        entries.remove(name.key());
        if (isBounded(name.namespace())) {
            forgetUse(name, old);
            account(name.namespace(), -1, -size(name, old.getValue()));
        }
    }

    private CacheEntry used(Name name, CacheEntry entry, Effects effects) {
        long ticket = effects.nextTicket();
        uses.put(
                use(name.namespace(), ticket),
                CacheUse.newBuilder().setKey(name.name()).build());
        return entry.toBuilder().setUsed(ticket).build();
    }

    private void forgetUse(Name name, @Nullable CacheEntry entry) {
        if (entry != null && entry.getUsed() != 0) {
            uses.remove(use(name.namespace(), entry.getUsed()));
        }
    }

    private static String use(String namespace, long ticket) {
        return Name.of(namespace, HEX.toHexDigits(ticket)).key();
    }

    private void account(String namespace, long count, long bytes) {
        CacheNamespace row = namespace(namespace);
        namespaces.put(
                Name.of(namespace, "").key(),
                row.toBuilder()
                        .setEntries(row.getEntries() + count)
                        .setBytes(row.getBytes() + bytes)
                        .build());
    }

    private long evict(String namespace, Effects effects) {
        long evicted = 0;
        while (isTooMuch(namespace(namespace))) {
            String oldest = uses.ceilingKey(Name.of(namespace, "").key());
            CacheUse use = oldest == null ? null : uses.get(oldest);
            if (use == null) {
                throw new IllegalStateException("namespace " + namespace + " is full of nothing");
            }
            Name victim = Name.of(namespace, use.getKey());
            CacheEntry entry = entries.get(victim.key());
            if (entry == null) {
                throw new IllegalStateException(victim + " was used and is not there");
            }
            remove(victim, entry);
            effects.change(DataKind.CACHE, victim, ChangeKind.EVICTED, ByteString.EMPTY);
            evicted++;
        }
        return evicted;
    }

    private static boolean isTooMuch(CacheNamespace namespace) {
        CacheSettings settings = namespace.getSettings();
        return (settings.getEntriesMax() > 0 && namespace.getEntries() > settings.getEntriesMax())
                || (settings.getBytesMax() > 0 && namespace.getBytes() > settings.getBytesMax());
    }

    // ---- settings ----

    /** Replaces the settings of a namespace and answers how many entries had to go. */
    long configure(String namespace, CacheSettings settings, Effects effects) {
        boolean before = isBounded(namespace);
        boolean after = isBounded(settings);
        String key = Name.of(namespace, "").key();
        if (before && !after) {
            names(namespace, "").forEach(name -> forgetUse(name, entries.get(name.key())));
        }
        if (settings.equals(CacheSettings.getDefaultInstance())) {
            namespaces.remove(key);
            return 0;
        }
        CacheNamespace row = after ? namespace(namespace) : CacheNamespace.getDefaultInstance();
        namespaces.put(key, row.toBuilder().setSettings(settings).build());
        if (after && !before) {
            useAll(namespace, effects);
        }
        return after ? evict(namespace, effects) : 0;
    }

    /** Of entries that were there before the bounds, the order of their last changes is all that is known. */
    private void useAll(String namespace, Effects effects) {
        List<Name> names = names(namespace, "");
        names.sort(Comparator.comparingLong(name -> row(name).getModRevision()));
        long bytes = 0;
        for (Name name : names) {
            CacheEntry entry = row(name);
            entries.put(name.key(), used(name, entry, effects));
            bytes += size(name, entry.getValue());
        }
        CacheNamespace row = namespace(namespace);
        namespaces.put(
                Name.of(namespace, "").key(),
                row.toBuilder().setEntries(names.size()).setBytes(bytes).build());
    }

    /** Removes every key with a prefix and answers how many there were. */
    long clear(String namespace, String prefix) {
        List<Name> names = names(namespace, prefix);
        names.forEach(name -> remove(name, row(name)));
        return names.size();
    }

    private CacheEntry row(Name name) {
        CacheEntry entry = entries.get(name.key());
        if (entry == null) {
            throw new IllegalStateException("the order of keys names " + name + ", which is not there");
        }
        return entry;
    }

    private List<Name> names(String namespace, String prefix) {
        List<Name> names = new ArrayList<>();
        String start = Name.of(namespace, prefix).key();
        String key = entries.ceilingKey(start);
        while (key != null && key.startsWith(start)) {
            names.add(Name.ofKey(key));
            key = entries.higherKey(key);
        }
        return names;
    }
}
