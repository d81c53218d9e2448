package io.coordinator.state;

import static io.coordinator.protocol.LockReply.OutcomeCase.BUSY;
import static io.coordinator.protocol.LockReply.OutcomeCase.EXTENDED;
import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.LockReply.OutcomeCase.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockReply;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several locks at once: all or none. */
class LockSetsTest extends Script {
    private static final List<String> XY = List.of("x", "y");
    private static final List<String> XYZ = List.of("x", "y", "z");

    private static AcquireLock.Builder waiting() {
        return AcquireLock.newBuilder().setWaitMillis(-1);
    }

    private static AcquireLock.Builder atOnce() {
        return AcquireLock.newBuilder();
    }

    @Test
    @Feature({"DL-MULTI-1", "DL-MULTI-7", "B-07"})
    void aSetIsGrantedUnderOneTokenThatFencesForEachMember() {
        long token = at(1_000)
                .session("a")
                .acquire(XY, atOnce())
                .gives(GRANTED)
                .changes(ChangeKind.ACQUIRED, ChangeKind.ACQUIRED)
                .token();
        assertThat(session("a").verify("x", token).getLive()).isTrue();
        assertThat(session("a").verify("y", token).getLive()).isTrue();
        session("a").guardedBy("y", token).put("k", "1").changes(ChangeKind.PUT);
    }

    @Test
    @Feature({"DL-MULTI-1", "DL-MULTI-4", "B-07"})
    void nothingIsHeldIfOneIsNotFree() {
        long token = at(1_000).session("a").acquire("y").token();
        Outcome busy =
                session("b").acquire(XYZ, atOnce()).gives(BUSY).names("y").changes();
        assertThat(busy.reply().getLock().getBusy().getHolderToken()).isEqualTo(token);
        session("c").acquire("x").gives(GRANTED);
        session("c").acquire("z").gives(GRANTED);
    }

    @Test
    @Feature({"DL-MULTI-2", "B-07", "B-08"})
    void aSetWaitsForAllOfItsMembersAndHoldsNothingUntilThen() {
        long x = at(1_000).session("a").acquire("x").token();
        long y = session("b").acquire("y").token();
        session("c").acquire(XY, waiting()).gives(QUEUED).ahead(0);

        session("a").release("x", x).changes(ChangeKind.RELEASED);
        session("c").hears();
        session("b").release("y", y).changes(ChangeKind.RELEASED, ChangeKind.ACQUIRED, ChangeKind.ACQUIRED);

        LockEvent granted =
                session("c").hears(LockEvent.OutcomeCase.GRANTED).get(0).getLock();
        assertThat(granted.getNamesList()).containsExactly("x", "y");
    }

    @Test
    @Feature({"B-08", "PM-LOCK-5"})
    void nobodyOvertakesAWaitingSetEvenForALockThatIsFree() {
        long y = at(1_000).session("a").acquire("y").token();
        session("b").acquire(XY, waiting()).gives(QUEUED);

        Outcome busy = session("c").acquire("x").gives(BUSY).names("x");
        assertThat(busy.reply().getLock().getBusy().getHolderToken()).isZero();
        session("c").acquire("x", 0, -1).gives(QUEUED).ahead(1);

        session("a").release("y", y);
        long b = session("b").hearsGrant();
        session("c").hears();
        session("b").release(XY, b);
        session("c").hearsGrant();
    }

    @Test
    @Feature({"B-08", "PM-LOCK-5"})
    void nobodyOvertakesAWaitingSetByBeingFirstOnAnotherOfItsLocks() {
        long y = at(1_000).session("a").acquire("y").token();
        long z = session("a").acquire("z").token();
        session("b").acquire(List.of("x", "z"), waiting()).gives(QUEUED);
        session("c").acquire(XY, waiting()).gives(QUEUED).ahead(1);

        session("a").release("y", y);
        session("c").hears();

        session("a").release("z", z);
        long b = session("b").hearsGrant();
        session("b").release(List.of("x", "z"), b);
        session("c").hearsGrant();
    }

