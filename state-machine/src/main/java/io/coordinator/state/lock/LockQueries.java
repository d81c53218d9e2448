package io.coordinator.state.lock;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.AuditRecords;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.HeldLock;
import io.coordinator.protocol.HeldLocks;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.LockAnswer;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockInspection;
import io.coordinator.protocol.LockList;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.LockSummary;
import io.coordinator.protocol.LockVerification;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.protocol.VerifyLock;
import io.coordinator.protocol.WaitCycle;
import io.coordinator.protocol.WaitCycleMember;
import io.coordinator.protocol.WaitCycles;
import io.coordinator.state.kernel.Fence;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.WaitGraph;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be asked about locks. Every list is bounded in rows and bytes. */
final class LockQueries {
    private static final int CYCLES_MAX = 100;
    /** Of one lock in a list of locks. */
    private static final int SUMMARY_BYTES_MAX = 1 << 16;

    private final Lanes lanes;
    private final LockTable holds;
    private final LockQueues queues;
    private final AuditTrail audit;
    private final SessionDirectory sessions;

    LockQueries(Lanes lanes, LockTable holds, LockQueues queues, AuditTrail audit, SessionDirectory sessions) {
        this.lanes = lanes;
        this.holds = holds;
        this.queues = queues;
        this.audit = audit;
        this.sessions = sessions;
    }

    Answer.Builder query(LockQuery lock, long nowMillis, Fence fence, Consumer<WaitGraph> waits) {
        return switch (lock.getOperationCase()) {
            case INSPECT -> answer(LockAnswer.newBuilder().setInspection(inspect(lock)));
            case VERIFY -> answer(LockAnswer.newBuilder().setVerification(verify(lock, lock.getVerify(), fence)));
            case LIST -> answer(LockAnswer.newBuilder().setList(list(lock.getList(), nowMillis)));
            case HELD ->
                answer(LockAnswer.newBuilder().setHeld(held(lock.getHeld().getSessionId())));
            case CYCLES -> answer(LockAnswer.newBuilder().setCycles(cycles(waits)));
            case AUDIT ->
                answer(LockAnswer.newBuilder().setAudit(audit(lock.getAudit().getLimit())));
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the lock query is unknown to this version; upgrade this node");
        };
    }

    private static Answer.Builder answer(LockAnswer.Builder lock) {
        return Answer.newBuilder().setLock(lock);
    }

    private LockInspection inspect(LockQuery lock) {
        LockInspection.Builder inspection = LockInspection.newBuilder();
        Lane lane = lanes.find(Name.of(lock.getNamespace(), lock.getName()).key());
        if (lane == null) {
            return inspection.build();
        }
        Page page = new Page(0);
        for (LockHold hold : lane.holds()) {
            if (!page.takes(hold.getSerializedSize())) {
                break;
            }
            inspection.addHolds(named(hold));
        }
        Page waiters = new Page(0);
        for (LockWaiter waiter : lane.waiters()) {
            LockWaiter shown = named(waiter);
            if (!waiters.takes(shown.getSerializedSize())) {
                break;
            }
            inspection.addWaiters(shown);
        }
        return inspection.setWaiterCount(lane.waiting()).build();
    }

    private static LockVerification verify(LockQuery lock, VerifyLock verify, Fence fence) {
        return LockVerification.newBuilder()
                .setLive(fence.passes(lock.getNamespace(), lock.getName(), verify.getToken(), verify.getMode()))
                .setCurrentToken(fence.liveToken(lock.getNamespace(), lock.getName()))
                .build();
    }

    private LockList list(ListLocks list, long nowMillis) {
        LockList.Builder locks = LockList.newBuilder();
        NameScan scan = new NameScan(lanes::ceilingKey, lanes::higherKey, list.getNamespace(), list.getPrefix());
        Page page = new Page(list.getLimit());
        String key = scan.firstAfter(list.getAfterNamespace(), list.getAfterName());
        while (key != null) {
            LockSummary summary = summary(lanes.find(key), nowMillis);
            if (!page.takes(summary.getSerializedSize())) {
                return locks.setMore(true).build();
            }
            locks.addLocks(summary);
            key = scan.next(key);
        }
        return locks.build();
    }

