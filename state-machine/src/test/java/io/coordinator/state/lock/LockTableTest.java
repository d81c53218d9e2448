package io.coordinator.state.lock;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockMode;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.StoredKey;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Grants, and what is derived from their rows: who holds a lock, how much a session holds, which request got what. */
@Feature({"PM-LOCK-1", "B-07"})
class LockTableTest {
    private static final long A = 1;
    private static final long B = 2;
    private static final Name X = Name.of("ns", "x");
    private static final Name Y = Name.of("ns", "y");
    private static final Name Z = Name.of("ns", "z");

    private final Storage storage = new Storage();
    private final Lanes lanes = new Lanes();
    private final LockTable holds = new LockTable(storage, lanes);

    private static LockHold hold(long session, long seq, long token, Name... names) {
        return LockHold.newBuilder()
                .setSessionId(session)
                .setRequestSeq(seq)
                .setToken(token)
                .setMode(LockMode.SHARED)
                .addAllNames(LockNames.plain(List.of(names)))
                .build();
    }

    /** What can be asked of the table. */
    private static List<Object> seen(LockTable holds, Lanes lanes) {
        List<Object> seen = new ArrayList<>();
        for (Name name : List.of(X, Y, Z)) {
            Lane lane = lanes.find(name.key());
            seen.add(lane == null ? "free" : List.copyOf(lane.holds()));
            for (long token = 1; token <= 9; token++) {
                seen.add(String.valueOf(holds.find(name, token)));
            }
        }
        for (long session : new long[] {A, B}) {
            seen.add(holds.count(session));
            seen.add(List.copyOf(holds.rowsOf(session)));
            for (long seq = 1; seq <= 9; seq++) {
                seen.add(String.valueOf(holds.rowOf(session, seq)));
            }
        }
        seen.add(holds.size());
        seen.add(lanes.size());
        return seen;
    }

    private List<Object> seen() {
        return seen(holds, lanes);
    }

    private void nothingIsLeft() {
        assertThat(seen()).isEqualTo(new LockTableTest().seen());
        assertThat(storage.digest()).isZero();
    }

    @Test
    void aGrantIsFoundUnderEachOfItsNamesUntilItEnds() {
        LockHold set = hold(A, 1, 5, X, Y);
        holds.add(List.of(X, Y), set);
        assertThat(holds.find(X, 5)).isEqualTo(set);
        assertThat(holds.find(Y, 5)).isEqualTo(set);
        assertThat(holds.find(Z, 5)).isNull();
        assertThat(holds.find(X, 6)).isNull();
        assertThat(holds.findAny(List.of(Z, Y), 5)).isEqualTo(set);
        assertThat(holds.findAny(List.of(Z), 5)).isNull();
        assertThat(holds.count(A)).isEqualTo(2);
        assertThat(holds.size()).isEqualTo(2);
        String row = Objects.requireNonNull(holds.rowOf(A, 1));
        assertThat(row).isEqualTo(holds.firstRowOf(A));
        assertThat(holds.row(row)).isEqualTo(set);
        assertThat(LockTable.nameOf(row).key()).isEqualTo(X.key());
        holds.remove(List.of(X, Y), set);
        nothingIsLeft();
    }

    @Test
    @Feature("S-40")
    void aSetThatIsEndedInPartLivesOnInTheRest() {
        LockHold set = hold(A, 1, 5, X, Y, Z);
        holds.add(List.of(X, Y, Z), set);
        holds.remove(List.of(X), set);
        assertThat(holds.liveNames("ns", set)).extracting(Name::name).containsExactly("y", "z");
        assertThat(holds.count(A)).isEqualTo(2);
        String row = Objects.requireNonNull(holds.rowOf(A, 1));
        assertThat(LockTable.nameOf(row).name()).isEqualTo("y");
        holds.remove(List.of(Y, Z), set);
        nothingIsLeft();
    }

