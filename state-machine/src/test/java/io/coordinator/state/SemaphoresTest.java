package io.coordinator.state;

import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.BUSY;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.DELETED;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.EXTENDED;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.QUEUED;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.RESIZED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ListSemaphores;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitWaiter;
import io.coordinator.protocol.PermitsCancelled;
import io.coordinator.protocol.SemaphoreEvent;
import io.coordinator.protocol.SemaphoreInspection;
import io.coordinator.protocol.SemaphoreList;
import io.coordinator.protocol.SemaphoreSummary;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

class SemaphoresTest extends Script {

    @Test
    @Feature({"B-21", "DL-SEM-1"})
    void thereAreSoManyPermitsAndNoMore() {
        session("a").permits("s", 2, 3, 0, 0).gives(GRANTED).changes(ChangeKind.ACQUIRED);
        session("b").permits("s", 1, 3, 0, 0).gives(GRANTED);
        Outcome busy = session("c").permits("s", 1, 3, 0, 0).gives(BUSY).changes();
        assertThat(busy.reply().getSemaphore().getBusy().getFree()).isZero();
        session("c").permits("other", 1, 1, 0, 0).gives(GRANTED);
    }

    @Test
    @Feature({"B-21", "DL-SEM-1", "B-08"})
    void whoWantsManyIsNotOvertakenByThoseWhoWantFew() {
        long a = session("a").permits("s", 2, 3, 0, 0).token();
        session("b").permits("s", 3, 3, 0, -1).gives(QUEUED).ahead(0);
        session("c").permits("s", 1, 3, 0, -1).gives(QUEUED).ahead(1);
        Outcome busy = session("d").permits("s", 1, 3, 0, 0).gives(BUSY);
        assertThat(busy.reply().getSemaphore().getBusy().getFree()).isEqualTo(1);

        session("a").releasePermits("s", a).changes(ChangeKind.RELEASED, ChangeKind.ACQUIRED);
        long b = session("b").hearsPermits();
        session("c").hears();
        session("b").releasePermits("s", b);
        assertThat(session("c").hearsPermits()).isGreaterThan(b);
    }

    @Test
    @Feature({"B-21", "B-08"})
    void oneReleaseServesAsManyAsFit() {
        long a = session("a").permits("s", 3, 3, 0, 0).token();
        session("b").permits("s", 1, 3, 0, -1);
        session("c").permits("s", 2, 3, 0, -1);
        session("d").permits("s", 1, 3, 0, -1);
        session("a").releasePermits("s", a);
        session("b").hearsPermits();
        session("c").hearsPermits();
        session("d").hears();
    }

    @Test
    @Feature({"DL-SEM-3", "DL-SEM-4"})
    void aReleaseByAnotherSessionOrOfNothingFreesNothing() {
        long token = session("a").permits("s", 1, 1, 0, 0).token();
        session("b").releasePermits("s", token).refused(ErrorCode.ENOTOWNER);
        session("b").extendPermits("s", token, 100).refused(ErrorCode.ENOTOWNER);
        session("a").releasePermits("s", token + 1).refused(ErrorCode.ENOTOWNER);
        session("b").permits("s", 1, 1, 0, 0).gives(BUSY);
        assertThat(session("a").releasePermits("s", token).wasHeld()).isTrue();
        assertThat(session("a").releasePermits("s", token).changes().wasHeld()).isFalse();
        assertThat(session("a").inspectSemaphore("s").getExists()).isFalse();
    }

    @Test
    @Feature({"DL-SEM-6", "DL-SEM-5"})
    void ttlAndWaitEndNotBeforeTheirTime() {
        long token = at(1_000).session("a").permits("s", 1, 1, 500, 0).token();
        session("b").permits("s", 1, 1, 0, 300).gives(QUEUED);
        session("c").permits("s", 1, 1, 200, -1).gives(QUEUED);
        at(1_299).tick();
        session("b").hears();
        at(1_300).tick();
        session("b").hears(SemaphoreEvent.OutcomeCase.WAIT_ELAPSED);
        at(1_499).tick();
        session("a").hears();
        at(1_500).tick();
        Event lost = session("a").hears(SemaphoreEvent.OutcomeCase.LOST).get(0);
        assertThat(lost.getSemaphore().getLost().getToken()).isEqualTo(token);
        Event granted = session("c").hears(SemaphoreEvent.OutcomeCase.GRANTED).get(0);
        assertThat(granted.getSemaphore().getGranted().getDeadlineMillis()).isEqualTo(1_700);
        session("a").extendPermits("s", token, 100).refused(ErrorCode.ELOCKEXTEND);
    }

