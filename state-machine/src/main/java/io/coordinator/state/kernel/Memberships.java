package io.coordinator.state.kernel;

import io.coordinator.document.Meter;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.PoolMember;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How sessions become members of pools and cease to be. What they have may be a lot, so that it ends in slices; what
 * becomes of an item is the data type's, which gets its key and must end its lease.
 */
public final class Memberships {
    /** To find a membership and its pool. */
    private static final long MEMBER_STEPS = 10;

    private final Pools pools;

    public Memberships(Pools pools) {
        this.pools = pools;
    }

    /** Who asks becomes a member, with a ticket of its own. */
    public static PoolMember fresh(Context at, int capacity, Effects effects) {
        long ticket = effects.nextTicket();
        return PoolMember.newBuilder()
                .setSessionId(at.sessionId())
                .setRequestSeq(at.seq())
                .setTicket(ticket)
                .setLastLease(ticket)
                .setCapacity(capacity)
                .setJoinedAtMillis(at.nowMillis())
                .build();
    }

    /** Gives a member nothing more: it goes at once, or with its last item. Whether it has one. */
    public boolean leave(String pool, PoolMember member) {
        if (pools.leased(pool, member.getTicket()) == 0) {
            pools.remove(pool, member.getTicket());
            return false;
        }
        pools.update(pool, member.toBuilder().setLeaving(true).build());
        return true;
    }

    /** Ends what a member has, until the slice is spent; whether nothing is left. */
    public boolean clear(String pool, long ticket, Slice slice, Consumer<String> end) {
        String item = pools.firstItem(pool, ticket);
        while (item != null && !slice.isSpent()) {
            end.accept(item);
            item = pools.firstItem(pool, ticket);
        }
        return item == null;
    }

    /** Tells the members of a pool of which nothing else is left, and takes them out; whether that is done. */
    public boolean dissolve(String pool, Slice slice, Consumer<PoolMember> tell) {
        for (PoolMember member : pools.members(pool)) {
            if (slice.isSpent()) {
                return false;
            }
            tell.accept(member);
            pools.remove(pool, member.getTicket());
        }
        return true;
    }

    /**
     * Ends what an ended session has in pools, and its memberships, until the slice is spent.
     *
     * @param end of an item of a pool
     * @param left a pool that the session is out of, so that others get what it had
     * @return whether nothing is left
     */
    public boolean sessionClosed(long sessionId, Slice slice, BiConsumer<String, String> end, Consumer<String> left) {
        Pools.Place joined = pools.first(sessionId);
        while (joined != null && !slice.isSpent()) {
            String pool = joined.pool();
            long ticket = joined.member().getTicket();
            String item = pools.firstItem(pool, ticket);
            if (item == null) {
                pools.remove(pool, ticket);
            } else {
                end.accept(pool, item);
            }
            if (pools.find(pool, ticket) == null) {
                left.accept(pool);
            }
            joined = pools.first(sessionId);
        }
        return joined == null;
    }

    /** A chore whose {@code bound} is the session; its {@code cursor} is the membership that was looked at last. */
    public static Chore.Builder hearsAgain(long sessionId, int step) {
        return Chore.newBuilder().setStep(step).setBound(sessionId);
    }

    /** Goes on giving items in the pools of such a session; null when all have been looked at. */
    public @Nullable Chore hearAgain(Chore chore, Meter meter, Slice slice, Consumer<String> give) {
        long seq = chore.getCursor().isEmpty() ? 0 : Long.parseLong(chore.getCursor());
        for (Pools.Place joined = pools.after(chore.getBound(), seq); joined != null; ) {
            if (slice.isSpent()) {
                return chore.toBuilder().setCursor(Long.toString(seq)).build();
            }
            meter.steps("members", MEMBER_STEPS);
            give.accept(joined.pool());
            seq = joined.member().getRequestSeq();
            joined = pools.after(chore.getBound(), seq);
        }
        return null;
    }
}
