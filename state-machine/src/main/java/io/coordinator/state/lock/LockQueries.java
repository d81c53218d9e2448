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
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Fence;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.WaitGraph;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be asked about locks. Every list is bounded in rows and bytes. */
final class LockQueries {
    private static final int CYCLES_MAX = 100;
    /** Grants that are over and are looked at before giving up to find those that are not. */
    private static final int OVER_MAX = 1_000;
    /** Requests of one session that are looked at. */
    private static final int REQUESTS_MAX = 10_000;
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

    Answer.Builder query(LockQuery lock, Context at, Fence fence, Consumer<WaitGraph> waits) {
        return switch (lock.getOperationCase()) {
            case INSPECT -> answer(LockAnswer.newBuilder().setInspection(inspect(at, lock)));
            case VERIFY -> answer(LockAnswer.newBuilder().setVerification(verify(at, lock, lock.getVerify(), fence)));
            case LIST -> list(lock.getList(), at);
            case HELD ->
                answer(LockAnswer.newBuilder().setHeld(held(at, lock.getHeld().getSessionId())));
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

    private LockInspection inspect(Context at, LockQuery lock) {
        LockInspection.Builder inspection = LockInspection.newBuilder();
        Lane lane = lanes.find(Name.of(lock.getNamespace(), lock.getName()).key());
        if (lane == null) {
            return inspection.build();
        }
        Page page = new Page(0);
        int visited = 0;
        for (LockHold hold : lane.holds()) {
            if (isOver(at, hold)) {
                visited++;
            } else if (page.takes(hold.getSerializedSize())) {
                inspection.addHolds(named(hold));
            } else {
                break;
            }
            if (visited > OVER_MAX) {
                break;
            }
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

    private boolean isOver(Context at, LockHold hold) {
        return sessions.isOver(at, hold.getSessionId(), hold.getDeadlineMillis());
    }

    private static LockVerification verify(Context at, LockQuery lock, VerifyLock verify, Fence fence) {
        return LockVerification.newBuilder()
                .setLive(fence.passes(at, lock.getNamespace(), lock.getName(), verify.getToken(), verify.getMode()))
                .setCurrentToken(fence.liveToken(at, lock.getNamespace(), lock.getName()))
                .build();
    }

    private Answer.Builder list(ListLocks list, Context at) {
        LockList.Builder locks = LockList.newBuilder();
        NameScan scan = new NameScan(lanes::ceilingKey, lanes::higherKey, list.getNamespace(), list.getPrefix());
        Page page = new Page(list.getLimit());
        String key = scan.firstAfter(list.getAfterNamespace(), list.getAfterName());
        while (key != null) {
            LockSummary summary = summary(lanes.find(key), at);
            if (!page.takes(summary.getSerializedSize())) {
                return answer(LockAnswer.newBuilder().setList(locks.setMore(true)));
            }
            locks.addLocks(summary);
            key = scan.next(key);
        }
        return scan.hasGivenUp() && locks.getLocksCount() == 0
                ? scan.refusal()
                : answer(LockAnswer.newBuilder().setList(locks.setMore(scan.hasGivenUp())));
    }

    private LockSummary summary(@Nullable Lane lane, Context at) {
        if (lane == null) {
            throw new IllegalStateException("the order of names has one that is gone");
        }
        LockSummary.Builder summary = LockSummary.newBuilder()
                .setNamespace(lane.name().namespace())
                .setName(lane.name().name())
                .setWaiters(lane.waiting());
        addHolds(lane, at, summary);
        LockWaiter head = lane.head();
        if (head != null) {
            summary.setLongestWaitMillis(at.nowMillis() - head.getQueuedAtMillis());
        }
        return summary.build();
    }

    private void addHolds(Lane lane, Context at, LockSummary.Builder summary) {
        int bytes = 0;
        int visited = 0;
        for (LockHold hold : lane.holds()) {
            visited++;
            if (visited > OVER_MAX) {
                return;
            }
            if (isOver(at, hold)) {
                continue;
            }
            LockHold shown = named(hold.toBuilder().clearContents().build());
            bytes += shown.getSerializedSize();
            if (summary.getHoldsCount() == Page.ROWS_MAX
                    || (summary.getHoldsCount() > 0 && bytes > SUMMARY_BYTES_MAX)) {
                return;
            }
            summary.addHolds(shown);
        }
    }

    private HeldLocks held(Context at, long sessionId) {
        HeldLocks.Builder held = HeldLocks.newBuilder();
        Page page = new Page(0);
        addHeld(at, sessionId, held, page);
        queues.forEach(sessionId, waiter -> {
            LockWaiter shown = named(waiter);
            boolean fits = sessions.isOpen(sessionId) && page.takes(shown.getSerializedSize());
            if (fits) {
                held.addWaiting(shown);
            }
            return fits;
        });
        return held.build();
    }

    private void addHeld(Context at, long sessionId, HeldLocks.Builder held, Page page) {
        // A grant that was entered again comes once for each request.
        Set<Long> seen = new HashSet<>();
        int visited = 0;
        for (String row : holds.rowsOf(sessionId)) {
            LockHold hold = holds.row(row);
            visited++;
            if (visited > REQUESTS_MAX) {
                return;
            }
            if (hold == null || !seen.add(hold.getToken()) || isOver(at, hold)) {
                continue;
            }
            LockHold shown = named(hold.toBuilder().clearContents().build());
            for (Name each : holds.liveNames(LockTable.nameOf(row).namespace(), hold)) {
                HeldLock lock = HeldLock.newBuilder()
                        .setNamespace(each.namespace())
                        .setName(each.name())
                        .setHold(shown)
                        .build();
                if (!page.takes(lock.getSerializedSize())) {
                    return;
                }
                held.addHeld(lock);
            }
        }
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
        return cycles.setPartial(graph.isPartial()).build();
    }

    /** Adds each waiter to the locks whose holders do not let it in. */
    void describeWaits(Context at, WaitGraph graph) {
        queues.forEachWaited(lane -> {
            for (LockWaiter waiter : lane.waiters()) {
                if (!graph.visit()) {
                    return false;
                }
                if (!lane.admits(waiter.getMode())
                        && !sessions.isOver(at, waiter.getSessionId(), waiter.getDeadlineMillis())) {
                    graph.add(waiter.getSessionId(), DataKind.LOCK, lane.name(), () -> holders(at, lane));
                }
            }
            return true;
        });
    }

    private Iterator<Long> holders(Context at, Lane lane) {
        return lane.holds().stream()
                .filter(hold -> !isOver(at, hold))
                .map(LockHold::getSessionId)
                .iterator();
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