    private LockSummary summary(@Nullable Lane lane, long nowMillis) {
        if (lane == null) {
            throw new IllegalStateException("the order of names has one that is gone");
        }
        LockSummary.Builder summary = LockSummary.newBuilder()
                .setNamespace(lane.name().namespace())
                .setName(lane.name().name())
                .setWaiters(lane.waiting());
        int bytes = 0;
        for (LockHold hold : lane.holds()) {
            LockHold shown = named(hold.toBuilder().clearContents().build());
            bytes += shown.getSerializedSize();
            if (summary.getHoldsCount() == Page.ROWS_MAX
                    || (summary.getHoldsCount() > 0 && bytes > SUMMARY_BYTES_MAX)) {
                break;
            }
            summary.addHolds(shown);
        }
        LockWaiter head = lane.head();
        if (head != null) {
            summary.setLongestWaitMillis(nowMillis - head.getQueuedAtMillis());
        }
        return summary.build();
    }

    private HeldLocks held(long sessionId) {
        HeldLocks.Builder held = HeldLocks.newBuilder();
        Page page = new Page(0);
        for (String row : holds.rowsOf(sessionId)) {
            LockHold hold = holds.row(row);
            Name name = LockTable.nameOf(row);
            if (hold == null || isShown(held, hold)) {
                continue;
            }
            for (Name each : holds.liveNames(name.namespace(), hold)) {
                HeldLock shown = HeldLock.newBuilder()
                        .setNamespace(each.namespace())
                        .setName(each.name())
                        .setHold(named(hold.toBuilder().clearContents().build()))
                        .build();
                if (!page.takes(shown.getSerializedSize())) {
                    return held.build();
                }
                held.addHeld(shown);
            }
        }
        for (LockWaiter waiter : queues.of(sessionId)) {
            LockWaiter shown = named(waiter);
            if (!page.takes(shown.getSerializedSize())) {
                break;
            }
            held.addWaiting(shown);
        }
        return held.build();
    }

    /** A grant that was entered again comes once for each request. */
    private static boolean isShown(HeldLocks.Builder held, LockHold hold) {
        return held.getHeldList().stream().anyMatch(h -> h.getHold().getToken() == hold.getToken());
    }

    private WaitCycles cycles(Consumer<WaitGraph> waits) {
        WaitGraph graph = new WaitGraph();
        waits.accept(graph);
        WaitCycles.Builder cycles = WaitCycles.newBuilder();
        Page page = new Page(CYCLES_MAX);
        for (List<WaitGraph.Step> steps : graph.cycles(CYCLES_MAX)) {
            WaitCycle.Builder cycle = WaitCycle.newBuilder();
            for (WaitGraph.Step step : steps) {
                cycle.addMembers(WaitCycleMember.newBuilder()
                        .setSessionId(step.sessionId())
                        .setClientName(sessions.clientName(step.sessionId()))
                        .setData(step.kind())
                        .setNamespace(step.name().namespace())
                        .setName(step.name().name()));
            }
            WaitCycle built = cycle.build();
            if (!page.takes(built.getSerializedSize())) {
                break;
            }
            cycles.addCycles(built);
        }
        return cycles.build();
    }

    /** Adds each waiter to the locks whose holders do not let it in. */
    void describeWaits(WaitGraph graph) {
        queues.forEach((key, waiter) -> {
            for (Name name : LockQueues.names(waiter)) {
                Lane lane = lanes.find(name.key());
                if (lane != null && !lane.admits(waiter.getMode())) {
                    graph.add(
                            waiter.getSessionId(),
                            DataKind.LOCK,
                            name,
                            visitor -> lane.holds().forEach(hold -> visitor.accept(hold.getSessionId())));
                }
            }
        });
    }

    private AuditRecords audit(int limit) {
        AuditRecords.Builder records = AuditRecords.newBuilder();
        audit.fill(new Page(limit), records::addRecords);
        return records.build();
    }

    private LockHold named(LockHold hold) {
        return hold.toBuilder()
                .setClientName(sessions.clientName(hold.getSessionId()))
                .build();
    }

    /** Without its contents, which together could outgrow any answer. */
    private LockWaiter named(LockWaiter waiter) {
        return waiter.toBuilder()
                .clearContents()
                .setClientName(sessions.clientName(waiter.getSessionId()))
                .build();
    }
}