    @Test
    @Feature({"B-21", "PM-LOCK-3"})
    void anExtensionMovesTheDeadline() {
        long token = at(1_000).session("a").permits("s", 1, 1, 500, 0).token();
        assertThat(at(1_400)
                        .session("a")
                        .extendPermits("s", token, 500)
                        .gives(EXTENDED)
                        .deadline())
                .isEqualTo(1_900);
        at(1_899).tick();
        assertThat(session("a").releasePermits("s", token).wasHeld()).isTrue();
        assertThat(core().nextDeadlineMillis()).isEmpty();
    }

    @Test
    @Feature({"B-21", "PM-LOCK-3"})
    void anExtensionTakesNoFurtherPermits() {
        long token = at(1_000).session("a").permits("s", 1, 2, 500, 0).token();
        session("a").extendPermits("s", token, 900).gives(EXTENDED);
        session("b").permits("s", 1, 2, 0, 0).gives(GRANTED);
        session("c").permits("s", 1, 2, 0, 0).gives(BUSY);
        session("a").releasePermits("s", token);
        session("c").permits("s", 1, 2, 0, 0).gives(GRANTED);
    }

    @Test
    @Feature({"B-21", "B-08", "G-7"})
    void aCancelledWaitLetsThoseBehindItPass() {
        session("a").permits("s", 1, 3, 0, 0);
        long many = session("b").permits("s", 3, 3, 0, -1).gives(QUEUED).seq();
        session("c").permits("s", 2, 3, 0, -1).gives(QUEUED);
        session("b").cancelPermits("s", many).cancels(PermitsCancelled.Outcome.DEQUEUED);
        session("c").hearsPermits();
    }

    @Test
    @Feature({"DL-SEM-7", "S-34"})
    void theEndOfASessionFreesItsPermitsAndItsPlaceInTheQueue() {
        session("a").permits("s", 2, 3, 0, 0);
        session("b").permits("s", 1, 3, 0, 0);
        session("a").permits("s", 3, 3, 0, -1);
        session("c").permits("s", 1, 3, 0, -1).gives(QUEUED);
        session("d").permits("s", 1, 3, 0, -1).gives(QUEUED);
        expire("a");
        session("c").hearsPermits();
        session("d").hearsPermits();
        assertThat(session("b").inspectSemaphore("s").getHeld()).isEqualTo(3);
    }

    @Test
    @Feature({"DL-SEM-7", "PM-LOCK-6"})
    void anEndingSessionIsNotGivenPermitsAgain() {
        session("a").permits("s", 1, 1, 0, 0).gives(GRANTED);
        session("a").permits("s", 1, 1, 0, -1).gives(QUEUED);
        session("a").permits("s", 1, 1, 0, -1).gives(QUEUED);
        session("b").permits("s", 1, 1, 0, -1).gives(QUEUED);
        session("a").close().changes(ChangeKind.RELEASED, ChangeKind.ACQUIRED);
        session("b").hearsPermits();
    }

    @Test
    @Feature("DL-SEM-7")
    void aWaiterThatLeavesLetsThoseBehindItPass() {
        session("a").permits("s", 1, 3, 0, 0);
        session("b").permits("s", 3, 3, 0, -1).gives(QUEUED);
        session("c").permits("s", 2, 3, 0, -1).gives(QUEUED);
        session("b").close();
        session("c").hearsPermits();
    }

