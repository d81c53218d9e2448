package io.coordinator.state.semaphore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.SemaphoreSize;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.RowVisitor;
import io.coordinator.state.kernel.Storage;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How many permits are taken, and by whom. */
@Feature("B-21")
class PermitTableTest {
    private static final long A = 1;
    private static final long B = 2;
    private static final Name S = Name.of("ns", "s");
    private static final Name T = Name.of("ns", "t");

    private final Storage storage = new Storage();
    private final PermitTable permits = new PermitTable(storage);

    private static PermitHold hold(long session, long token, int count) {
        return PermitHold.newBuilder()
                .setSessionId(session)
                .setRequestSeq(token)
                .setToken(token)
                .setPermits(count)
                .build();
    }

    private void fill() {
        permits.put(S, hold(A, 1, 3));
        permits.put(S, hold(B, 2, 4));
        permits.put(T, hold(A, 3, 5));
    }

    private List<Object> seen() {
        List<Object> seen = new ArrayList<>();
        for (Name name : List.of(S, T)) {
            seen.add(permits.taken(name));
            seen.add(List.copyOf(permits.holds(name)));
        }
        for (long session : new long[] {A, B}) {
            seen.add(permits.count(session));
            seen.add(String.valueOf(permits.firstRowOf(session)));
            for (long seq = 1; seq <= 5; seq++) {
                seen.add(String.valueOf(permits.findRequest(S, session, seq)));
            }
        }
        return seen;
    }

    @Test
    void whatIsTakenIsTheSumOfTheGrants() {
        assertThat(permits.taken(S)).isZero();
        fill();
        assertThat(permits.taken(S)).isEqualTo(7);
        assertThat(permits.taken(T)).isEqualTo(5);
        assertThat(permits.holds(S)).containsExactly(hold(A, 1, 3), hold(B, 2, 4));
        permits.remove(S, hold(A, 1, 3));
        assertThat(permits.taken(S)).isEqualTo(4);
        permits.remove(S, hold(B, 2, 4));
        assertThat(permits.taken(S)).isZero();
        assertThat(permits.holds(S)).isEmpty();
        assertThat(permits.taken(T)).isEqualTo(5);
    }

    @Test
    void aGrantIsFoundByItsTokenItsRequestAndItsSession() {
        fill();
        assertThat(permits.find(S, 2)).isEqualTo(hold(B, 2, 4));
        assertThat(permits.find(T, 2)).isNull();
        assertThat(permits.findRequest(S, A, 1)).isEqualTo(hold(A, 1, 3));
        assertThat(permits.findRequest(T, A, 1)).isNull();
        assertThat(permits.findRequest(S, A, 2)).isNull();
        assertThat(permits.count(A)).isEqualTo(2);
        String row = Objects.requireNonNull(permits.firstRowOf(A));
        assertThat(permits.row(row)).isEqualTo(hold(A, 1, 3));
        assertThat(PermitTable.nameOf(row).key()).isEqualTo(S.key());
        permits.remove(S, hold(A, 1, 3));
        assertThat(permits.count(A)).isEqualTo(1);
        assertThat(permits.findRequest(S, A, 1)).isNull();
    }

    @Test
    void aGrantThatIsExtendedTakesNoMore() {
        fill();
        PermitHold extended = hold(A, 1, 3).toBuilder().setDeadlineMillis(9).build();
        permits.put(S, extended);
        assertThat(permits.taken(S)).isEqualTo(7);
        assertThat(permits.find(S, 1)).isEqualTo(extended);
        assertThat(permits.holds(S)).contains(extended);
        assertThat(permits.count(A)).isEqualTo(2);
    }

    @Test
    void countsAreUnsigned() {
        permits.put(S, hold(A, 1, -1));
        permits.put(S, hold(B, 2, 1));
        assertThat(permits.taken(S)).isEqualTo(1L << 32);
    }

    @Test
    @Feature("R-24")
    void allIsAsItWasWhenChangesAreTakenBack() {
        fill();
        List<Object> before = seen();
        storage.undo().open();
        permits.put(S, hold(A, 4, 9));
        permits.put(S, hold(B, 2, 4).toBuilder().setDeadlineMillis(9).build());
        permits.remove(S, hold(A, 1, 3));
        permits.remove(T, hold(A, 3, 5));
        assertThat(seen()).isNotEqualTo(before);
        storage.undo().takeBack();
        assertThat(seen()).isEqualTo(before);
    }

    @Test
    @Feature("G-12")
    void allIsDerivedFromTheRowsAfterARestart() {
        fill();
        PermitTableTest restored = new PermitTableTest();
        storage.capture().forEach(new RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                try {
                    assertThat(restored.storage.load(key, value)).isTrue();
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void delete(byte[] key) {
                throw new AssertionError("nothing was deleted");
            }
        });
        restored.permits.rebuild();
        assertThat(restored.seen()).isEqualTo(seen());
    }

    @Test
    @Feature("DL-SEM-5")
    void aSizeIsForgottenWithItsLastUserUnlessItWasSet() {
        SemaphoreSizes sizes = new SemaphoreSizes(new Storage());
        assertThat(sizes.limit(S, 5)).isEqualTo(5);
        assertThat(sizes.limit(S, -1)).isEqualTo((1L << 32) - 1);
        sizes.put(S, 7, false);
        sizes.put(T, 8, true);
        assertThat(sizes.limit(S, 5)).isEqualTo(7);
        assertThat(sizes.find(T))
                .isEqualTo(SemaphoreSize.newBuilder()
                        .setLimit(8)
                        .setConfigured(true)
                        .build());
        sizes.forgetUnused(S);
        sizes.forgetUnused(T);
        sizes.forgetUnused(Name.of("ns", "none"));
        assertThat(sizes.find(S)).isNull();
        assertThat(sizes.limit(T, 5)).isEqualTo(8);
        assertThat(sizes.size()).isEqualTo(1);
    }
}