    @Test
    @Feature({"S-39", "DL-MULTI-2"})
    void overlappingSetsHaveOneWinnerInEachOf500Rounds() {
        Random random = Seeds.random("LockSetsTest");
        withoutShadow();
        for (int round = 0; round < 500; round++) {
            boolean aFirst = random.nextBoolean();
            boolean waits = random.nextBoolean();
            Actor first = session(aFirst ? "a" : "b");
            Actor second = session(aFirst ? "b" : "a");
            long token = first.acquire(aFirst ? XY : List.of("y", "x"), atOnce())
                    .gives(GRANTED)
                    .token();
            List<String> others = aFirst ? List.of("y", "x") : XY;
            second.acquire(others, waits ? waiting() : atOnce()).gives(waits ? QUEUED : BUSY);
            assertThat(holder("x")).isEqualTo(token);
            assertThat(holder("y")).isEqualTo(token);

            assertThat(first.release(XY, token).wasHeld()).isTrue();
            if (waits) {
                long next = second.hearsGrant();
                assertThat(holder("x")).isEqualTo(next);
                assertThat(holder("y")).isEqualTo(next);
                second.release(others, next);
            }
        }
        assertThat(session("a").held().getHeldList()).isEmpty();
        assertThat(session("b").held().getHeldList()).isEmpty();
    }

    private long holder(String name) {
        List<LockHold> holds = session("a").inspect(name).getHoldsList();
        assertThat(holds).hasSize(1);
        return holds.get(0).getToken();
    }

    @Test
    @Feature({"DL-MULTI-5", "B-07"})
    void allAreExtendedTogether() {
        long token =
                at(1_000).session("a").acquire(XY, atOnce().setTtlMillis(500)).token();
        at(1_400).session("a").extend(List.of("y", "x"), token, 500).gives(EXTENDED);
        at(1_899).tick();
        assertThat(session("a").verify("x", token).getLive()).isTrue();
        assertThat(session("a").verify("y", token).getLive()).isTrue();
    }

    @Test
    @Feature({"PM-LOCK-3", "B-07"})
    void allExpireTogetherWithOneEvent() {
        long token =
                at(1_000).session("a").acquire(XYZ, atOnce().setTtlMillis(500)).token();
        session("b").acquire("y", 0, -1).gives(QUEUED);

        at(1_500).tick();

        assertThat(last().changes())
                .extracting(c -> c.getKey() + " " + c.getKind())
                .containsExactly("x EXPIRED", "y EXPIRED", "z EXPIRED", "y ACQUIRED");
        LockEvent lost = session("a").hears(LockEvent.OutcomeCase.LOST).get(0).getLock();
        assertThat(lost.getNamesList()).isEqualTo(XYZ);
        assertThat(lost.getLost().getToken()).isEqualTo(token);
        session("b").hearsGrant();
        session("a").extend(XYZ, token, 500).refused(ErrorCode.EMULTILOCK).names("x", "y", "z");
        session("a").release(XYZ, token).names("x", "y", "z");
    }

    @Test
    @Feature({"S-40", "DL-MULTI-5"})
    void whatIsLeftOfASetIsReleasedWhenItCannotBeExtended() {
        long token =
                at(1_000).session("a").acquire(XYZ, atOnce().setTtlMillis(900)).token();
        session("op").force(List.of("y"), 0, "op").changes(ChangeKind.FORCED_RELEASE);
        assertThat(session("a").verify("x", token).getLive()).isTrue();
        session("a").hears(LockEvent.OutcomeCase.LOST);

        session("a").extend(XYZ, token, 900).refused(ErrorCode.EMULTILOCK).names("y");

        assertThat(last().changes())
                .extracting(c -> c.getKey() + " " + c.getKind())
                .containsExactly("x RELEASED", "z RELEASED");
        session("b").acquire(XYZ, atOnce()).gives(GRANTED);
        session("a").hears();
    }

