package io.coordinator.state;

import static io.coordinator.protocol.LockReply.OutcomeCase.BUSY;
import static io.coordinator.protocol.LockReply.OutcomeCase.EXTENDED;
import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.LockReply.OutcomeCase.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocksTest extends Script {

    @Test
    @Feature({"S-24", "PM-LOCK-1", "PM-LOCK-2", "PM-FENCE-1"})
    void busyAtOnceThenGrantedWithALargerToken() {
        long first = at(1_000).session("a").acquire("x").gives(GRANTED).token();
        assertThat(session("b")
                        .acquire("x")
                        .gives(BUSY)
                        .reply()
                        .getLock()
                        .getBusy()
                        .getHolderToken())
                .isEqualTo(first);

        assertThat(session("a").release("x", first).wasHeld()).isTrue();

        assertThat(session("b").acquire("x").gives(GRANTED).token()).isGreaterThan(first);
    }

    @Test
    @Feature("PM-LOCK-7")
    void isNotReentrant() {
        at(1_000).session("a").acquire("x").gives(GRANTED);
        session("a").acquire("x").gives(BUSY);
        session("a").acquire("x", 0, -1).gives(QUEUED);
    }

    @Test
    @Feature({"S-25", "PM-LOCK-5"})
    void waitersAreGrantedInTheOrderTheyCame() {
        long token = at(1_000).session("a").acquire("x").token();
        session("b").acquire("x", 0, -1).gives(QUEUED).ahead(0);
        session("c").acquire("x", 0, -1).gives(QUEUED).ahead(1);
        session("d").acquire("x", 0, -1).gives(QUEUED).ahead(2);

        session("a").release("x", token).changes(ChangeKind.RELEASED, ChangeKind.ACQUIRED);
        long b = session("b").hearsGrant();
        session("c").hears();
        session("b").release("x", b);
        long c = session("c").hearsGrant();
        session("c").release("x", c);
        long d = session("d").hearsGrant();

        assertThat(List.of(token, b, c, d)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @Feature("PM-LOCK-3")
    void ttlEndsTheGrantNotBeforeItsDeadline() {
        long token = at(1_000).session("a").acquire("x", 500, 0).token();
        assertThat(core().nextDeadlineMillis()).hasValue(1_500);

        at(1_499).tick();
        assertThat(session("a").verify("x", token).getLive()).isTrue();
        at(1_500).tick();

        assertThat(session("a").verify("x", token).getLive()).isFalse();
        LockLost lost =
                session("a").hears(LockEvent.OutcomeCase.LOST).get(0).getLock().getLost();
        assertThat(lost.getToken()).isEqualTo(token);
        assertThat(lost.getReason()).isEqualTo(LockLost.Reason.TTL_ELAPSED);
        assertThat(last().changes()).extracting(c -> c.getKind()).containsExactly(ChangeKind.EXPIRED);
    }

    @Test
    @Feature({"PM-LOCK-5", "PM-LOCK-3"})
    void expiryHandsOverToTheHeadWithItsOwnTtl() {
        at(1_000).session("a").acquire("x", 500, 0);
        session("b").acquire("x", 2_000, -1).gives(QUEUED);
        session("c").acquire("x", 0, -1).gives(QUEUED);

        at(1_600).tick();

        Event granted = session("b").hears(LockEvent.OutcomeCase.GRANTED).get(0);
        assertThat(granted.getLock().getGranted().getDeadlineMillis()).isEqualTo(3_600);
        session("c").hears();
    }

    @Test
    @Feature("G-3")
    void aCommandThatMeetsAnExpiredGrantFindsTheLockFree() {
        at(1_000).session("b");
        session("a").acquire("x", 500, 0);
        at(1_500).session("b").acquire("x").gives(GRANTED).changes(ChangeKind.EXPIRED, ChangeKind.ACQUIRED);
    }

    @Test
    @Feature({"PM-LOCK-2", "S-31"})
    void aWaitElapsesNotBeforeItsDeadlineAndIsNeverGrantedAfterwards() {
        long token = at(1_000).session("a").acquire("x").token();
        long request = session("b").acquire("x", 0, 300).gives(QUEUED).seq();
        at(1_299).tick();
        session("b").hears();
        at(1_300).tick();

        assertThat(session("b").hears(LockEvent.OutcomeCase.WAIT_ELAPSED).get(0).getRequestSeq())
                .isEqualTo(request);
        session("a").release("x", token).changes(ChangeKind.RELEASED);
        session("b").hears();
    }

    @Test
    @Feature({"PM-LOCK-2", "S-31"})
    void aWaiterWhoseDeadlinePassedWithTheHoldersIsPassedOver() {
        at(1_000).session("a").acquire("x", 500, 0);
        session("b").acquire("x", 0, 700).gives(QUEUED);
        session("c").acquire("x", 0, 10_000).gives(QUEUED);

        at(2_000).tick();

        session("b").hears(LockEvent.OutcomeCase.WAIT_ELAPSED);
        session("c").hears(LockEvent.OutcomeCase.GRANTED);
    }

    @Test
    @Feature({"G-7", "S-31", "PM-LOCK-10"})
    void cancelBeforeTheGrantDequeues() {
        long token = at(1_000).session("a").acquire("x").token();
        long request = session("b").acquire("x", 0, -1).seq();
        session("c").acquire("x", 0, -1);

        session("b")
                .cancelAcquire("x", request)
                .cancels(AcquireCancelled.Outcome.DEQUEUED)
                .changes();

        session("a").release("x", token);
        session("b").hears();
        session("c").hears(LockEvent.OutcomeCase.GRANTED);
    }

    @Test
    @Feature({"G-7", "S-31", "PM-LOCK-10"})
    void cancelAfterTheGrantReleasesItAndHandsOnInTheSameEntry() {
        long token = at(1_000).session("a").acquire("x").token();
        long request = session("b").acquire("x", 0, -1).seq();
        session("c").acquire("x", 0, -1);
        session("a").release("x", token);
        session("b").hears(LockEvent.OutcomeCase.GRANTED);

        session("b")
                .cancelAcquire("x", request)
                .cancels(AcquireCancelled.Outcome.RELEASED_GRANT)
                .changes(ChangeKind.RELEASED, ChangeKind.ACQUIRED);

        session("c").hears(LockEvent.OutcomeCase.GRANTED);
        session("b").cancelAcquire("x", request).cancels(AcquireCancelled.Outcome.NOTHING);
    }

    @Test
    @Feature("G-7")
    void cancelOfAnImmediateGrantReleasesIt() {
        long request = at(1_000).session("a").acquire("x").gives(GRANTED).seq();
        session("a").cancelAcquire("x", request).cancels(AcquireCancelled.Outcome.RELEASED_GRANT);
        session("b").acquire("x").gives(GRANTED);
    }

    @Test
    @Feature("G-7")
    void cancelTouchesOnlyItsOwnRequest() {
        long token = at(1_000).session("a").acquire("x").token();
        session("a").acquire("y");
        long request = session("b").acquire("x", 0, -1).seq();

        session("b").cancelAcquire("y", request).cancels(AcquireCancelled.Outcome.NOTHING);
        session("c").cancelAcquire("x", request).cancels(AcquireCancelled.Outcome.NOTHING);
        session("b").cancelAcquire("x", request + 40).cancels(AcquireCancelled.Outcome.NOTHING);

        session("a").release("x", token);
        session("b").hears(LockEvent.OutcomeCase.GRANTED);
    }

    @Test
    @Feature({"S-30", "PM-LOCK-8"})
    void lateReleaseLeavesTheNextGrantAlone() {
        long a = at(1_000).session("a").acquire("x", 500, 0).token();
        session("b").acquire("x", 0, -1);
        at(1_500).tick();
        long b = session("b").hearsGrant();

        assertThat(session("a").release("x", a).changes().wasHeld()).isFalse();

        assertThat(session("a").verify("x", b).getLive()).isTrue();
    }

    @Test
    @Feature("PM-LOCK-8")
    void onlyTheOwnerReleasesOrExtends() {
        long token = at(1_000).session("a").acquire("x", 500, 0).token();
        session("b").release("x", token).refused(ErrorCode.ENOTOWNER);
        session("b").extend("x", token, 900).refused(ErrorCode.ENOTOWNER);
        assertThat(session("a").inspect("x").getHolds(0).getDeadlineMillis()).isEqualTo(1_500);
    }

    @Test
    @Feature("PM-LOCK-3")
    void extendMovesTheDeadlineOfALiveGrantOnly() {
        long token = at(1_000).session("a").acquire("x", 500, 0).token();
        assertThat(at(1_400)
                        .session("a")
                        .extend("x", token, 500)
                        .gives(EXTENDED)
                        .deadline())
                .isEqualTo(1_900);
        at(1_500).tick();
        assertThat(session("a").verify("x", token).getLive()).isTrue();

        at(1_900).session("a").extend("x", token, 500).refused(ErrorCode.ELOCKEXTEND);
    }

    @Test
    @Feature({"PM-LOCK-4", "A-43", "S-34"})
    void theEndOfASessionReleasesEverythingInOneEntry() {
        at(1_000).session("a").acquire("x");
        session("a").acquire("y", 60_000, 0);
        session("b").acquire("x", 0, -1);
        session("c").acquire("y", 0, -1);

        expire("a");

        assertThat(last().endedSessions()).containsExactly(session("a").id());
        assertThat(last().changes())
                .extracting(c -> c.getKey() + " " + c.getKind())
                .containsExactly("x RELEASED", "x ACQUIRED", "y RELEASED", "y ACQUIRED");
        session("b").hears(LockEvent.OutcomeCase.GRANTED);
        session("c").hears(LockEvent.OutcomeCase.GRANTED);
        assertThat(core().nextDeadlineMillis()).isEmpty();
    }

    @Test
    @Feature({"PM-LOCK-6", "PM-LOCK-4"})
    void aWaiterIsGoneWithItsSession() {
        long token = at(1_000).session("a").acquire("x").token();
        session("b").acquire("x", 0, -1);
        session("c").acquire("x", 0, -1);
        session("b").close();

        session("a").release("x", token);

        session("b").hears();
        session("c").hears(LockEvent.OutcomeCase.GRANTED);
    }

    @Test
    @Feature("PM-LOCK-4")
    void anEndingSessionIsNotGrantedItsOwnLockAgain() {
        at(1_000).session("a").acquire("x");
        session("a").acquire("x", 0, -1);
        session("a").acquire("x", 0, -1);
        session("b").acquire("x", 0, -1);

        session("a").close().changes(ChangeKind.RELEASED, ChangeKind.ACQUIRED);

        session("b").hears(LockEvent.OutcomeCase.GRANTED);
        assertThat(session("b").inspect("x").getHolds(0).getSessionId())
                .isEqualTo(session("b").id());
    }

    @Test
    @Feature({"S-32", "G-5"})
    void aRetriedAcquireAnswersTheSameGrant() {
        Outcome first = at(1_000).session("a").acquire("x").gives(GRANTED);
        Outcome second = session("a").again();
        assertThat(second.reply()).isEqualTo(first.reply());
        second.changes();
    }

    @Test
    @Feature({"EL-INS-1", "EL-INS-2"})
    void inspectShowsHolderAndWaiters() {
        assertThat(at(1_000).session("a").inspect("x").getHoldsList()).isEmpty();
        long token = session("a").acquire("x", 500, 0).token();
        session("b").acquire("x", 0, 200);

        var inspection = session("a").inspect("x");

        assertThat(inspection.getHolds(0).getToken()).isEqualTo(token);
        assertThat(inspection.getHolds(0).getContents().toStringUtf8())
                .isEqualTo("\"x of " + session("a").id() + "\"");
        assertThat(inspection.getWaitersList())
                .extracting(LockWaiter::getSessionId)
                .containsExactly(session("b").id());
    }

    @Test
    @Feature("PM-FENCE-10")
    void verifyKnowsTheLiveTokenOnly() {
        long token = at(1_000).session("a").acquire("x").token();
        assertThat(session("b").verify("x", token).getLive()).isTrue();
        assertThat(session("b").verify("x", token + 1).getLive()).isFalse();
        assertThat(session("b").verify("x", 0).getCurrentToken()).isEqualTo(token);
        session("a").release("x", token);
        assertThat(session("b").verify("x", token).getLive()).isFalse();
        assertThat(session("b").verify("x", 0).getLive()).isFalse();
    }

    @Test
    @Feature({"PM-LOCK-5", "A-43"})
    void argumentsAreChecked() {
        Actor a = at(1_000).session("a");
        a.acquire("").refused(ErrorCode.EINVAL, "lock name");
        a.acquire("x\0y").refused(ErrorCode.EINVAL, "NUL");
        a.acquire("x", -1, 0).refused(ErrorCode.EINVAL, "ttl_millis");
        a.acquire("x", 0, -2).refused(ErrorCode.EINVAL, "wait_millis");
        a.extend("x", 1, 0).refused(ErrorCode.EINVAL, "ttl_millis");
        a.acquire("ü".repeat(513)).refused(ErrorCode.ETOOLARGE);
        a.acquire("ü".repeat(512)).gives(GRANTED);
    }
}