    @Test
    @Feature({"G-7", "S-31", "B-21"})
    void aCancelDequeuesOrReleases() {
        long a = session("a").permits("s", 1, 1, 0, 0).token();
        long b = session("b").permits("s", 1, 1, 0, -1).seq();
        long c = session("c").permits("s", 1, 1, 0, -1).seq();
        session("b").cancelPermits("other", b).cancels(PermitsCancelled.Outcome.NOTHING);
        session("b").cancelPermits("s", b).cancels(PermitsCancelled.Outcome.DEQUEUED);
        session("a").releasePermits("s", a);
        session("b").hears();
        session("c").hearsPermits();
        session("c").cancelPermits("other", c).cancels(PermitsCancelled.Outcome.NOTHING);
        session("c").cancelPermits("s", c).cancels(PermitsCancelled.Outcome.RELEASED_GRANT);
        session("c").cancelPermits("s", c).cancels(PermitsCancelled.Outcome.NOTHING);
        session("d").permits("s", 1, 1, 0, 0).gives(GRANTED);
    }

    @Test
    @Feature("B-21")
    void resizingUpServesWaitersAndDownTakesNothingAway() {
        session("op").resize("s", 1).gives(RESIZED).changes(ChangeKind.RESIZED);
        session("op").resize("s", 1).gives(RESIZED).changes();
        session("a").permits("s", 2, 5, 0, 0).gives(BUSY).changes();
        session("a").permits("s", 1, 5, 0, 0).gives(GRANTED);
        session("b").permits("s", 1, 5, 0, -1).gives(QUEUED);
        session("op").resize("s", 3).changes(ChangeKind.RESIZED, ChangeKind.ACQUIRED);
        long b = session("b").hearsPermits();
        session("c").permits("s", 3, 1, 0, -1).gives(QUEUED);

        session("op").resize("s", 1).changes(ChangeKind.RESIZED);
        session("c").hears(SemaphoreEvent.OutcomeCase.IMPOSSIBLE);
        session("c").permits("s", 3, 1, 0, -1).gives(QUEUED);
        assertThat(session("z").inspectSemaphore("s").getHeld()).isEqualTo(2);
        session("b").releasePermits("s", b).changes(ChangeKind.RELEASED);
        session("d").permits("s", 1, 1, 0, 0).gives(BUSY);
        session("op").resize("s", 4);
        session("c").hearsPermits();
    }

    @Test
    @Feature({"C-47", "A-49"})
    void aResizeThatMakesARequestImpossibleTellsItAndServesThoseBehind() {
        long a = session("a").permits("s", 6, 10, 0, 0).token();
        long b = session("b").permits("s", 5, 10, 0, -1).gives(QUEUED).seq();
        session("c").permits("s", 1, 10, 0, -1).gives(QUEUED).ahead(1);
        session("d").permits("s", 3, 10, 0, -1).gives(QUEUED).ahead(2);
        session("op").resize("s", 2).changes(ChangeKind.RESIZED);

        Event told = session("b").hears(SemaphoreEvent.OutcomeCase.IMPOSSIBLE).get(0);
        assertThat(told.getRequestSeq()).isEqualTo(b);
        assertThat(told.getSemaphore().getImpossible().getLimit()).isEqualTo(2);
        session("d").hears(SemaphoreEvent.OutcomeCase.IMPOSSIBLE);
        session("c").hears();
        assertThat(session("z").inspectSemaphore("s").getWaiterCount()).isEqualTo(1);
        session("b").cancelPermits("s", b).cancels(PermitsCancelled.Outcome.NOTHING);

        session("a").releasePermits("s", a);
        session("c").hearsPermits();
        session("e").permits("s", 1, 10, 0, 0).gives(GRANTED);
    }

