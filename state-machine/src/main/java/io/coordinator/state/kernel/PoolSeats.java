package io.coordinator.state.kernel;

import java.util.TreeMap;
import java.util.TreeSet;

/** The members of one pool, and who of them gets the next item. Derived from rows. */
final class PoolSeats {
    /** By ticket. */
    final TreeMap<Long, PoolSeat> seats = new TreeMap<>();
    /** Those that have room, whose turn it is first. */
    final TreeSet<PoolSeat> free = new TreeSet<>(PoolSeat.ORDER);

    int leased;
    /** How many items more all members together would take. */
    long room;

    void add(PoolSeat seat) {
        seats.put(seat.member.getTicket(), seat);
        enter(seat);
    }

    void remove(long ticket) {
        PoolSeat seat = seats.remove(ticket);
        if (seat != null) {
            leave(seat);
        }
    }

    /** Changes what decides a seat's place in the order. */
    void change(PoolSeat seat, Runnable change) {
        leave(seat);
        change.run();
        enter(seat);
    }

    private void enter(PoolSeat seat) {
        room += seat.room();
        if (seat.hasRoom()) {
            free.add(seat);
        }
    }

    private void leave(PoolSeat seat) {
        free.remove(seat);
        room -= seat.room();
    }
}
