package io.coordinator.state.topic;

import io.coordinator.protocol.PoolMember;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is in groups with one active member. A turn lasts until its member is out of the group, so that nobody
 * else is given anything while the member before may still have something.
 */
final class GroupTurns {
    private final Pools pools;
    private final UndoLog undo;
    private final Map<String, Long> holders = new HashMap<>();

    GroupTurns(Pools pools, UndoLog undo) {
        this.pools = pools;
        this.undo = undo;
    }

    /** The member whose turn it is, also if it begins now; null if there is nobody who could have it. */
    @Nullable
    PoolMember active(GroupPlace place, Effects effects) {
        PoolMember holder = holder(place.pool());
        return holder == null ? start(place, effects) : holder;
    }

    private @Nullable PoolMember holder(String pool) {
        Long ticket = holders.get(pool);
        return ticket == null ? null : pools.find(pool, ticket);
    }

    /** Not before all that others had is settled or taken back. */
    private @Nullable PoolMember start(GroupPlace place, Effects effects) {
        String pool = place.pool();
        PoolMember eldest = pools.eldest(pool);
        if (eldest == null || pools.leased(pool) != pools.leased(pool, eldest.getTicket())) {
            return null;
        }
        PoolMember active = eldest.toBuilder().setTurnToken(effects.mintToken()).build();
        pools.update(pool, active);
        set(pool, active.getTicket());
        TopicEvents.turnStarted(place.topic(), place.group(), active, effects);
        return active;
    }

    /** There are no turns in this group, or no group any more. */
    void end(String pool) {
        PoolMember holder = holder(pool);
        if (holder != null) {
            pools.update(pool, holder.toBuilder().clearTurnToken().build());
        }
        set(pool, null);
    }

    private void set(String pool, @Nullable Long ticket) {
        Long before = put(pool, ticket);
        undo.add(() -> put(pool, before));
    }

    private @Nullable Long put(String pool, @Nullable Long ticket) {
        return ticket == null ? holders.remove(pool) : holders.put(pool, ticket);
    }

    /** The pools must have their members. */
    void rebuild() {
        pools.forEach((pool, member) -> {
            if (member.getTurnToken() != 0) {
                holders.put(pool, member.getTicket());
            }
        });
    }
}
