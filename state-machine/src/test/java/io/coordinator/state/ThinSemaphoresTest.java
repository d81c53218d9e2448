package io.coordinator.state;

import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.BUSY;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.SemaphoreEvent;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Semaphores when one thing is done in each entry: what is over is over at once, and no wait ends out of order. */
@Feature("C-09")
class ThinSemaphoresTest extends Script {
    private static final int FEW = 6;

    @BeforeEach
    void oneThingAtATime() {
        at(1_000);
        for (String name : List.of("a", "b", "c", "op", "z")) {
            session(name);
        }
        cutSlices(1);
    }

    private long holdOf(int number) {
        return session("a").permits("s" + number, 1, 1, 500 + number, 0).token();
    }

    @Test
    @Feature({"B-21", "G-3", "DL-SEM-6"})
    void aGrantPastItsDeadlineMakesWayAtOnce() {
        for (int i = 0; i < FEW; i++) {
            holdOf(i);
        }
        session("b").permits("s5", 1, 1, 0, 0).gives(BUSY);
        at(2_000);
        session("b").permits("s5", 1, 1, 0, 0).gives(GRANTED);
        assertThat(last().changes()).extracting(Change::getKind).endsWith(ChangeKind.EXPIRED, ChangeKind.ACQUIRED);
        drain();
        assertThat(session("a").heard())
                .hasSize(FEW)
                .allMatch(event -> event.getSemaphore().hasLost());
        assertThat(session("z").inspectSemaphore("s5").getHeld()).isOne();
    }

    @Test
    @Feature({"DL-SEM-7", "G-4"})
    void theGrantsOfAnEndedSessionMakeWayAtOnce() {
        for (int i = 0; i < FEW; i++) {
            session("a").permits("s" + i, 1, 1, 0, 0);
        }
        expire("a");
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(session("z").inspectSemaphore("s5").getHoldsList()).isEmpty();
        session("b").permits("s5", 1, 1, 0, 0).gives(GRANTED);
        assertThat(last().changes()).extracting(Change::getKind).endsWith(ChangeKind.RELEASED, ChangeKind.ACQUIRED);
        drain();
        assertThat(session("z").inspectSemaphore("s5").getHeld()).isOne();
    }

    @Test
    @Feature({"PM-LOCK-3", "G-3", "B-21"})
    void aGrantPastItsDeadlineIsNeitherExtendedNorReleased() {
        for (int i = 0; i < FEW - 2; i++) {
            holdOf(i);
        }
        long extended = holdOf(FEW - 2);
        long released = holdOf(FEW - 1);
        at(2_000);
        session("a").extendPermits("s" + (FEW - 2), extended, 5_000).refused(ErrorCode.ELOCKEXTEND);
        assertThat(session("a").releasePermits("s" + (FEW - 1), released).wasHeld())
                .isFalse();
        drain();
        assertThat(session("a").heard())
                .hasSize(FEW)
                .allMatch(event -> event.getSemaphore().hasLost());
    }

    @Test
    @Feature({"DL-SEM-5", "DL-SEM-6", "B-08"})
    void nobodyIsGrantedWhoseWaitIsOver() {
        long token = session("a").permits("s", 1, 1, 0, 0).token();
        for (int i = 0; i < FEW; i++) {
            session("b").permits("s", 1, 1, 0, 500 + i).gives(QUEUED);
        }
        session("c").permits("s", 1, 1, 0, -1).gives(QUEUED);
        at(2_000);
        session("a").releasePermits("s", token);
        drain();
        assertThat(session("b").heard())
                .hasSize(FEW)
                .allMatch(event -> event.getSemaphore().hasWaitElapsed());
        session("c").hearsPermits();
    }

    @Test
    @Feature({"C-47", "A-49"})
    void nobodyIsGrantedWhomAResizeHasMadeImpossible() {
        long token = session("a").permits("s", 3, 3, 0, 0).token();
        for (int i = 0; i < FEW; i++) {
            session("b").permits("s", 2, 3, 0, -1).gives(QUEUED);
        }
        session("c").permits("s", 1, 3, 0, -1).gives(QUEUED);
        session("op").resize("s", 1);
        session("a").releasePermits("s", token);
        drain();
        assertThat(session("b").heard())
                .hasSize(FEW)
                .allMatch(event -> event.getSemaphore().hasImpossible())
                .allMatch(event -> event.getSemaphore().getImpossible().getLimit() == 1);
        session("c").hears(SemaphoreEvent.OutcomeCase.GRANTED);
        assertThat(session("z").inspectSemaphore("s").getHeld()).isOne();
    }
}
