package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.lock.AuditRecord;
import io.coordinator.client.lock.HeldLocks;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockSummary;
import io.coordinator.client.lock.SemaphoreInspection;
import io.coordinator.client.lock.SemaphoreSummary;
import io.coordinator.client.lock.WaitCycle;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.protocol.SemaphoreAnswer;
import java.util.List;

/** What the cluster's answers about locks and semaphores look like to user code. */
final class Views {
    private Views() {}

    static LockInspection inspection(Answer answer, JsonCodec json) {
        io.coordinator.protocol.LockInspection inspection = answer.getLock().getInspection();
        return new LockInspection(
                holds(inspection.getHoldsList(), json),
                inspection.getWaitersList().stream()
                        .map(waiter -> waiter(waiter, json))
                        .toList(),
                Math.max(inspection.getWaiterCount(), inspection.getWaitersCount()),
                answer.getClusterTimeMillis());
    }

    private static List<LockInspection.Hold> holds(List<LockHold> holds, JsonCodec json) {
        return holds.stream().map(hold -> hold(hold, json)).toList();
    }

    private static LockInspection.Hold hold(LockHold hold, JsonCodec json) {
        return new LockInspection.Hold(
                hold.getSessionId(),
                hold.getClientName(),
                hold.getToken(),
                mode(hold.getMode()),
                hold.getOwner(),
                1 + hold.getEnteredSeqsCount(),
                hold.getNamesList(),
                hold.getTtlMillis(),
                hold.getAcquiredAtMillis(),
                hold.getDeadlineMillis(),
                json.readIfPresent(hold.getContents()));
    }

    private static LockInspection.Waiter waiter(LockWaiter waiter, JsonCodec json) {
        return new LockInspection.Waiter(
                waiter.getSessionId(),
                waiter.getClientName(),
                mode(waiter.getMode()),
                waiter.getOwner(),
                waiter.getNamesList(),
                waiter.getQueuedAtMillis(),
                waiter.getDeadlineMillis(),
                json.readIfPresent(waiter.getContents()));
    }

    private static LockMode mode(io.coordinator.protocol.LockMode mode) {
        return mode == io.coordinator.protocol.LockMode.SHARED ? LockMode.SHARED : LockMode.EXCLUSIVE;
    }

    static LockSummary summary(io.coordinator.protocol.LockSummary lock, long clusterTimeMillis, JsonCodec json) {
        return new LockSummary(
                lock.getNamespace(),
                lock.getName(),
                holds(lock.getHoldsList(), json),
                lock.getWaiters(),
                lock.getLongestWaitMillis(),
                clusterTimeMillis);
    }

    static HeldLocks held(Answer answer, JsonCodec json) {
        io.coordinator.protocol.HeldLocks held = answer.getLock().getHeld();
        return new HeldLocks(
                held.getHeldList().stream()
                        .map(one -> new HeldLocks.Held(one.getNamespace(), one.getName(), hold(one.getHold(), json)))
                        .toList(),
                held.getWaitingList().stream()
                        .map(one -> new HeldLocks.Wanted(one.getNamespace(), waiter(one, json)))
                        .toList());
    }

    static List<WaitCycle> cycles(Answer answer) {
        return answer.getLock().getCycles().getCyclesList().stream()
                .map(cycle -> new WaitCycle(cycle.getMembersList().stream()
                        .map(member -> new WaitCycle.Member(
                                member.getSessionId(),
                                member.getClientName(),
                                member.getData() == DataKind.SEMAPHORE
                                        ? ChangeEvent.Data.SEMAPHORE
                                        : ChangeEvent.Data.LOCK,
                                member.getNamespace(),
                                member.getName()))
                        .toList()))
                .toList();
    }

    static List<AuditRecord> audit(Answer answer) {
        return answer.getLock().getAudit().getRecordsList().stream()
                .map(one -> new AuditRecord(
                        one.getToken(),
                        one.getNamespace(),
                        one.getNamesList(),
                        one.getSessionId(),
                        one.getClientName(),
                        one.getOperator(),
                        one.getReason(),
                        one.getBySessionId(),
                        one.getAtMillis(),
                        one.getRevision()))
                .toList();
    }

    static SemaphoreInspection semaphore(SemaphoreAnswer answer, long clusterTimeMillis, JsonCodec json) {
        io.coordinator.protocol.SemaphoreInspection inspection = answer.getInspection();
        return new SemaphoreInspection(
                inspection.getExists(),
                inspection.getLimit(),
                inspection.getHeld(),
                inspection.getHoldsList().stream()
                        .map(hold -> new SemaphoreInspection.Holder(
                                hold.getSessionId(),
                                hold.getClientName(),
                                hold.getToken(),
                                hold.getPermits(),
                                hold.getAcquiredAtMillis(),
                                hold.getDeadlineMillis(),
                                json.readIfPresent(hold.getContents())))
                        .toList(),
                inspection.getWaitersList().stream()
                        .map(waiter -> new SemaphoreInspection.Waiter(
                                waiter.getSessionId(),
                                waiter.getClientName(),
                                waiter.getPermits(),
                                waiter.getQueuedAtMillis(),
                                waiter.getDeadlineMillis()))
                        .toList(),
                Math.max(inspection.getWaiterCount(), inspection.getWaitersCount()),
                clusterTimeMillis);
    }

    static SemaphoreSummary summary(io.coordinator.protocol.SemaphoreSummary one) {
        return new SemaphoreSummary(
                one.getNamespace(),
                one.getName(),
                one.getLimit(),
                one.getHeld(),
                one.getWaiters(),
                one.getLongestWaitMillis());
    }
}
