package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.PoolMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Pools of sessions that take items, each member so many at a time. An item is leased to the member that has the
 * fewest, and among these to the one that got its last item longest ago. The row of the item holds the {@link Lease};
 * who has what is derived from these rows. What an item is, when a lease ends early and what follows is the data
 * type's.
 */
public final class Pools {
    private static final HexFormat HEX = HexFormat.of();
    /** NUL and a ticket in hexadecimal. */
    private static final int SUFFIX = 1 + 2 * Long.BYTES;
    /** Of one pool, in one answer. */
    private static final int SHOWN_MAX = 1_000;
    /** To find a member's session and pass it over. */
    private static final int PASS_STEPS = 4;

    private final Table<PoolMember> rows;
    private final UndoLog undo;
    private final Budget budget;
    private final SessionDirectory sessions;
    private final EventCredit credit;
    private final SessionIndex joinings;
    private final PoolSeats seats = new PoolSeats();

    /** A member and the pool that it is in. */
    public record Place(String pool, PoolMember member) {}

    /**
     * The pools of one data type.
     *
     * @param table the number of the table of members
     */
    public Pools(Storage storage, DataKind kind, int table, SessionDirectory sessions) {
        this.rows = storage.table(kind, table, PoolSeat.format(), never -> 0);
        this.undo = storage.undo();
        this.budget = storage.budget();
        this.sessions = sessions;
        this.credit = new EventCredit(kind, sessions);
        this.joinings = new SessionIndex(undo);
    }

    // ---- members ----

    /**
     * Takes a member into a pool.
     *
     * @param pool begins with the namespace and NUL
     * @param member with a ticket, which is its last lease as well
     */
    public void join(String pool, PoolMember member) {
        String key = key(pool, member.getTicket());
        rows.put(key, member);
        seats.add(pool, member);
        undo.add(() -> seats.remove(pool, member.getTicket()));
        joinings.add(member.getSessionId(), member.getRequestSeq(), key);
    }

    /** Changes a member's row; ticket, session and number of its joining stay. */
    public void update(String pool, PoolMember member) {
        PoolMember before = seats.get(pool, member.getTicket()).member;
        rows.put(key(pool, member.getTicket()), member);
        seats.set(pool, member);
        undo.add(() -> seats.set(pool, before));
    }

    /** Takes out a member that has nothing leased. */
    public void remove(String pool, long ticket) {
        PoolSeat seat = seats.get(pool, ticket);
        if (!seat.items.isEmpty()) {
            throw new IllegalStateException("member " + ticket + " still has items");
        }
        PoolMember member = seat.member;
        rows.remove(key(pool, ticket));
        joinings.remove(member.getSessionId(), member.getRequestSeq());
        seats.remove(pool, ticket);
        undo.add(() -> seats.add(pool, member));
    }

    /** The member with this ticket; null if it is gone. */
    public @Nullable PoolMember find(String pool, long ticket) {
        return rows.get(key(pool, ticket));
    }

    /** What a command of a session joined; null if it has joined nothing, or is gone. */
    public @Nullable Place joined(long sessionId, long requestSeq) {
        return place(joinings.get(sessionId, requestSeq));
    }

    /** A session's oldest membership; null if it has none. */
    public @Nullable Place first(long sessionId) {
        return place(joinings.first(sessionId));
    }

    /** A session's next membership behind the one that a command joined; null if there is none. */
    public @Nullable Place after(long sessionId, long requestSeq) {
        return place(joinings.after(sessionId, requestSeq));
    }

    /** How many memberships a session has. */
    public int count(long sessionId) {
        return joinings.count(sessionId);
    }

    /** The members of a pool in the order in which they joined; do not keep them across changes. */
    public List<PoolMember> members(String pool) {
        return seats.of(pool).stream().map(seat -> seat.member).toList();
    }

    /**
     * Members as they are shown: with the names of their clients and how many items they have; as many as fit into an
     * answer.
     */
    public List<PoolMember> shown(String pool, Predicate<PoolMember> which) {
        List<PoolMember> shown = new ArrayList<>();
        long bytes = 0;
        for (PoolSeat seat : seats.of(pool)) {
            if (which.test(seat.member)) {
                PoolMember member = seat.member.toBuilder()
                        .setClientName(sessions.clientName(seat.member.getSessionId()))
                        .setLeased(seat.items.size())
                        .build();
                bytes += member.getSerializedSize();
                if (shown.size() == SHOWN_MAX || bytes > Page.BYTES_MAX) {
                    break;
                }
                shown.add(member);
            }
        }
        return shown;
    }

    /** How many members a pool has. */
    public int size(String pool) {
        return seats.of(pool).size();
    }

    /** Members of all pools. */
    public int size() {
        return rows.size();
    }