    @Test
    @Feature({"DL-MULTI-6", "A-38"})
    void aReleaseTellsWhatWasGoneAndReleasesTheRest() {
        long token = at(1_000).session("a").acquire(XYZ, atOnce()).token();
        session("op").force(List.of("x", "q"), token, "op");
        Outcome released = session("a").release(XYZ, token).names("x");
        assertThat(released.wasHeld()).isTrue();
        released.changes(ChangeKind.RELEASED, ChangeKind.RELEASED);
        assertThat(session("a").release(XYZ, token).names("x", "y", "z").wasHeld())
                .isFalse();
    }

    @Test
    @Feature({"S-40", "PM-LOCK-4"})
    void whatIsLeftOfASetExpiresOrEndsWithItsSession() {
        session("a").acquire(XYZ, atOnce());
        session("b").acquire(List.of("u", "v"), atOnce().setTtlMillis(500));
        session("op").force(List.of("x", "u"), 0, "op");
        at(2_000).tick();
        assertThat(session("b").inspect("v").getHoldsList()).isEmpty();
        expire("a");
        session("c").acquire(List.of("x", "y", "z", "u", "v"), atOnce()).gives(GRANTED);
        session("d").acquire(List.of("p", "q"), atOnce());
        session("op").force(List.of("p"), 0, "op");
        expire("d");
        assertThat(last().changes())
                .extracting(change -> change.getKey() + " " + change.getKind())
                .containsExactly("q RELEASED");
    }

    @Test
    @Feature({"G-7", "PM-LOCK-10"})
    void whatIsLeftOfASetIsReleasedByACancelOfItsRequest() {
        long seq = session("a").acquire(XYZ, atOnce()).seq();
        session("op").force(List.of("x"), 0, "op");
        session("a").cancelAcquire(XY, seq).cancels(AcquireCancelled.Outcome.NOTHING);
        session("a").cancelAcquire(XYZ, seq).cancels(AcquireCancelled.Outcome.RELEASED_GRANT);
        session("b").acquire(XYZ, atOnce()).gives(GRANTED);
    }

    @Test
    @Feature({"G-7", "B-08"})
    void aWaitingSetThatGivesUpLetsThoseBehindItPass() {
        at(1_000).session("a").acquire("y");
        long seq = session("b").acquire(XY, waiting()).seq();
        session("c").acquire("x", 0, -1).gives(QUEUED);
        session("d").acquire(XY, waiting().setWaitMillis(100)).gives(QUEUED);
        session("e").acquire("x", 0, -1).gives(QUEUED);

        session("b").cancelAcquire(XY, seq).cancels(AcquireCancelled.Outcome.DEQUEUED);
        long c = session("c").hearsGrant();
        session("c").release("x", c);
        session("e").hears();
        at(1_100).tick();
        session("d").hears(LockEvent.OutcomeCase.WAIT_ELAPSED);
        session("e").hearsGrant();
    }

    @Test
    @Feature("PM-LOCK-6")
    void aWaitingSetIsGoneWithItsSession() {
        session("a").acquire("y");
        session("b").acquire(XY, waiting()).gives(QUEUED);
        session("c").acquire("x", 0, -1).gives(QUEUED);
        session("b").close();
        session("c").hearsGrant();
    }

    @Test
    @Feature({"DL-MULTI-2", "B-07"})
    void oneReleaseCanServeManyOnDifferentLocks() {
        long token = session("a").acquire(XYZ, atOnce()).token();
        session("b").acquire("y", 0, -1);
        session("c").acquire(List.of("z", "x"), waiting());
        session("a").release(XYZ, token);
        session("b").hearsGrant();
        session("c").hearsGrant();
    }

