package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

class SessionIndexTest {
    private static final long A = 1;
    private static final long B = 2;

    private final UndoLog undo = new UndoLog();
    private final SessionIndex index = new SessionIndex(undo);

    private void holds(long session, String... keys) {
        assertThat(index.of(session)).containsExactly(keys);
        assertThat(index.count(session)).isEqualTo(keys.length);
        assertThat(index.first(session)).isEqualTo(keys.length == 0 ? null : keys[0]);
    }

    @Test
    @Feature("G-4")
    void knowsWhatIsWhoseTheOldestFirst() {
        holds(A);
        index.add(A, 9, "nine");
        index.add(A, 3, "three");
        index.add(B, 3, "other");
        holds(A, "three", "nine");
        holds(B, "other");
        assertThat(index.get(A, 3)).isEqualTo("three");
        assertThat(index.get(A, 4)).isNull();
        assertThat(index.get(99, 3)).isNull();
        assertThat(index.size()).isEqualTo(3);
    }

    @Test
    @Feature("G-4")
    void forgetsWhatIsRemovedAndNothingElse() {
        index.add(A, 1, "x");
        index.add(A, 2, "y");
        index.remove(A, 1);
        index.remove(A, 1);
        index.remove(B, 2);
        holds(A, "y");
        assertThat(index.size()).isEqualTo(1);
        index.remove(A, 2);
        holds(A);
        assertThat(index.size()).isZero();
    }

    @Test
    @Feature("R-24")
    void isAsItWasWhenChangesAreTakenBack() {
        index.add(A, 1, "x");
        index.add(A, 2, "y");
        undo.open();
        index.add(A, 2, "instead");
        index.add(A, 3, "new");
        index.add(B, 1, "of another");
        index.remove(A, 1);
        index.remove(A, 7);
        holds(A, "instead", "new");
        assertThat(index.size()).isEqualTo(3);
        undo.takeBack();
        holds(A, "x", "y");
        holds(B);
        assertThat(index.size()).isEqualTo(2);
    }
}
