package io.coordinator.state.kernel;

import io.coordinator.protocol.Lease;
import io.coordinator.protocol.PoolMember;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The members of all pools with what they have, and who gets the next item. Derived from rows. */
final class PoolSeats {
    private final Map<String, Pool> pools = new HashMap<>();

    private static final class Pool {
        final TreeMap<Long, PoolSeat> seats = new TreeMap<>();
        final TreeSet<PoolSeat> free = new TreeSet<>(PoolSeat.ORDER);
        int leased;
        /** Items that all members together would take besides. */
        long room;
    }

    // ---- what there is ----

    /** In the order in which they joined. */
    Collection<PoolSeat> of(String pool) {
        return find(pool).seats.values();
    }

    /** Those that have room: who gets the next item comes first. */
    Collection<PoolSeat> free(String pool) {
        return find(pool).free;
    }

    int leased(String pool) {
        return find(pool).leased;
    }

    long room(String pool) {
        return find(pool).room;
    }

    /** Null if the member is gone. */
    @Nullable
    PoolSeat seat(String pool, long ticket) {
        return find(pool).seats.get(ticket);
    }

    /** Of a member that is there. */
    PoolSeat get(String pool, long ticket) {
        PoolSeat seat = seat(pool, ticket);
        if (seat == null) {
            throw new IllegalStateException("member " + ticket + " is not there");
        }
        return seat;
    }

    private Pool find(String pool) {
        Pool found = pools.get(pool);
        return found == null ? new Pool() : found;
    }

    // ---- changes ----

    void add(String pool, PoolMember member) {
        Pool place = pools.computeIfAbsent(pool, key -> new Pool());
        PoolSeat seat = new PoolSeat(member);
        place.seats.put(member.getTicket(), seat);
        place.room += seat.room();
        if (seat.hasRoom()) {
            place.free.add(seat);
        }
    }

    void remove(String pool, long ticket) {
        Pool place = find(pool);
        PoolSeat seat = place.seats.remove(ticket);
        if (seat != null) {
            place.free.remove(seat);
            place.room -= seat.room();
        }
        if (place.seats.isEmpty()) {
            pools.remove(pool);
        }
    }

    void set(String pool, PoolMember member) {
        PoolSeat seat = get(pool, member.getTicket());
        change(pool, seat, () -> seat.member = member);
    }

    void give(String pool, Lease lease, String item) {
        find(pool).leased++;
        PoolSeat seat = get(pool, lease.getMember());
        change(pool, seat, () -> seat.items.put(lease.getToken(), item));
    }

    /** Returns the item. */
    String take(String pool, Lease lease) {
        PoolSeat seat = get(pool, lease.getMember());
        String item = seat.items.get(lease.getToken());
        if (item == null) {
            throw new IllegalStateException("lease " + lease.getToken() + " is not there");
        }
        find(pool).leased--;
        change(pool, seat, () -> seat.items.remove(lease.getToken()));
        return item;
    }

    /** Changes what decides a seat's place in the order. */
    private void change(String pool, PoolSeat seat, Runnable change) {
        Pool place = find(pool);
        place.free.remove(seat);
        place.room -= seat.room();
        change.run();
        place.room += seat.room();
        if (seat.hasRoom()) {
            place.free.add(seat);
        }
    }
}
