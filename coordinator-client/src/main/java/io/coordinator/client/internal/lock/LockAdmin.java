package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.lock.AsyncLocks;
import io.coordinator.client.lock.AuditRecord;
import io.coordinator.client.lock.HeldLocks;
import io.coordinator.client.lock.LockSummary;
import io.coordinator.client.lock.SemaphoreSummary;
import io.coordinator.client.lock.WaitCycle;
import io.coordinator.protocol.FindWaitCycles;
import io.coordinator.protocol.ForceReleaseLock;
import io.coordinator.protocol.ListHeldLocks;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.ListSemaphores;
import io.coordinator.protocol.LockList;
import io.coordinator.protocol.ReadAudit;
import io.coordinator.protocol.SemaphoreList;
import java.util.ArrayList;
import java.util.List;

/** Questions about all locks, and releases of what is named, as messages. */
public final class LockAdmin implements AsyncLocks {
    /** The cluster's own limit. */
    private static final int ALL = 0;

    private final Calls calls;
    private final String namespace;

    /**
     * All locks.
     *
     * @param namespace where a call names none
     */
    public LockAdmin(Calls calls, String namespace) {
        this.calls = calls;
        this.namespace = namespace;
    }

    // ---- questions ----

    @Override
    public Promise<List<LockSummary>> list(String prefix) {
        return list(namespace, prefix);
    }

    @Override
    public Promise<List<LockSummary>> list(String inNamespace, String prefix) {
        return calls.promises().attempt(() -> listAll(inNamespace, prefix));
    }

    private Promise<List<LockSummary>> listAll(String inNamespace, String prefix) {
        Promise<List<LockSummary>> all = calls.promises().make();
        ListLocks first = ListLocks.newBuilder()
                .setNamespace(Text.prefix("namespace", inNamespace))
                .setPrefix(Text.prefix("prefix", prefix))
                .build();
        listOn(first, new ArrayList<>(), all);
        return all;
    }

    /** Reads a page and, when there are more, the next one. */
    private void listOn(ListLocks page, List<LockSummary> before, Promise<List<LockSummary>> all) {
        var unused = LockCalls.query(calls, body -> body.setList(page), answer -> {
                    LockList list = answer.getLock().getList();
                    list.getLocksList()
                            .forEach(lock ->
                                    before.add(Views.summary(lock, answer.getClusterTimeMillis(), calls.json())));
                    return list;
                })
                .whenComplete((list, error) -> {
                    if (error != null) {
                        all.fail(error);
                        return;
                    }
                    if (list.getMore() && list.getLocksCount() > 0) {
                        listOn(after(page, list), before, all);
                    } else {
                        all.succeed(List.copyOf(before));
                    }
                });
    }

    private static ListLocks after(ListLocks page, LockList list) {
        io.coordinator.protocol.LockSummary last = list.getLocks(list.getLocksCount() - 1);
        return page.toBuilder()
                .setAfterNamespace(last.getNamespace())
                .setAfterName(last.getName())
                .build();
    }

    @Override
    public Promise<List<SemaphoreSummary>> semaphores(String inNamespace, String prefix) {
        return calls.promises().attempt(() -> listSemaphores(inNamespace, prefix));
    }

    private Promise<List<SemaphoreSummary>> listSemaphores(String inNamespace, String prefix) {
        Promise<List<SemaphoreSummary>> all = calls.promises().make();
        ListSemaphores first = ListSemaphores.newBuilder()
                .setNamespace(Text.prefix("namespace", inNamespace))
                .setPrefix(Text.prefix("prefix", prefix))
                .build();
        listOn(first, new ArrayList<>(), all);
        return all;
    }

    private void listOn(ListSemaphores page, List<SemaphoreSummary> before, Promise<List<SemaphoreSummary>> all) {
        var unused = SemaphoreCalls.query(
                        calls,
                        body -> body.setList(page),
                        answer -> answer.getSemaphore().getList())
                .whenComplete((list, error) -> {
                    if (error != null) {
                        all.fail(error);
                        return;
                    }
                    list.getSemaphoresList().forEach(one -> before.add(Views.summary(one)));
                    if (list.getMore() && list.getSemaphoresCount() > 0) {
                        listOn(after(page, list), before, all);
                    } else {
                        all.succeed(List.copyOf(before));
                    }
                });
    }

    private static ListSemaphores after(ListSemaphores page, SemaphoreList list) {
        io.coordinator.protocol.SemaphoreSummary last = list.getSemaphores(list.getSemaphoresCount() - 1);
        return page.toBuilder()
                .setAfterNamespace(last.getNamespace())
                .setAfterName(last.getName())
                .build();
    }

    @Override
    public Promise<HeldLocks> held() {
        return held(calls.channel().session().id());
    }

    @Override
    public Promise<HeldLocks> held(long sessionId) {
        return LockCalls.query(
                calls,
                body -> body.setHeld(ListHeldLocks.newBuilder().setSessionId(sessionId)),
                answer -> Views.held(answer, calls.json()));
    }

    @Override
    public Promise<List<WaitCycle>> waitCycles() {
        return LockCalls.query(calls, body -> body.setCycles(FindWaitCycles.getDefaultInstance()), Views::cycles);
    }

    @Override
    public Promise<List<AuditRecord>> audit() {
        return readAudit(ALL);
    }

    @Override
    public Promise<List<AuditRecord>> audit(int limit) {
        return calls.promises().attempt(() -> {
            if (limit < 1) {
                throw new ValidationException("limit must be at least 1, but is " + limit);
            }
            return readAudit(limit);
        });
    }

    private Promise<List<AuditRecord>> readAudit(int limit) {
        return LockCalls.query(
                calls, body -> body.setAudit(ReadAudit.newBuilder().setLimit(limit)), Views::audit);
    }

    // ---- releases by id ----

    @Override
    public Promise<List<Long>> forceRelease(String name, String operator, String reason) {
        return forceRelease(namespace, name, 0, operator, reason);
    }

    @Override
    public Promise<List<Long>> forceRelease(
            String inNamespace, String name, long token, String operator, String reason) {
        return calls.command(
                LockCalls.LOCK,
                () -> {
                    ForceReleaseLock.Builder force = ForceReleaseLock.newBuilder()
                            .setToken(token)
                            .setOperator(Calls.checkName("operator", operator))
                            .setReason(Text.wellFormed("reason", reason));
                    return target(inNamespace, name)
                            .body()
                            .setForceRelease(force)
                            .build();
                },
                reply -> List.copyOf(reply.getLock().getForced().getTokensList()));
    }

    @Override
    public Promise<Boolean> release(String name, long grantId) {
        return calls.command(
                LockCalls.LOCK,
                () -> target(namespace, name).release(grantId).getLock(),
                reply -> reply.getLock().getReleased().getWasHeld());
    }

    private static LockTarget target(String inNamespace, String name) {
        return new LockTarget(Calls.checkName("namespace", inNamespace), List.of(Calls.checkName("name", name)));
    }
}
