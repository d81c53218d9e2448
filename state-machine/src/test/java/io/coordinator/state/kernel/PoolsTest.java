package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.document.Meter;
import io.coordinator.document.OverBudgetException;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.PoolMember;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Members of pools, and who has which item. The session of a member is as its ticket. */
@Feature("PM-RPC-4")
class PoolsTest {
    private static final String P = "ns\0p";
    private static final String Q = "ns\0q";
    private static final Context NOW = new Context(1, 1_000, 0, 0, 0);

    private final Sessions sessions = new Sessions();
    private final Numbers numbers = new Numbers();
    private final Storage storage = new Storage();
    private final Pools pools = new Pools(storage, DataKind.RPC, 1, sessions);

    /** All are open and hear, but for those named. */
    static final class Sessions implements SessionDirectory {
        final Set<Long> ended = new HashSet<>();
        final Set<Long> deaf = new HashSet<>();

        @Override
        public boolean isOpen(long sessionId) {
            return !ended.contains(sessionId);
        }

        @Override
        public String clientName(long sessionId) {
            return "";
        }

        @Override
        public int eventsUnheard(long sessionId, DataKind kind) {
            return deaf.contains(sessionId) ? EventCredit.EVENTS_MAX : 0;
        }

        @Override
        public long eventBytesUnheard(long sessionId, DataKind kind) {
            return 0;
        }
    }

    /** Gives out numbers, and nothing else. */
    static final class Numbers implements Effects {
        long token = 100;
        long ticket = 1_000;

        @Override
        public long mintToken() {
            return ++token;
        }

        @Override
        public boolean isMinted(long minted) {
            return minted <= token;
        }

        @Override
        public long nextTicket() {
            return ++ticket;
        }

        @Override
        public long change(DataKind data, Name name, ChangeKind kind, ByteString value) {
            throw new AssertionError("a pool changes nothing that is watched");
        }

        @Override
        public long change(DataKind data, Name name, ChangeKind kind, ByteString patch, List<Integer> appended) {
            throw new AssertionError("a pool changes nothing that is watched");
        }

        @Override
        public void tell(long sessionId, Event.Builder event) {
            throw new AssertionError("a pool tells nobody");
        }

        @Override
        public Shared share(ByteString value) {
            throw new AssertionError("a pool tells nobody");
        }

        @Override
        public void took(DataKind data, Span span, Name name, long millis) {
            throw new AssertionError("a pool measures nothing");
        }

        @Override
        public Meter meter() {
            throw new AssertionError("a pool counts by itself");
        }

        @Override
        public Slice slice() {
            throw new AssertionError("a pool leaves nothing for later");
        }

        @Override
        public void later(DataKind data, Chore.Builder rest) {
            throw new AssertionError("a pool leaves nothing for later");
        }

        @Override
        public void reclaimLater(DataKind data, Chore.Builder rest) {
            throw new AssertionError("a pool leaves nothing for later");
        }
    }

    private static PoolMember member(long ticket, int capacity) {
        return PoolMember.newBuilder()
                .setSessionId(ticket)
                .setRequestSeq(ticket)
                .setTicket(ticket)
                .setLastLease(ticket)
                .setCapacity(capacity)
                .build();
    }

    private PoolMember find(String pool, long ticket) {
        return Objects.requireNonNull(pools.find(pool, ticket));
    }

    private Lease lease(String pool, long ticket, String item) {
        return pools.lease(pool, find(pool, ticket), item, 0, numbers);
    }

    /** The ticket of who gets the next item; 0 if nobody does. */
    private long next(String pool) {
        PoolMember next = pools.next(pool);
        return next == null ? 0 : next.getTicket();
    }

    private static long ticket(@Nullable PoolMember member) {
        return member == null ? 0 : member.getTicket();
    }

    /** All that can be asked. */
    private List<Object> seen(Pools of) {
        List<Object> seen = new ArrayList<>(List.of(of.size()));
        for (String pool : List.of(P, Q)) {
            seen.addAll(List.of(of.size(pool), of.leased(pool), of.members(pool), ticket(of.eldest(pool))));
            seen.add(ticket(of.next(pool)));
            for (PoolMember member : of.members(pool)) {
                seen.add(List.copyOf(of.items(pool, member.getTicket())));
                seen.add(of.hasRoom(pool, member));
            }
        }
        for (long session = 1; session < 12; session++) {
            seen.add(of.count(session) + " " + of.first(session) + " " + of.joined(session, session));
        }
        return seen;
    }