    /** The member that joined first of those who are not leaving and whose session is open; null if there is none. */
    public @Nullable PoolMember eldest(String pool) {
        for (PoolSeat seat : seats.of(pool)) {
            if (!seat.member.getLeaving() && sessions.isOpen(seat.member.getSessionId())) {
                return seat.member;
            }
            budget.steps("members", PASS_STEPS);
        }
        return null;
    }

    // ---- leases ----

    /** Who gets the next item; null if nobody has room, or hears what it is told. */
    public @Nullable PoolMember next(String pool) {
        return nextBut(pool, 0);
    }

    /** The same if it were not for one member, which has handed the item back. */
    public @Nullable PoolMember nextBut(String pool, long ticket) {
        for (PoolSeat seat : seats.free(pool)) {
            if (seat.member.getTicket() != ticket && hears(seat.member)) {
                return seat.member;
            }
            budget.steps("members", PASS_STEPS);
        }
        return null;
    }

    /** Whether a member has room for an item, and hears what it is told. */
    public boolean hasRoom(String pool, PoolMember member) {
        PoolSeat seat = seats.seat(pool, member.getTicket());
        return seat != null && seat.hasRoom() && hears(seat.member);
    }

    private boolean hears(PoolMember member) {
        return sessions.isOpen(member.getSessionId()) && !credit.isUsedUp(member.getSessionId());
    }

    /**
     * Leases an item to a member.
     *
     * @param item the key of its row, which must be written with the lease
     * @param deadlineMillis 0 for as long as the session lives
     */
    public Lease lease(String pool, PoolMember member, String item, long deadlineMillis, Effects effects) {
        Lease lease = Lease.newBuilder()
                .setSessionId(member.getSessionId())
                .setMember(member.getTicket())
                .setToken(effects.mintToken())
                .setDeadlineMillis(deadlineMillis)
                .build();
        update(pool, member.toBuilder().setLastLease(effects.nextTicket()).build());
        seats.give(pool, lease, item);
        undo.add(() -> seats.take(pool, lease));
        return lease;
    }

    /** Ends a lease. Its member goes with its last one if it is leaving. */
    public void end(String pool, Lease lease) {
        String item = seats.take(pool, lease);
        undo.add(() -> seats.give(pool, lease, item));
        PoolSeat seat = seats.get(pool, lease.getMember());
        if (seat.member.getLeaving() && seat.items.isEmpty()) {
            remove(pool, lease.getMember());
        }
    }

    /** Whether a lease still protects its item, although its row may be there. */
    public boolean isLive(Context at, Lease lease) {
        return !sessions.isOver(at, lease.getSessionId(), lease.getDeadlineMillis());
    }

    /** The same, and whether it is the session's that asks, by this token. */
    public boolean isOwn(Context at, Lease lease, long token) {
        return lease.getToken() == token && lease.getSessionId() == at.sessionId() && isLive(at, lease);
    }

    /** What a member has had leased longest; null if it has nothing. */
    public @Nullable String firstItem(String pool, long ticket) {
        PoolSeat seat = seats.seat(pool, ticket);
        return seat == null || seat.items.isEmpty()
                ? null
                : seat.items.firstEntry().getValue();
    }

    /** What a member has with this token; null if it has not. */
    public @Nullable String item(String pool, long ticket, long token) {
        PoolSeat seat = seats.seat(pool, ticket);
        return seat == null ? null : seat.items.get(token);
    }

    /** What a member has, in the order of the leases; do not keep it across changes. */
    public Collection<String> items(String pool, long ticket) {
        PoolSeat seat = seats.seat(pool, ticket);
        return seat == null ? List.of() : seat.items.values();
    }

    /** How many items of a pool are leased. */
    public int leased(String pool) {
        return seats.leased(pool);
    }

    /** How many items more the members of a pool would take. */
    public long room(String pool) {
        return seats.room(pool);
    }

    /** How many items a member has. */
    public int leased(String pool, long ticket) {
        return items(pool, ticket).size();
    }

    /** Visits the members of all pools, by their pools. */
    public void forEach(BiConsumer<String, PoolMember> visitor) {
        rows.forEachInOrder((key, member) -> visitor.accept(poolOf(key), member));
    }

    // ---- from rows ----

    /** Derives the members; {@link #restore} must follow for each item that is leased. */
    public void rebuild() {
        rows.forEachInOrder((key, member) -> {
            seats.add(poolOf(key), member);
            joinings.add(member.getSessionId(), member.getRequestSeq(), key);
        });
    }

    /** An item's row says so. */
    public void restore(String pool, Lease lease, String item) {
        seats.give(pool, lease, item);
    }

    // ---- keys ----

    private @Nullable Place place(@Nullable String key) {
        PoolMember member = key == null ? null : rows.get(key);
        return key == null || member == null ? null : new Place(poolOf(key), member);
    }

    private static String key(String pool, long ticket) {
        return pool + '\0' + HEX.toHexDigits(ticket);
    }

    private static String poolOf(String key) {
        return key.substring(0, key.length() - SUFFIX);
    }
}
