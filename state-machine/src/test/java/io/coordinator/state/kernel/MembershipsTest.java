package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.document.Meter;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.PoolMember;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How sessions come into pools, and how they go out of them bit by bit. */
@Feature("PM-RPC-4")
class MembershipsTest {
    private static final String P = "ns\0p";
    private static final String Q = "ns\0q";
    private static final Slice WHOLE = () -> false;

    private final PoolsTest.Sessions sessions = new PoolsTest.Sessions();
    private final PoolsTest.Numbers numbers = new PoolsTest.Numbers();
    private final Storage storage = new Storage();
    private final Pools pools = new Pools(storage, DataKind.RPC, 1, sessions);
    private final Memberships members = new Memberships(pools);
    private final Map<String, Lease> leases = new HashMap<>();
    private final List<String> ended = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    /** Spent when it has let so many things be done. */
    private static Slice of(int things) {
        int[] left = {things};
        return () -> left[0]-- <= 0;
    }

    /** A session joins a pool by a command; it has a ticket of its own. */
    private PoolMember join(String pool, long session, long seq) {
        PoolMember member = Memberships.fresh(new Context(1, 1_000, session, seq, 0), 9, numbers);
        pools.join(pool, member);
        return member;
    }

    private void give(String pool, PoolMember member, String... items) {
        for (String item : items) {
            PoolMember now = Objects.requireNonNull(pools.find(pool, member.getTicket()));
            leases.put(item, pools.lease(pool, now, item, 0, numbers));
        }
    }

    private void end(String pool, String item) {
        ended.add(item);
        pools.end(pool, Objects.requireNonNull(leases.remove(item)));
    }

    @Test
    void whoAsksIsTheMember() {
        PoolMember member = join(P, 3, 7);

        assertThat(member)
                .isEqualTo(PoolMember.newBuilder()
                        .setSessionId(3)
                        .setRequestSeq(7)
                        .setTicket(1_001)
                        .setLastLease(1_001)
                        .setCapacity(9)
                        .setJoinedAtMillis(1_000)
                        .build());
        assertThat(join(Q, 3, 8).getTicket()).isEqualTo(1_002);
    }

    @Test
    void whoHasNothingGoesAtOnceAndOthersWithTheirLastItem() {
        PoolMember idle = join(P, 1, 1);
        PoolMember busy = join(P, 2, 1);
        give(P, busy, "i");

        assertThat(members.leave(P, idle)).isFalse();
        assertThat(members.leave(P, busy)).isTrue();

        assertThat(pools.find(P, idle.getTicket())).isNull();
        assertThat(pools.next(P)).isNull();
        assertThat(pools.size(P)).isOne();
        end(P, "i");
        assertThat(pools.size(P)).isZero();
    }

    @Test
    @Feature("C-04")
    void whatAMemberHasEndsInSlices() {
        PoolMember member = join(P, 1, 1);
        give(P, member, "a", "b", "c");
        long ticket = member.getTicket();

        assertThat(members.clear(P, ticket, of(2), item -> end(P, item))).isFalse();
        assertThat(ended).containsExactly("a", "b");
        assertThat(members.clear(P, ticket, of(1), item -> end(P, item))).isTrue();
        assertThat(ended).containsExactly("a", "b", "c");
        assertThat(members.clear(P, 99, of(0), item -> end(P, item))).isTrue();
    }

    @Test
    @Feature("C-04")
    void anEndedSessionGoesOutOfItsPoolsInSlicesAndOthersGetWhatItHad() {
        give(P, join(P, 1, 1), "a", "b");
        give(Q, join(Q, 1, 2), "c");
        give(Q, join(Q, 2, 1), "of another");

        assertThat(sessionClosed(of(2))).isFalse();
        assertThat(ended).containsExactly("a", "b");
        assertThat(others).isEmpty();
        assertThat(sessionClosed(of(1))).isFalse();
        assertThat(others).containsExactly(P);
        assertThat(sessionClosed(WHOLE)).isTrue();
        assertThat(ended).containsExactly("a", "b", "c");
        assertThat(others).containsExactly(P, Q);
        assertThat(pools.count(1)).isZero();
        assertThat(pools.leased(Q)).isOne();
    }

    private boolean sessionClosed(Slice slice) {
        return members.sessionClosed(1, slice, this::end, others::add);
    }

    /** It is out of the pool with its last item then, and that is told as well. */
    @Test
    void anEndedSessionThatWasLeavingIsOutWithItsLastItem() {
        PoolMember member = join(P, 1, 1);
        give(P, member, "a");
        members.leave(P, member);

        assertThat(sessionClosed(of(1))).isTrue();

        assertThat(ended).containsExactly("a");
        assertThat(others).containsExactly(P);
    }

    @Test
    @Feature("C-04")
    void theMembersOfAPoolThatIsGoneAreToldInSlices() {
        List<Long> told = new ArrayList<>();
        for (long session = 1; session <= 3; session++) {
            join(P, session, 1);
        }
        join(Q, 1, 2);

        assertThat(members.dissolve(P, of(2), member -> told.add(member.getSessionId())))
                .isFalse();
        assertThat(members.dissolve(P, of(2), member -> told.add(member.getSessionId())))
                .isTrue();

        assertThat(told).containsExactly(1L, 2L, 3L);
        assertThat(pools.size(P)).isZero();
        assertThat(pools.size(Q)).isOne();
    }

    private static final class Steps implements Meter {
        final List<Long> counts = new ArrayList<>();

        @Override
        public void bytes(String part, long count) {
            throw new AssertionError("nothing is made");
        }

        @Override
        public void steps(String part, long count) {
            counts.add(count);
        }
    }

    @Test
    @Feature("C-04")
    void allPoolsOfASessionThatHearsAgainAreLookedAtOnce() {
        for (long seq = 1; seq <= 5; seq++) {
            join("ns\0" + seq, 1, seq);
            join("ns\0other" + seq, 2, seq);
        }
        List<String> looked = new ArrayList<>();
        Steps steps = new Steps();

        Chore chore = Memberships.hearsAgain(1, 4).build();
        int slices = 0;
        for (Chore rest = chore; rest != null; slices++) {
            chore = rest;
            rest = members.hearAgain(chore, steps, of(2), looked::add);
        }

        assertThat(looked).containsExactly("ns\0" + 1, "ns\0" + 2, "ns\0" + 3, "ns\0" + 4, "ns\0" + 5);
        assertThat(slices).isEqualTo(3);
        assertThat(steps.counts).hasSize(5).allMatch(count -> count > 0);
        assertThat(chore.getStep()).isEqualTo(4);
        assertThat(chore.getBound()).isOne();
    }
}
