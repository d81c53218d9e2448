package io.coordinator.state;

import static io.coordinator.protocol.LockReply.OutcomeCase.BUSY;
import static io.coordinator.protocol.LockReply.OutcomeCase.DOWNGRADED;
import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.LockReply.OutcomeCase.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockMode;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shared locks, downgrade, and locks that are entered again. */
class LockModesTest extends Script {
    private static final List<String> X = List.of("x");
    private static final List<String> XY = List.of("x", "y");

    private static AcquireLock.Builder shared(long waitMillis) {
        return AcquireLock.newBuilder().setMode(LockMode.SHARED).setWaitMillis(waitMillis);
    }

    private static AcquireLock.Builder again(String owner) {
        return AcquireLock.newBuilder().setReentrant(true).setOwner(owner);
    }

    @Test
    @Feature("B-19")
    void readersShareAndExcludeAWriter() {
        long a = session("a").acquire(X, shared(0)).gives(GRANTED).token();
        long b = session("b").acquire(X, shared(0)).gives(GRANTED).token();
        Outcome busy = session("c").acquire("x").gives(BUSY);
        assertThat(busy.reply().getLock().getBusy().getHolderToken()).isEqualTo(b);
        session("c").acquire("x", 0, -1).gives(QUEUED);

        session("b").release("x", b);
        session("c").hears();
        session("a").release("x", a);
        long c = session("c").hearsGrant();
        session("a").acquire(X, shared(0)).gives(BUSY);
        assertThat(c).isGreaterThan(b);
    }

    @Test
    @Feature({"B-19", "B-08"})
    void writersDoNotStarve() {
        long reader = session("a").acquire(X, shared(0)).token();
        session("writer").acquire("x", 0, -1).gives(QUEUED);
        for (int i = 0; i < 20; i++) {
            session("b" + i).acquire(X, shared(0)).gives(BUSY);
            session("c" + i).acquire(X, shared(-1)).gives(QUEUED).ahead(i + 1);
        }
        session("a").release("x", reader);
        long writer = session("writer").hearsGrant();
        session("writer").release("x", writer);
        for (int i = 0; i < 20; i++) {
            session("c" + i).hearsGrant();
        }
    }

    @Test
    @Feature("B-19")
    void aWriterThatGivesUpLetsTheReadersBehindItIn() {
        at(1_000).session("a").acquire(X, shared(0));
        session("writer").acquire("x", 0, 500).gives(QUEUED);
        session("b").acquire(X, shared(-1)).gives(QUEUED);
        at(1_500).tick();
        session("writer").hears(LockEvent.OutcomeCase.WAIT_ELAPSED);
        session("b").hearsGrant();
    }

    @Test
    @Feature("B-19")
    void aDowngradeKeepsTheTokenAndLetsReadersIn() {
        long token = session("a").acquire("x").token();
        session("b").acquire(X, shared(-1));
        session("c").acquire(X, shared(-1));
        session("d").acquire("x", 0, -1);
        session("e").acquire(X, shared(-1));

        session("a")
                .downgrade(X, token)
                .gives(DOWNGRADED)
                .changes(ChangeKind.DOWNGRADED, ChangeKind.ACQUIRED, ChangeKind.ACQUIRED);

        session("b").hearsGrant();
        session("c").hearsGrant();
        session("d").hears();
        session("e").hears();
        assertThat(session("a").verify("x", token).getLive()).isTrue();
        session("a").downgrade(X, token).gives(DOWNGRADED).changes();
        session("b").downgrade(X, token).refused(ErrorCode.ENOTOWNER);
        session("a").release("x", token);
        session("a").downgrade(X, token).refused(ErrorCode.ELOCKEXTEND);
    }

    @Test
    @Feature({"B-19", "S-40"})
    void whatIsLeftOfASetIsReleasedWhenItCannotBeDowngraded() {
        long token = session("a").acquire(XY, AcquireLock.newBuilder()).token();
        session("op").force(X, 0, "op");
        session("a").downgrade(XY, token).refused(ErrorCode.EMULTILOCK).names("x");
        session("b").acquire(XY, AcquireLock.newBuilder()).gives(GRANTED);
    }

    @Test
    @Feature({"B-19", "B-07"})
    void aSetIsSharedAsAWhole() {
        session("a").acquire(XY, shared(0)).gives(GRANTED);
        session("b").acquire("y").gives(BUSY);
        session("b").acquire(List.of("y"), shared(0)).gives(GRANTED);
        session("c").acquire(XY, shared(0)).gives(GRANTED);
        assertThat(session("c").inspect("y").getHoldsCount()).isEqualTo(3);
    }