    // ---- who is next ----

    @Test
    void theNextItemIsForWhoHasTheFewestAndAmongTheseForWhoGotItsLastOneLongestAgo() {
        assertThat(next(P)).isZero();
        for (long ticket = 1; ticket <= 3; ticket++) {
            pools.join(P, member(ticket, 2));
        }
        List<Long> order = new ArrayList<>();
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            order.add(next(P));
            leases.add(lease(P, next(P), "item " + i));
        }
        assertThat(order).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
        assertThat(next(P)).isZero();
        pools.end(P, leases.get(4));
        assertThat(next(P)).isEqualTo(2);
        pools.end(P, leases.get(0));
        pools.end(P, leases.get(2));
        // All have one; 3 got its last one after the others, and 1 before them.
        assertThat(next(P)).isEqualTo(1);
        lease(P, 1, "again");
        assertThat(next(P)).isEqualTo(2);
    }

    @Test
    void capacityIsUnsignedAndEndsWhereItSays() {
        pools.join(P, member(1, 1));
        pools.join(Q, member(2, -1));
        assertThat(pools.hasRoom(P, find(P, 1))).isTrue();
        lease(P, 1, "i");
        assertThat(pools.hasRoom(P, find(P, 1))).isFalse();
        assertThat(next(P)).isZero();
        assertThat(next(Q)).isEqualTo(2);
        assertThat(pools.hasRoom(P, member(9, 1))).isFalse();
        pools.update(P, find(P, 1).toBuilder().setCapacity(2).build());
        assertThat(next(P)).isEqualTo(1);
        pools.update(P, find(P, 1).toBuilder().setCapacity(0).build());
        assertThat(next(P)).isZero();
    }

    @Test
    void whoLeavesOrHasEndedOrDoesNotHearGetsNothing() {
        for (long ticket = 1; ticket <= 4; ticket++) {
            pools.join(P, member(ticket, 2));
        }
        pools.update(P, find(P, 1).toBuilder().setLeaving(true).build());
        sessions.ended.add(2L);
        sessions.deaf.add(3L);
        assertThat(next(P)).isEqualTo(4);
        assertThat(ticket(pools.eldest(P))).isEqualTo(3);
        assertThat(pools.hasRoom(P, find(P, 2))).isFalse();
        assertThat(pools.hasRoom(P, find(P, 3))).isFalse();
        sessions.ended.add(4L);
        assertThat(next(P)).isZero();
        sessions.ended.add(3L);
        assertThat(pools.eldest(P)).isNull();
        sessions.ended.clear();
        sessions.deaf.clear();
        assertThat(next(P)).isEqualTo(2);
    }

    @Test
    @Feature({"C-04", "G-15"})
    void toPassOverManyWhoGetNothingIsPaidFor() {
        for (long ticket = 1; ticket <= 1_000; ticket++) {
            pools.join(P, member(ticket, 1));
            sessions.ended.add(ticket);
        }
        storage.budget().startCommand();
        storage.budget().steps("other things", Budget.STEPS_MAX - 1_000);
        assertThatThrownBy(() -> pools.next(P)).isInstanceOf(OverBudgetException.class);
        assertThatThrownBy(() -> pools.eldest(P)).isInstanceOf(OverBudgetException.class);
        storage.budget().startUnbounded();
        assertThat(pools.next(P)).isNull();
    }

    // ---- leases ----

    @Test
    void aLeaseNamesItsMemberAndItsItemUntilItEnds() {
        pools.join(P, member(1, 3));
        pools.join(P, member(2, 3));
        Lease first = pools.lease(P, find(P, 1), "i", 5_000, numbers);
        Lease second = lease(P, 1, "j");
        assertThat(first)
                .isEqualTo(Lease.newBuilder()
                        .setSessionId(1)
                        .setMember(1)
                        .setToken(101)
                        .setDeadlineMillis(5_000)
                        .build());
        assertThat(second.getToken()).isGreaterThan(first.getToken());
        assertThat(pools.firstItem(P, 1)).isEqualTo("i");
        assertThat(pools.item(P, 1, second.getToken())).isEqualTo("j");
        assertThat(pools.item(P, 2, second.getToken())).isNull();
        assertThat(pools.item(P, 9, 1)).isNull();
        assertThat(pools.items(P, 1)).containsExactly("i", "j");
        assertThat(pools.items(P, 9)).isEmpty();
        assertThat(pools.leased(P)).isEqualTo(2);
        assertThat(pools.leased(P, 1)).isEqualTo(2);
        assertThat(pools.leased(Q)).isZero();
        pools.end(P, first);
        assertThat(pools.firstItem(P, 1)).isEqualTo("j");
        assertThat(pools.firstItem(P, 2)).isNull();
        assertThat(pools.firstItem(P, 9)).isNull();
        assertThatThrownBy(() -> pools.end(P, first)).isInstanceOf(IllegalStateException.class);
        assertThat(pools.leased(P)).isEqualTo(1);
    }

    @Test
    void aLeaseIsLiveUntilItsTimeOrTheEndOfItsSession() {
        pools.join(P, member(1, 3));
        Lease forEver = lease(P, 1, "i");
        Lease timed = pools.lease(P, find(P, 1), "j", 1_001, numbers);
        assertThat(pools.isLive(NOW, forEver)).isTrue();
        assertThat(pools.isLive(NOW, timed)).isTrue();
        assertThat(pools.isLive(new Context(1, 1_001, 0, 0, 0), timed)).isFalse();
        sessions.ended.add(1L);
        assertThat(pools.isLive(NOW, forEver)).isFalse();
    }

    @Test
    void aLeaseIsOwnByItsTokenInItsSessionWhileItIsLive() {
        pools.join(P, member(1, 3));
        Lease lease = pools.lease(P, find(P, 1), "i", 1_001, numbers);
        long token = lease.getToken();
        Context own = new Context(1, 1_000, 1, 1, 0);
        assertThat(pools.isOwn(own, lease, token)).isTrue();
        assertThat(pools.isOwn(own, lease, token + 1)).isFalse();
        assertThat(pools.isOwn(new Context(1, 1_000, 2, 1, 0), lease, token)).isFalse();
        assertThat(pools.isOwn(new Context(1, 1_001, 1, 1, 0), lease, token)).isFalse();
        sessions.ended.add(1L);
        assertThat(pools.isOwn(own, lease, token)).isFalse();
    }

    @Test
    void membersAreShownWithWhatTheyHave() {
        for (long ticket = 1; ticket <= 1_002; ticket++) {
            pools.join(P, member(ticket, 2));
        }
        lease(P, 2, "i");
        assertThat(pools.shown(P, any -> true)).hasSize(1_000);
        assertThat(pools.shown(P, any -> any.getTicket() == 2))
                .containsExactly(find(P, 2).toBuilder().setLeased(1).build());
        assertThat(pools.shown(P, any -> any.getTicket() > 2)).hasSize(1_000);
        assertThat(pools.shown(Q, any -> true)).isEmpty();
    }

    @Test
    void whoLeavesGoesWithItsLastItem() {
        pools.join(P, member(1, 3));
        Lease first = lease(P, 1, "i");
        Lease second = lease(P, 1, "j");
        assertThatThrownBy(() -> pools.remove(P, 1)).isInstanceOf(IllegalStateException.class);
        pools.update(P, find(P, 1).toBuilder().setLeaving(true).build());
        pools.end(P, second);
        assertThat(pools.find(P, 1)).isNotNull();
        pools.end(P, first);
        assertThat(pools.find(P, 1)).isNull();
        assertThat(pools.size(P)).isZero();
        assertThat(pools.count(1)).isZero();
        assertThat(pools.size()).isZero();
        assertThatThrownBy(() -> pools.update(P, member(1, 3))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pools.remove(P, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSessionsMembershipsAreFoundByTheirCommandsTheOldestFirst() {
        PoolMember later = member(7, 1).toBuilder().setSessionId(1).build();
        pools.join(Q, later);
        pools.join(P, member(1, 1));
        assertThat(pools.first(1)).isEqualTo(new Pools.Place(P, member(1, 1)));
        assertThat(pools.joined(1, 7)).isEqualTo(new Pools.Place(Q, later));
        assertThat(pools.joined(1, 8)).isNull();
        assertThat(pools.count(1)).isEqualTo(2);
        pools.remove(P, 1);
        assertThat(pools.first(1)).isEqualTo(new Pools.Place(Q, later));
        List<String> visited = new ArrayList<>();
        pools.join(P, member(2, 1));
        pools.forEach((pool, member) -> visited.add(pool + member.getTicket()));
        assertThat(visited).containsExactly(P + 2, Q + 7);
    }

    // ---- what is derived ----

    @Test
    @Feature("R-24")
    void eachChangeCanBeTakenBack() {
        pools.join(P, member(1, 2));
        pools.join(P, member(2, 2));
        pools.join(Q, member(3, 1));
        Lease held = lease(P, 1, "i");
        PoolMember leaving = find(P, 1).toBuilder().setLeaving(true).build();
        List<Runnable> changes = List.of(
                () -> pools.join(P, member(4, 1)),
                () -> pools.update(P, leaving),
                () -> pools.update(Q, find(Q, 3).toBuilder().setCapacity(0).build()),
                () -> pools.remove(Q, 3),
                () -> lease(P, 2, "j"),
                () -> pools.end(P, held),
                () -> {
                    pools.update(P, leaving);
                    pools.end(P, held);
                });
        List<Object> before = seen(pools);
        long digest = storage.digest();
        for (Runnable change : changes) {
            storage.undo().open();
            change.run();
            assertThat(seen(pools)).isNotEqualTo(before);
            storage.undo().takeBack();
            assertThat(seen(pools)).isEqualTo(before);
            assertThat(storage.digest()).isEqualTo(digest);
        }
    }

    /** Random changes, some of them taken back; what is derived is as if it were derived anew from the rows. */
    @RepeatedTest(3)
    @Feature({"R-24", "G-12"})
    void whatIsDerivedIsWhatTheRowsSay() {
        Random random = Seeds.random("PoolsTest");
        List<Held> held = new ArrayList<>();
        long ticket = 0;
        for (int i = 0; i < 300; i++) {
            boolean back = random.nextInt(4) == 0;
            List<Held> before = List.copyOf(held);
            List<Object> seen = seen(pools);
            storage.undo().open();
            for (int j = random.nextInt(4); j >= 0; j--) {
                ticket++;
                change(random, ticket, held);
            }
            if (back) {
                storage.undo().takeBack();
                held.clear();
                held.addAll(before);
                assertThat(seen(pools)).isEqualTo(seen);
            } else {
                storage.undo().keep();
            }
            assertThat(seen(derivedAnew(held))).isEqualTo(seen(pools));
        }
    }

    /** An item that is leased. */
    private record Held(String pool, Lease lease, String item) {}

    private void change(Random random, long ticket, List<Held> held) {
        String pool = random.nextBoolean() ? P : Q;
        List<PoolMember> members = pools.members(pool);
        PoolMember next = pools.next(pool);
        switch (random.nextInt(5)) {
            case 0 ->
                pools.join(
                        pool,
                        member(ticket, 1 + random.nextInt(3)).toBuilder()
                                .setSessionId(1 + random.nextInt(10))
                                .build());
            case 1 -> {
                PoolMember any = members.isEmpty() ? null : members.get(random.nextInt(members.size()));
                if (any != null && pools.leased(pool, any.getTicket()) == 0) {
                    pools.remove(pool, any.getTicket());
                } else if (any != null) {
                    pools.update(pool, any.toBuilder().setLeaving(true).build());
                }
            }
            case 2, 3 -> {
                if (next != null) {
                    String item = "item " + ticket;
                    held.add(new Held(pool, pools.lease(pool, next, item, 0, numbers), item));
                }
            }
            default -> {
                if (!held.isEmpty()) {
                    Held one = held.remove(random.nextInt(held.size()));
                    pools.end(one.pool, one.lease);
                }
            }
        }
    }

    private Pools derivedAnew(List<Held> held) {
        Storage rows = new Storage();
        pools.forEach(new Pools(rows, DataKind.RPC, 1, sessions)::join);
        Storage loaded = new Storage();
        Pools derived = new Pools(loaded, DataKind.RPC, 1, sessions);
        rows.capture().forEach(new RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                try {
                    assertThat(loaded.load(key, value)).isTrue();
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void delete(byte[] key) {
                throw new AssertionError("nothing was deleted");
            }
        });
        derived.rebuild();
        held.forEach(one -> derived.restore(one.pool, one.lease, one.item));
        return derived;
    }
}