    @Test
    @Feature("B-22")
    void eachRequestThatEnteredAGrantLeadsToIt() {
        LockHold once = hold(A, 1, 5, X, Y);
        LockHold twice = once.toBuilder().addEnteredSeqs(4).build();
        holds.add(List.of(X, Y), once);
        holds.enter(List.of(X, Y), twice, 4);
        assertThat(holds.find(Y, 5)).isEqualTo(twice);
        assertThat(holds.rowOf(A, 4)).isEqualTo(holds.rowOf(A, 1));
        assertThat(holds.count(A)).isEqualTo(2);
        holds.leave(List.of(X, Y), once, 4);
        assertThat(holds.rowOf(A, 4)).isNull();
        assertThat(holds.find(X, 5)).isEqualTo(once);
        holds.enter(List.of(X, Y), twice, 4);
        holds.remove(List.of(X, Y), twice);
        nothingIsLeft();
    }

    @Test
    @Feature("B-19")
    void sharedGrantsOfOneLockAreKeptApart() {
        LockHold a = hold(A, 1, 5, X);
        LockHold b = hold(B, 1, 6, X);
        LockHold again = hold(A, 2, 7, X);
        List.of(a, b, again).forEach(hold -> holds.add(List.of(X), hold));
        assertThat(holds.count(A)).isEqualTo(2);
        assertThat(holds.count(B)).isEqualTo(1);
        holds.remove(List.of(X), a);
        assertThat(holds.find(X, 5)).isNull();
        assertThat(holds.find(X, 6)).isEqualTo(b);
        Lane lane = Objects.requireNonNull(lanes.find(X.key()));
        assertThat(lane.oldest()).isEqualTo(b);
        assertThat(lane.newest()).isEqualTo(again);
        assertThat(lane.newestFirst()).containsExactly(again, b);
        assertThat(lane.admits(LockMode.SHARED)).isTrue();
        assertThat(lane.admits(LockMode.EXCLUSIVE)).isFalse();
        holds.remove(List.of(X), again);
        holds.remove(List.of(X), b);
        nothingIsLeft();
    }

    @Test
    @Feature("R-24")
    void allIsAsItWasWhenChangesAreTakenBack() {
        LockHold set = hold(A, 1, 5, X, Y);
        LockHold shared = hold(B, 1, 6, X);
        LockHold entered = set.toBuilder().addEnteredSeqs(4).build();
        holds.add(List.of(X, Y), set);
        holds.add(List.of(X), shared);
        List<Object> before = seen();
        storage.undo().open();
        holds.enter(List.of(X, Y), entered, 4);
        holds.add(List.of(Z), hold(B, 2, 7, Z));
        holds.remove(List.of(X), entered);
        holds.remove(List.of(X), shared);
        holds.replace(List.of(Y), set.toBuilder().setTtlMillis(9).build());
        assertThat(seen()).isNotEqualTo(before);
        storage.undo().takeBack();
        assertThat(seen()).isEqualTo(before);
    }

    @Test
    @Feature("G-12")
    void allIsDerivedFromTheRowsAfterARestart() {
        LockHold set = hold(A, 1, 5, X, Y, Z).toBuilder().addEnteredSeqs(4).build();
        holds.add(List.of(X, Y, Z), set);
        holds.enter(List.of(X, Y, Z), set, 4);
        holds.add(List.of(X), hold(B, 3, 6, X));
        holds.remove(List.of(Z), set);
        LockTableTest restored = new LockTableTest();
        for (Name name : List.of(X, Y)) {
            restored.loaded(name, set);
        }
        restored.loaded(X, hold(B, 3, 6, X));
        restored.holds.rebuild();
        assertThat(restored.holds.count(A)).isEqualTo(holds.count(A));
        assertThat(restored.holds.count(B)).isEqualTo(holds.count(B));
        assertThat(restored.holds.rowOf(A, 4)).isNotNull();
        assertThat(restored.holds.rowOf(A, 1)).isNotNull();
        assertThat(restored.holds.find(X, 6)).isEqualTo(holds.find(X, 6));
        assertThat(restored.holds.find(Y, 5)).isEqualTo(set);
        assertThat(restored.lanes.size()).isEqualTo(2);
    }

    /** A row that comes from a snapshot: nothing is derived from it yet. */
    private void loaded(Name name, LockHold hold) {
        LockTable other = new LockTable(new Storage(), new Lanes());
        other.add(List.of(name), hold);
        String key = other.firstRowOf(hold.getSessionId());
        byte[] stored = StoredKey.encode(DataKind.LOCK.getNumber(), LockTable.NUMBER, String.valueOf(key));
        try {
            assertThat(storage.load(stored, hold.toByteArray())).isTrue();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
