package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.lock.AuditRecord;
import io.coordinator.client.lock.HeldLocks;
import io.coordinator.client.lock.LockSummary;
import io.coordinator.client.lock.Locks;
import io.coordinator.client.lock.SemaphoreSummary;
import io.coordinator.client.lock.WaitCycle;
import java.util.List;

/** All locks, for callers that wait. */
public record BlockingLocks(LockAdmin calls) implements Locks {
    @Override
    public List<LockSummary> list(String prefix) {
        return Await.result(calls.list(prefix));
    }

    @Override
    public List<LockSummary> list(String namespace, String prefix) {
        return Await.result(calls.list(namespace, prefix));
    }

    @Override
    public List<SemaphoreSummary> semaphores(String namespace, String prefix) {
        return Await.result(calls.semaphores(namespace, prefix));
    }

    @Override
    public HeldLocks held() {
        return Await.result(calls.held());
    }

    @Override
    public HeldLocks held(long sessionId) {
        return Await.result(calls.held(sessionId));
    }

    @Override
    public List<WaitCycle> waitCycles() {
        return Await.result(calls.waitCycles());
    }

    @Override
    public List<Long> forceRelease(String name, String operator, String reason) {
        return Await.result(calls.forceRelease(name, operator, reason));
    }

    @Override
    public List<Long> forceRelease(String namespace, String name, long token, String operator, String reason) {
        return Await.result(calls.forceRelease(namespace, name, token, operator, reason));
    }

    @Override
    public List<AuditRecord> audit() {
        return Await.result(calls.audit());
    }

    @Override
    public List<AuditRecord> audit(int limit) {
        return Await.result(calls.audit(limit));
    }

    @Override
    public boolean release(String name, long grantId) {
        return Await.uninterruptibly(calls.release(name, grantId));
    }
}
