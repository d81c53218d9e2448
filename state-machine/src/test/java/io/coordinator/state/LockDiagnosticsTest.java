package io.coordinator.state;

import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.LockReply.OutcomeCase.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.AuditRecord;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.HeldLocks;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockList;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockSummary;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who holds what, who waits for whom, and forced releases. */
class LockDiagnosticsTest extends Script {
    private static final List<String> XY = List.of("x", "y");

    @Test
    @Feature({"EL-INS-1", "B-30"})
    void inspectNamesHoldersAndWaiters() {
        at(1_000)
                .session("a")
                .acquire(
                        List.of("x"),
                        AcquireLock.newBuilder().setMode(LockMode.SHARED).setOwner("thread 7"));
        session("b").acquire(List.of("x"), AcquireLock.newBuilder().setMode(LockMode.SHARED));
        session("c").acquire("x", 0, -1);

        var inspection = session("z").inspect("x");

        assertThat(inspection.getHoldsList())
                .extracting(LockHold::getClientName)
                .containsExactly("a", "b");
        assertThat(inspection.getHolds(0).getOwner()).isEqualTo("thread 7");
        assertThat(inspection.getWaitersList())
                .extracting(LockWaiter::getClientName)
                .containsExactly("c");
        assertThat(inspection.getWaiterCount()).isEqualTo(1);
        assertThat(inspection.getWaiters(0).getContents()).isEmpty();
    }

    @Test
    @Feature("B-30")
    void listsWhatIsHeldOrWaitedForPageByPage() {
        at(1_000).session("a").acquire(List.of("p/b", "p/c"), AcquireLock.newBuilder());
        session("a").acquire("q");
        session("b")
                .acquire(List.of("p/a", "p/b"), AcquireLock.newBuilder().setWaitMillis(-1))
                .gives(QUEUED);
        at(1_700).tick();

        LockList first =
                session("z").listLocks(ListLocks.newBuilder().setPrefix("p/").setLimit(2));
        assertThat(first.getLocksList()).extracting(LockSummary::getName).containsExactly("p/a", "p/b");
        assertThat(first.getMore()).isTrue();
        assertThat(first.getLocks(0).getHoldsCount()).isZero();
        assertThat(first.getLocks(0).getWaiters()).isEqualTo(1);
        assertThat(first.getLocks(1).getHolds(0).getClientName()).isEqualTo("a");
        assertThat(first.getLocks(1).getLongestWaitMillis()).isEqualTo(700);

        LockList second = session("z")
                .listLocks(ListLocks.newBuilder()
                        .setPrefix("p/")
                        .setAfterNamespace("default")
                        .setAfterName("p/b"));
        assertThat(second.getLocksList()).extracting(LockSummary::getName).containsExactly("p/c");
        assertThat(second.getMore()).isFalse();
        assertThat(session("z").listLocks(ListLocks.newBuilder()).getLocksList())
                .extracting(LockSummary::getName)
                .containsExactly("p/a", "p/b", "p/c", "q");
        assertThat(session("z")
                        .listLocks(ListLocks.newBuilder().setNamespace("other"))
                        .getLocksList())
                .isEmpty();
    }

    @Test
    @Feature("B-30")
    void listsSkipFromNamespaceToNamespace() {
        for (String namespace : List.of("n1", "n2", "n3")) {
            for (String name : List.of("a", "p1", "p2", "z")) {
                acquire(namespace, name);
            }
        }
        acquire("n2", "p\uD83D\uDE00");
        List<String> listed = new ArrayList<>();
        ListLocks.Builder list = ListLocks.newBuilder().setPrefix("p").setLimit(2);
        LockList page = session("a").listLocks(list);
        for (; page.getLocksCount() > 0; page = session("a").listLocks(list)) {
            for (LockSummary lock : page.getLocksList()) {
                listed.add(lock.getNamespace() + "/" + lock.getName());
                list.setAfterNamespace(lock.getNamespace()).setAfterName(lock.getName());
            }
        }
        assertThat(listed).containsExactly("n1/p1", "n1/p2", "n2/p1", "n2/p2", "n2/p\uD83D\uDE00", "n3/p1", "n3/p2");
        assertThat(session("a")
                        .listLocks(ListLocks.newBuilder().setNamespace("n2"))
                        .getLocksCount())
                .isEqualTo(5);
    }

    private void acquire(String namespace, String name) {
        Command.Builder command = Command.newBuilder();
        command.getLockBuilder().setNamespace(namespace).addNames(name).setAcquire(AcquireLock.getDefaultInstance());
        session("a").send(command).gives(GRANTED);
    }

    @Test
    @Feature("B-30")
    void answersAreBounded() {
        withoutShadow();
        for (int i = 0; i < 150; i++) {
            session("a").acquire("name " + i).gives(GRANTED);
            session("b").acquire("name 0", 0, -1).gives(QUEUED);
        }
        assertThat(session("z")
                        .listLocks(ListLocks.newBuilder().setLimit(1_000))
                        .getLocksCount())
                .isEqualTo(100);
        assertThat(session("z").inspect("name 0").getWaitersCount()).isEqualTo(100);
        assertThat(session("z").inspect("name 0").getWaiterCount()).isEqualTo(150);
        assertThat(session("a").held().getHeldCount()).isEqualTo(100);
        assertThat(session("b").held().getWaitingCount()).isEqualTo(100);
    }

    @Test
    @Feature("B-30")
    void tellsWhatASessionHoldsAndWaitsFor() {
        session("b").acquire("z");
        session("a").acquire(XY, AcquireLock.newBuilder().setReentrant(true));
        session("a").acquire(XY, AcquireLock.newBuilder().setReentrant(true));
        session("a").acquire("z", 0, -1);

        HeldLocks held = session("a").held();

        assertThat(held.getHeldList()).extracting(h -> h.getName()).containsExactly("x", "y");
        assertThat(held.getWaitingList())
                .extracting(w -> w.getNamesList().toString())
                .containsExactly("[z]");
    }