    @Test
    @Feature({"C-46", "A-49"})
    void theSizeIsTheSemaphoresAndNotTheHandles() {
        session("a").permits("p", 1, 1, 0, 0).gives(GRANTED);
        session("b").permits("p", 2, 3, 0, 0).gives(BUSY);
        assertThat(session("z").inspectSemaphore("p").getLimit()).isEqualTo(1);

        session("b").permits("q", 2, 3, 0, 0).gives(GRANTED);
        session("a").permits("q", 1, 1, 0, 0).gives(GRANTED);
        assertThat(session("z").inspectSemaphore("q").getLimit()).isEqualTo(3);

        // Also if the first one wants more than its own number.
        session("a").permits("r", 2, 1, 0, 0).gives(BUSY);
        assertThat(session("z").inspectSemaphore("r").getExists()).isFalse();
        session("a").permits("r", 2, 1, 0, -1).gives(QUEUED);
        assertThat(session("z").inspectSemaphore("r").getLimit()).isEqualTo(1);
        session("b").permits("r", 1, 5, 0, 0).gives(GRANTED);
    }

    @Test
    @Feature({"C-46", "C-47", "A-49"})
    void whoWantsMoreThanThereAreWaitsAsideUntilThereAreSoMany() {
        long a = at(1_000).session("a").permits("s", 2, 3, 0, 0).token();
        session("b").permits("s", 4, 3, 0, -1).gives(QUEUED).ahead(0);
        session("c").permits("s", 5, 3, 0, 500).gives(QUEUED);
        session("d").permits("s", 1, 3, 0, 0).gives(GRANTED);
        session("e").permits("s", 1, 3, 0, -1).gives(QUEUED).ahead(0);
        session("a").releasePermits("s", a);
        session("e").hearsPermits();
        session("b").hears();

        // Fewer make nothing impossible that was not so before, and more of them not all possible.
        session("op").resize("s", 2).changes(ChangeKind.RESIZED);
        session("b").hears();
        at(1_500).tick();
        session("c").hears(SemaphoreEvent.OutcomeCase.WAIT_ELAPSED);
        session("f").permits("s", 1, 3, 0, -1).gives(QUEUED);
        session("op").resize("s", 6).changes(ChangeKind.RESIZED, ChangeKind.ACQUIRED);
        // In the order in which they came, however long one was passed over.
        session("b").hearsPermits();
        session("f").hears();
        session("op").resize("s", 3);
        session("f").hears();
    }

    @Test
    @Feature({"A-49", "B-30"})
    void whoWaitsAsideKeepsTheSemaphoreAndWaitsForNoHolder() {
        long a = session("a").permits("s", 1, 1, 0, 0).token();
        long b = session("b").permits("s", 2, 1, 0, -1).seq();
        session("a").releasePermits("s", a);
        assertThat(session("z").inspectSemaphore("s").getExists()).isTrue();
        session("b").cancelPermits("s", b).cancels(PermitsCancelled.Outcome.DEQUEUED);
        assertThat(session("z").inspectSemaphore("s").getExists()).isFalse();

        session("a").permits("t", 2, 1, 0, -1);
        session("a").close();
        assertThat(session("z").inspectSemaphore("t").getExists()).isFalse();

        session("c").permits("u", 1, 1, 0, 0);
        session("b").acquire("x");
        session("c").acquire("x", 0, -1);
        session("b").permits("u", 2, 1, 0, -1).gives(QUEUED);
        assertThat(session("z").waitCycles()).isEmpty();
    }

    @Test
    @Feature({"C-47", "C-09"})
    void aResizeWithManyWaitersIsDoneBitByBit() {
        cutSlices(1);
        session("a").permits("s", 4, 4, 0, 0);
        for (String client : new String[] {"b", "c", "d"}) {
            session(client).permits("s", 3, 4, 0, -1);
            session(client).permits("s", 1, 4, 0, -1);
            session(client).permits("s", 9, 4, 0, -1);
        }
        session("op").resize("s", 2);
        assertThat(core().hasWorkLeft()).isTrue();
        drain();
        for (String client : new String[] {"b", "c", "d"}) {
            session(client).hears(SemaphoreEvent.OutcomeCase.IMPOSSIBLE);
        }
        assertThat(session("z").inspectSemaphore("s").getWaiterCount()).isEqualTo(6);
        session("op").resize("s", 100);
        drain();
        assertThat(session("z").inspectSemaphore("s").getWaiterCount()).isZero();
        assertThat(session("z").inspectSemaphore("s").getHeld()).isEqualTo(4 + 3 * (1 + 9));
    }

