package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheNamespace;
import io.coordinator.protocol.CacheSettings;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;

/** The settings of namespaces, and what counts for their bounds: the entries that have a use. */
final class Namespaces {
    private static final int NAMESPACES = 1;

    private final Table<CacheNamespace> rows;

    Namespaces(Storage storage) {
        rows = storage.table(DataKind.CACHE, NAMESPACES, CacheNamespace.parser(), never -> 0);
    }

    /** Without settings, the default. */
    CacheNamespace get(String namespace) {
        CacheNamespace row = rows.get(key(namespace));
        return row == null ? CacheNamespace.getDefaultInstance() : row;
    }

    /** Whether there is a row, so that settings take no more room. */
    boolean isKnown(String namespace) {
        return rows.get(key(namespace)) != null;
    }

    /** A row that says nothing is none. */
    void put(String namespace, CacheNamespace.Builder row) {
        if (row.getSettings().equals(CacheSettings.getDefaultInstance())) {
            row.clearSettings();
        }
        CacheNamespace built = row.build();
        if (built.equals(CacheNamespace.getDefaultInstance())) {
            rows.remove(key(namespace));
        } else {
            rows.put(key(namespace), built);
        }
    }

    /** Entries come or go, or change their size. */
    void count(String namespace, long entries, long bytes) {
        CacheNamespace row = get(namespace);
        put(namespace, row.toBuilder().setEntries(row.getEntries() + entries).setBytes(row.getBytes() + bytes));
    }

    boolean isBounded(String namespace) {
        return isBounded(get(namespace).getSettings());
    }

    static boolean isBounded(CacheSettings settings) {
        return settings.getEntriesMax() > 0 || settings.getBytesMax() > 0;
    }

    static boolean isTooMuch(CacheNamespace row) {
        CacheSettings settings = row.getSettings();
        return (settings.getEntriesMax() > 0 && row.getEntries() > settings.getEntriesMax())
                || (settings.getBytesMax() > 0 && row.getBytes() > settings.getBytesMax());
    }

    /** Whether a value can be kept at all. */
    boolean fits(Name name, ByteString value) {
        long max = get(name.namespace()).getSettings().getBytesMax();
        return max == 0 || size(name, value) <= max;
    }

    /** As it counts for the bound: a name has no more bytes than thrice its characters, but mostly as many. */
    static long size(Name name, ByteString value) {
        return (long) ByteString.copyFromUtf8(name.name()).size() + value.size();
    }

    private static String key(String namespace) {
        return Name.of(namespace, "").key();
    }
}