    @Test
    @Feature("B-30")
    void aForcedReleaseTellsTheHolderHandsOnAndIsAudited() {
        long token =
                at(1_000).session("a").acquire(XY, AcquireLock.newBuilder()).token();
        session("b").acquire("x", 0, -1);

        Outcome forced = at(2_000)
                .session("op")
                .force(List.of("x"), 0, "alice")
                .changes(ChangeKind.FORCED_RELEASE, ChangeKind.ACQUIRED);

        assertThat(forced.reply().getLock().getForced().getTokensList()).containsExactly(token);
        LockEvent lost = session("a").hears(LockEvent.OutcomeCase.LOST).get(0).getLock();
        assertThat(lost.getNamesList()).containsExactly("x");
        assertThat(lost.getLost().getReason()).isEqualTo(LockLost.Reason.FORCED);
        session("b").hearsGrant();
        session("a").close();
        AuditRecord record = session("z").audit(0).get(0);
        assertThat(record.getOperator()).isEqualTo("alice");
        assertThat(record.getReason()).isEqualTo("it hangs");
        assertThat(record.getClientName()).isEqualTo("a");
        assertThat(record.getToken()).isEqualTo(token);
        assertThat(record.getBySessionId()).isEqualTo(session("op").id());
        assertThat(record.getAtMillis()).isEqualTo(2_000);
        assertThat(record.getNamesList()).containsExactly("x");
        assertThat(record.getRevision()).isPositive();
    }

    @Test
    @Feature("B-30")
    void aForcedReleaseCanBeOfOneTokenOnly() {
        AcquireLock.Builder shared = AcquireLock.newBuilder().setMode(LockMode.SHARED);
        long a = session("a").acquire(List.of("x"), shared).token();
        long b = session("b").acquire(List.of("x"), shared).token();
        session("op").force(List.of("x"), b + 10, "op").changes();
        session("op").force(List.of("x"), a, "op").changes(ChangeKind.FORCED_RELEASE);
        assertThat(session("b").verify("x", b).getLive()).isTrue();
        session("op").force(List.of("x"), 0, "").refused(ErrorCode.EINVAL, "operator");
        assertThat(session("b").verify("x", b).getLive()).isTrue();
    }

    @Test
    @Tag("slow")
    @Feature("B-30")
    void theTrailKeepsTheLatestThousand() {
        withoutShadow();
        for (int i = 0; i < 1_005; i++) {
            session("a").acquire("x" + i);
            session("op").force(List.of("x" + i), 0, "op " + i);
        }
        assertThat(session("z").audit(3))
                .extracting(AuditRecord::getOperator)
                .containsExactly("op 1004", "op 1003", "op 1002");
        assertThat(session("z").audit(5_000)).hasSize(100);
        Coordinator restored = new Store().save(core()).load();
        assertThat(restored.digest()).isEqualTo(core().digest());
    }

    @Test
    @Feature("B-31")
    void sessionsThatWaitForEachOtherAreFound() {
        session("a").acquire("x");
        session("b").acquire("y");
        session("a").acquire("y", 0, -1);
        assertThat(session("z").waitCycles()).isEmpty();
        session("b").acquire("x", 0, -1);
        assertThat(session("z").waitCycles()).containsExactly("a LOCK/y b LOCK/x");
    }

    @Test
    @Feature({"B-31", "PM-LOCK-7"})
    void aSessionThatWaitsForItselfIsACircleOfOne() {
        session("a").acquire("x");
        session("a").acquire("x", 0, -1);
        assertThat(session("z").waitCycles()).containsExactly("a LOCK/x");
    }

    @Test
    @Feature({"B-31", "B-21"})
    void circlesRunOverLocksAndSemaphores() {
        session("a").permits("s", 2, 3, 0, 0);
        session("b").acquire("x");
        session("b").permits("s", 1, 3, 0, 0);
        session("a").acquire("x", 0, -1);
        session("b").permits("s", 2, 3, 0, -1);
        // b waits for itself as well, for it holds a permit of those that it lacks.
        assertThat(session("z").waitCycles()).containsExactlyInAnyOrder("a LOCK/x b SEMAPHORE/s", "b SEMAPHORE/s");
    }

    @Test
    @Feature({"B-31", "B-19"})
    void whoIsLetInByTheHoldersWaitsForNone() {
        AcquireLock.Builder shared =
                AcquireLock.newBuilder().setMode(LockMode.SHARED).setWaitMillis(-1);
        session("a").acquire(List.of("x"), shared);
        session("b").acquire("x", 0, -1).gives(QUEUED);
        session("a").acquire(List.of("x"), shared).gives(QUEUED);
        assertThat(session("z").waitCycles()).isEmpty();
    }

    @Test
    @Tag("slow")
    @Feature("B-31")
    void longChainsAreSearched() {
        withoutShadow();
        int length = 2_000;
        for (int i = 0; i < length; i++) {
            session("s" + i).acquire("x" + i);
        }
        for (int i = 0; i + 1 < length; i++) {
            session("s" + i).acquire("x" + (i + 1), 0, -1);
        }
        assertThat(session("z").waitCycles()).isEmpty();
        session("s" + (length - 1)).acquire("x" + (length - 3), 0, -1);
        assertThat(session("z").waitCycles()).containsExactly("s1997 LOCK/x1998 s1998 LOCK/x1999 s1999 LOCK/x1997");
    }
}