    @Test
    @Feature("PM-LOCK-8")
    void theHolderMustNameItsWholeSet() {
        long token = session("a").acquire(XYZ, atOnce()).token();
        session("a").release(XY, token).refused(ErrorCode.EINVAL, "names");
        session("a").extend("x", token, 100).refused(ErrorCode.EINVAL, "names");
        session("b").release(XYZ, token).refused(ErrorCode.ENOTOWNER);
        assertThat(session("a").release(List.of("z", "y", "x"), token).wasHeld())
                .isTrue();
    }

    @Test
    @Feature({"S-41", "DL-MULTI-1", "DL-MULTI-3"})
    void namesAreChecked() {
        Actor a = session("a");
        a.acquire(List.of(), atOnce()).refused(ErrorCode.EINVAL, "names");
        a.acquire(List.of("x", "x"), atOnce()).refused(ErrorCode.EINVAL, "names");
        a.acquire(List.of("x", ""), atOnce()).refused(ErrorCode.EINVAL, "lock name");
        List<String> names = IntStream.range(0, 65).mapToObj(i -> "name " + i).toList();
        a.acquire(names, atOnce()).refused(ErrorCode.EINVAL, "names");
        a.acquire(names.subList(1, 65), atOnce()).gives(GRANTED);
        ByteString large = ByteString.copyFromUtf8('"' + "x".repeat(1 << 19) + '"');
        a.acquire(XYZ, atOnce().setContents(large)).refused(ErrorCode.ETOOLARGE, "contents");
        assertThat(a.held().getHeldCount()).isEqualTo(64);
    }

    @Test
    @Feature("G-12")
    void whatAdmissionWouldRefuseIsRefusedByEveryReplicaToo() {
        for (List<String> names : List.of(List.<String>of(), List.of("x", "x"), Collections.nCopies(65, "x"))) {
            Command.Builder command = Command.newBuilder();
            command.getLockBuilder().setNamespace("default").addAllNames(names).setAcquire(atOnce());
            session("a").force(command).refused(ErrorCode.EINVAL, "names").changes();
        }
    }

    @Test
    @Tag("slow")
    @Feature({"B-08", "PM-LOCK-5"})
    void thousandsOfWaitersAreServedInOrderAndEachReleaseDoesTheSameWork() {
        withoutShadow();
        int waiters = 10_000;
        int sessions = 50;
        long token = session("a").acquire("x").token();
        for (int i = 0; i < waiters; i++) {
            session("s" + i % sessions).acquire("x", 0, -1).gives(QUEUED).ahead(i);
        }
        for (int i = 0; i < waiters; i++) {
            Actor holder = i == 0 ? session("a") : session("s" + (i - 1) % sessions);
            core().capture();
            holder.release("x", token).changes(ChangeKind.RELEASED, ChangeKind.ACQUIRED);
            assertThat(last().events()).hasSize(1);
            // The hold that went and the one that came, the waiter, the bar, and two sessions.
            assertThat(core().dirtyRows()).isLessThanOrEqualTo(6);
            Event granted = session("s" + i % sessions)
                    .hears(LockEvent.OutcomeCase.GRANTED)
                    .get(0);
            token = granted.getLock().getGranted().getToken();
            assertThat(granted.getRequestSeq()).isEqualTo(1L + i / sessions);
            session("s" + i % sessions).acks(granted.getRequestSeq()).acksEvents(granted.getNumber());
        }
        assertThat(session("a").inspect("x").getWaiterCount()).isZero();
    }

    @Test
    @Feature("B-07")
    void aSetCanBeAskedForInEveryOrder() {
        long token = session("a").acquire(XY, atOnce()).token();
        LockReply.OutcomeCase busy = session("b")
                .acquire(List.of("y", "x"), atOnce())
                .reply()
                .getLock()
                .getOutcomeCase();
        assertThat(busy).isEqualTo(BUSY);
        assertThat(session("a").release(List.of("y", "x"), token).wasHeld()).isTrue();
    }
}
