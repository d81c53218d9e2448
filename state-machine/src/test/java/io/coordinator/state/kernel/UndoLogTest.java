package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@Feature("R-24")
class UndoLogTest {
    private final UndoLog undo = new UndoLog();
    private final List<String> done = new ArrayList<>();

    private void note(String step) {
        undo.add(() -> done.add(step));
    }

    @Test
    void takesBackTheLastFirstAndOnce() {
        undo.open();
        note("1");
        note("2");
        undo.takeBack();
        assertThat(done).containsExactly("2", "1");
        undo.open();
        undo.takeBack();
        assertThat(done).hasSize(2);
    }

    @Test
    void notesNothingBeforeItIsOpenedAndAfterItWasKeptOrTakenBack() {
        note("before");
        undo.open();
        assertThat(undo.isOpen()).isTrue();
        note("kept");
        undo.keep();
        assertThat(undo.isOpen()).isFalse();
        note("behind");
        undo.open();
        undo.takeBack();
        assertThat(undo.isOpen()).isFalse();
        note("behind");
        undo.open();
        undo.takeBack();
        assertThat(done).isEmpty();
    }

    @Test
    void whatWasLeftOfTheCommandBeforeIsNotTakenBackWithTheNext() {
        undo.open();
        note("of the one before");
        undo.open();
        note("own");
        undo.takeBack();
        assertThat(done).containsExactly("own");
    }

    @Test
    void goesBackToAMarkAndOnFromThere() {
        undo.open();
        note("1");
        int mark = undo.mark();
        note("2");
        note("3");
        undo.backTo(mark);
        assertThat(done).containsExactly("3", "2");
        assertThat(undo.isOpen()).isTrue();
        note("4");
        undo.takeBack();
        assertThat(done).containsExactly("3", "2", "4", "1");
    }

    @Test
    void whatIsDoneToTakeBackIsNoChange() {
        undo.open();
        undo.add(() -> note("a change"));
        int mark = undo.mark();
        undo.backTo(0);
        assertThat(mark).isEqualTo(1);
        assertThat(undo.mark()).isZero();
    }
}
