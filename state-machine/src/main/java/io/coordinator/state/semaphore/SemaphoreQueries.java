package io.coordinator.state.semaphore;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListSemaphores;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitWaiter;
import io.coordinator.protocol.SemaphoreAnswer;
import io.coordinator.protocol.SemaphoreInspection;
import io.coordinator.protocol.SemaphoreList;
import io.coordinator.protocol.SemaphoreQuery;
import io.coordinator.protocol.SemaphoreSummary;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.WaitQueues;

/** What can be asked about semaphores. Every list is bounded in rows and bytes. */
final class SemaphoreQueries {
    /** Grants that are looked at; some of them may be over. */
    private static final int VISITED_MAX = 1_000;

    private final SemaphoreSizes sizes;
    private final PermitTable permits;
    private final WaitQueues<PermitWaiter> waiters;
    private final SessionDirectory sessions;

    SemaphoreQueries(
            SemaphoreSizes sizes, PermitTable permits, WaitQueues<PermitWaiter> waiters, SessionDirectory sessions) {
        this.sizes = sizes;
        this.permits = permits;
        this.waiters = waiters;
        this.sessions = sessions;
    }

    Answer.Builder query(SemaphoreQuery semaphore, Context at) {
        return switch (semaphore.getOperationCase()) {
            case INSPECT ->
                answer(SemaphoreAnswer.newBuilder()
                        .setInspection(inspect(at, Name.of(semaphore.getNamespace(), semaphore.getName()))));
            case LIST -> list(semaphore.getList(), at.nowMillis());
            case OPERATION_NOT_SET ->
                Refusals.answer(
                        ErrorCode.EUNKNOWN, "the semaphore query is unknown to this version; upgrade this node");
        };
    }

    private static Answer.Builder answer(SemaphoreAnswer.Builder semaphore) {
        return Answer.newBuilder().setSemaphore(semaphore);
    }

    private SemaphoreInspection inspect(Context at, Name name) {
        SemaphoreInspection.Builder inspection = SemaphoreInspection.newBuilder()
                .setExists(sizes.find(name) != null)
                .setLimit((int) sizes.limit(name, 0))
                .setHeld((int) permits.taken(name))
                .setWaiterCount(waiters.size(name.key()));
        Page page = new Page(0);
        int visited = 0;
        for (PermitHold hold : permits.holds(name)) {
            visited++;
            if (visited > VISITED_MAX) {
                break;
            }
            if (sessions.isOver(at, hold.getSessionId(), hold.getDeadlineMillis())) {
                continue;
            }
            if (!page.takes(hold.getSerializedSize())) {
                break;
            }
            inspection.addHolds(hold.toBuilder().setClientName(sessions.clientName(hold.getSessionId())));
        }
        // Without their contents, which together could outgrow any answer.
        for (PermitWaiter waiter : waiters.head(name.key(), Page.ROWS_MAX)) {
            inspection.addWaiters(
                    waiter.toBuilder().clearContents().setClientName(sessions.clientName(waiter.getSessionId())));
        }
        return inspection.build();
    }

    private Answer.Builder list(ListSemaphores list, long nowMillis) {
        SemaphoreList.Builder semaphores = SemaphoreList.newBuilder();
        NameScan scan = sizes.scan(list.getNamespace(), list.getPrefix());
        Page page = new Page(list.getLimit());
        String key = scan.firstAfter(list.getAfterNamespace(), list.getAfterName());
        while (key != null) {
            SemaphoreSummary summary = summary(Name.ofKey(key), nowMillis);
            if (!page.takes(summary.getSerializedSize())) {
                return answer(SemaphoreAnswer.newBuilder().setList(semaphores.setMore(true)));
            }
            semaphores.addSemaphores(summary);
            key = scan.next(key);
        }
        return scan.hasGivenUp() && semaphores.getSemaphoresCount() == 0
                ? scan.refusal()
                : answer(SemaphoreAnswer.newBuilder().setList(semaphores.setMore(scan.hasGivenUp())));
    }

    private SemaphoreSummary summary(Name name, long nowMillis) {
        PermitWaiter head = waiters.peek(name.key());
        return SemaphoreSummary.newBuilder()
                .setNamespace(name.namespace())
                .setName(name.name())
                .setLimit((int) sizes.limit(name, 0))
                .setHeld((int) permits.taken(name))
                .setWaiters(waiters.size(name.key()))
                .setLongestWaitMillis(head == null ? 0 : nowMillis - head.getQueuedAtMillis())
                .build();
    }
}