    @Test
    @Feature({"B-22", "PM-LOCK-7"})
    void aGrantIsEnteredAgainByItsOwnOwnerOnly() {
        Outcome first = at(1_000).session("a").acquire(X, again("t1")).gives(GRANTED);
        Outcome second = session("a").acquire(X, again("t1")).gives(GRANTED).changes();
        assertThat(second.token()).isEqualTo(first.token());
        assertThat(second.entered()).isEqualTo(2);
        session("a").acquire(X, again("t2")).gives(BUSY);
        session("a").acquire(X, again("t1").setReentrant(false)).gives(BUSY);
        session("a").acquire(X, again("t1").setMode(LockMode.SHARED)).gives(BUSY);
        session("a").acquire(XY, again("t1")).gives(BUSY);
        session("b").acquire(X, again("t1")).gives(BUSY);
    }

    @Test
    @Feature({"B-22", "PM-LOCK-7"})
    void itIsReleasedAsOftenAsItIsEntered() {
        session("a").acquire(XY, again("t"));
        long token = session("a").acquire(List.of("y", "x"), again("t")).token();
        session("b").acquire("x", 0, -1);

        Outcome once = session("a").release(XY, token).changes();
        assertThat(once.wasHeld()).isTrue();
        assertThat(once.entered()).isEqualTo(1);
        session("b").hears();
        Outcome twice = session("a").release(XY, token);
        assertThat(twice.entered()).isZero();
        session("b").hearsGrant();
    }

    @Test
    @Feature({"B-22", "G-7"})
    void aCancelTakesOneEntryOffWhicheverItWas() {
        long first = session("a").acquire(X, again("t")).seq();
        Outcome second = session("a").acquire(X, again("t"));
        long third = session("a").acquire(X, again("t")).seq();
        session("a").acquire(X, again("t"));

        session("a").cancelAcquire("x", third).cancels(AcquireCancelled.Outcome.RELEASED_GRANT);
        session("a").cancelAcquire("x", third).cancels(AcquireCancelled.Outcome.NOTHING);
        session("a").cancelAcquire("x", first).cancels(AcquireCancelled.Outcome.RELEASED_GRANT);
        session("a").cancelAcquire("x", first).cancels(AcquireCancelled.Outcome.NOTHING);
        session("a").cancelAcquire("x", second.seq()).cancels(AcquireCancelled.Outcome.RELEASED_GRANT);
        assertThat(session("a").verify("x", second.token()).getLive()).isTrue();
        Outcome last = session("a").release("x", second.token());
        assertThat(last.entered()).isZero();
        session("b").acquire("x").gives(GRANTED);
    }

    @Test
    @Feature({"B-22", "PM-LOCK-4"})
    void theEndOfTheSessionOrOfTheTtlEndsEveryEntry() {
        at(1_000).session("a").acquire(X, again("t"));
        session("a").acquire(X, again("t"));
        session("a").acquire(List.of("y"), again("t").setTtlMillis(100));
        session("a").acquire(List.of("y"), again("t"));
        at(1_100).tick();
        session("a").hears(LockEvent.OutcomeCase.LOST);
        assertThat(session("b").inspect("y").getHoldsList()).isEmpty();
        session("a").close().changes(ChangeKind.RELEASED);
        session("b").acquire("x").gives(GRANTED);
    }

    @Test
    @Feature("B-22")
    void entriesAreBounded() {
        withoutShadow();
        for (int i = 0; i <= 1_000; i++) {
            session("a").acquire(X, again("t")).gives(GRANTED);
        }
        session("a").acquire(X, again("t")).refused(ErrorCode.EOVERFLOW);
    }

    @Test
    @Feature("G-12")
    void aModeOfANewerVersionIsRefusedAndStopsAReplica() {
        AcquireLock.Builder acquire = AcquireLock.newBuilder().setModeValue(9);
        session("a").acquire(X, acquire).refused(ErrorCode.EUNKNOWN);
        Command.Builder command = Command.newBuilder();
        command.getLockBuilder().setNamespace("default").addNames("x").setAcquire(acquire);
        assertThatThrownBy(() -> session("a").force(command)).isInstanceOf(UnknownCommandException.class);
    }
}
