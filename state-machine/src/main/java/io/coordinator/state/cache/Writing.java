package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import org.jspecify.annotations.Nullable;

/** How a value is written, and for how long it lives. */
final class Writing {
    private final Namespaces namespaces;
    private final Entries entries;
    private final Bounds bounds;

    Writing(Namespaces namespaces, Entries entries, Bounds bounds) {
        this.namespaces = namespaces;
        this.entries = entries;
        this.bounds = bounds;
    }

    /** Whether a value is no larger than all of its namespace may be together. */
    boolean fits(Name name, ByteString value) {
        return namespaces.fits(name, value);
    }

    CacheEntry write(
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

    /** How long a value lives that is put there. */
    Life ofPut(Context at, Name name, @Nullable CacheEntry old, long ttlMillis, boolean sliding, boolean keepTtl) {
        return Life.ofPut(at, old, lasting(name, ttlMillis), sliding, keepTtl);
    }

    /** The expiry of an existing key is never moved by a change of its value, unless it slides (PM-ATOM-5). */
    Life kept(Context at, Name name, @Nullable CacheEntry old, long ttlMillis) {
        return old == null
                ? ofPut(at, name, null, ttlMillis, false, false)
                : Life.of(old).accessed(at);
    }

    /** PM-CACHE-12: what is written without a ttl gets the namespace's. */
    private long lasting(Name name, long ttlMillis) {
        return ttlMillis > 0
                ? ttlMillis
                : namespaces.get(name.namespace()).getSettings().getTtlMillis();
    }
}
