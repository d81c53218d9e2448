package io.coordinator.state.kernel;

import io.coordinator.protocol.PoolMember;
import java.util.Comparator;
import java.util.TreeMap;

/** A member of a pool and what it has. Derived from rows. */
final class PoolSeat {
    /** Who gets the next item comes first. */
    static final Comparator<PoolSeat> ORDER = Comparator.comparingInt((PoolSeat seat) -> seat.items.size())
            .thenComparingLong(seat -> seat.member.getLastLease())
            .thenComparingLong(seat -> seat.member.getTicket());

    /** A pool of one member that has one item, with its places in the orders and in the index of sessions. */
    private static final long MEMBER_HEAP = 600;

    /** Items by the tokens of their leases. */
    final TreeMap<Long, String> items = new TreeMap<>();

    PoolMember member;

    PoolSeat(PoolMember member) {
        this.member = member;
    }

    /** How the rows of members are stored, and what they take with what is derived from them. */
    static RowFormat<PoolMember> format() {
        return RowFormat.ofMessages(
                PoolMember.parser(),
                (key, member) -> RowFormat.MESSAGE_HEAP + member.getSerializedSize() + MEMBER_HEAP);
    }

    boolean hasRoom() {
        return room() > 0;
    }

    /** How many items more its member takes. */
    long room() {
        return member.getLeaving() ? 0 : Math.max(0, Integer.toUnsignedLong(member.getCapacity()) - items.size());
    }
}
