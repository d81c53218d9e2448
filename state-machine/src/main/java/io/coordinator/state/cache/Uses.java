package io.coordinator.state.cache;

import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheUse;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the keys of bounded namespaces were used, the first to be evicted first. Each use has a
 * place: a ticket. Of keys that were there before the bounds the order of their last changes is all that is known:
 * their place is that revision, before all tickets. Places are rows, so that replicas, snapshots and work that is
 * taken back agree on the victim without more ado.
 */
final class Uses {
    private static final int USES = 2;
    /** Before every ticket lies every revision. */
    private static final long TICKETS = 1L << 62;

    private static final HexFormat HEX = HexFormat.of();

    private final Table<CacheUse> rows;

    Uses(Storage storage) {
        rows = storage.sortedTable(DataKind.CACHE, USES, CacheUse.parser(), never -> 0);
    }

    /** The place of a use now. */
    static long now(Effects effects) {
        return TICKETS | effects.nextTicket();
    }

    /** The place of a key that nobody has used since the bounds were set. */
    static long before(CacheEntry entry) {
        return entry.getModRevision();
    }

    void add(Name name, long place) {
        rows.put(
                key(name.namespace(), place),
                CacheUse.newBuilder().setKey(name.name()).build());
    }

    void remove(String namespace, long place) {
        rows.remove(key(namespace, place));
    }

    /** What was used longest ago; null if nothing is counted. */
    @Nullable
    Name oldest(String namespace) {
        String all = Name.of(namespace, "").key();
        String first = rows.ceilingKey(all);
        CacheUse use = first == null || !first.startsWith(all) ? null : rows.get(first);
        return use == null ? null : Name.of(namespace, use.getKey());
    }

    private static String key(String namespace, long place) {
        return Name.of(namespace, HEX.toHexDigits(place)).key();
    }
}