    @Test
    @Feature("B-21")
    void aSemaphoreInUseKeepsItsNumberUntilNobodyUsesIt() {
        long token = session("a").permits("s", 1, 2, 0, 0).token();
        session("b").permits("s", 2, 9, 0, 0).gives(BUSY);
        session("b").permits("s", 3, 9, 0, 0).gives(BUSY);
        session("a").releasePermits("s", token);
        session("b").permits("s", 3, 9, 0, 0).gives(GRANTED);

        assertThat(session("op").deleteSemaphore("s").changes().existed()).isFalse();
        session("op").resize("t", 1);
        long t = session("a").permits("t", 1, 5, 0, 0).token();
        assertThat(session("op")
                        .deleteSemaphore("t")
                        .gives(DELETED)
                        .changes(ChangeKind.DELETED)
                        .existed())
                .isTrue();
        assertThat(session("a").inspectSemaphore("t").getLimit()).isEqualTo(1);
        session("a").releasePermits("t", t);
        session("a").permits("t", 5, 5, 0, 0).gives(GRANTED);
    }

    @Test
    @Feature({"B-30", "B-21"})
    void inspectShowsHoldersAndWaiters() {
        at(1_000).session("a").permits("s", 2, 3, 700, 0);
        session("b").permits("s", 2, 3, 0, -1);
        SemaphoreInspection s = session("z").inspectSemaphore("s");
        assertThat(s.getLimit()).isEqualTo(3);
        assertThat(s.getHeld()).isEqualTo(2);
        assertThat(s.getHoldsList()).extracting(PermitHold::getClientName).containsExactly("a");
        assertThat(s.getWaitersList()).extracting(PermitWaiter::getClientName).containsExactly("b");
        assertThat(s.getWaiterCount()).isEqualTo(1);
    }

    @Test
    @Feature({"B-30", "B-21"})
    void listsComeInPages() {
        at(1_000).session("a").permits("p/b", 1, 1, 0, 0);
        session("b").permits("p/b", 1, 1, 0, -1);
        session("op").resize("p/a", 4);
        session("op").resize("q", 4);
        at(1_900).tick();
        SemaphoreList page = session("z")
                .listSemaphores(ListSemaphores.newBuilder().setPrefix("p/").setLimit(1));
        assertThat(page.getSemaphoresList())
                .extracting(SemaphoreSummary::getName)
                .containsExactly("p/a");
        assertThat(page.getMore()).isTrue();
        SemaphoreList next = session("z")
                .listSemaphores(ListSemaphores.newBuilder()
                        .setPrefix("p/")
                        .setAfterNamespace("default")
                        .setAfterName("p/a"));
        assertThat(next.getMore()).isFalse();
        SemaphoreSummary b = next.getSemaphores(0);
        assertThat(b.getHeld()).isEqualTo(1);
        assertThat(b.getWaiters()).isEqualTo(1);
        assertThat(b.getLongestWaitMillis()).isEqualTo(900);
    }

    @Test
    @Feature("B-21")
    void argumentsAreChecked() {
        Actor a = session("a");
        a.permits("", 1, 1, 0, 0).refused(ErrorCode.EINVAL, "semaphore name");
        a.permits("s", 0, 1, 0, 0).refused(ErrorCode.EINVAL, "permits");
        a.permits("s", -1, 1, 0, 0).refused(ErrorCode.EINVAL, "permits");
        a.permits("s", 1, 0, 0, 0).refused(ErrorCode.EINVAL, "initial_limit");
        a.permits("s", 2, 1, 0, 0).gives(BUSY);
        a.permits("s", 1, 1, -1, 0).refused(ErrorCode.EINVAL, "ttl_millis");
        a.permits("s", 1, 1, 0, -2).refused(ErrorCode.EINVAL, "wait_millis");
        a.resize("s", -1).refused(ErrorCode.EINVAL, "limit");
        a.extendPermits("s", 1, 0).refused(ErrorCode.EINVAL, "ttl_millis");
        assertThat(a.inspectSemaphore("s").getExists()).isFalse();
    }
}
