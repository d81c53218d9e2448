package io.coordinator.cli.holders;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Elapsed;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Sections;
import io.coordinator.client.lock.SemaphoreInspection;
import io.coordinator.client.lock.SemaphoreSummary;

/** Holders of permits and who waits for them, for people and for programs. */
final class SemaphoreViews {
    static final Columns<SemaphoreSummary> SEMAPHORES = new Columns<SemaphoreSummary>()
            .text("NAMESPACE", "namespace", SemaphoreSummary::namespace)
            .text("NAME", "name", SemaphoreSummary::name)
            .number("HELD", "held", SemaphoreSummary::held)
            .number("PERMITS", "permits", SemaphoreSummary::limit)
            .number("WAITERS", "waiters", SemaphoreSummary::waiters)
            .column(
                    "LONGEST WAIT",
                    "longestWaitMillis",
                    one -> one.waiters() == 0 ? Columns.NONE : Elapsed.text(one.longestWaitMillis()),
                    one -> JsonNodeFactory.instance.numberNode(one.longestWaitMillis()));

    private SemaphoreViews() {}

    private static Columns<SemaphoreInspection.Holder> holds(long now) {
        return new Columns<SemaphoreInspection.Holder>()
                .text("CLIENT", "clientName", SemaphoreInspection.Holder::clientName)
                .id("SESSION", "sessionId", SemaphoreInspection.Holder::sessionId)
                .number("PERMITS", "permits", SemaphoreInspection.Holder::permits)
                .id("TOKEN", "token", SemaphoreInspection.Holder::token)
                .elapsed("FOR", "heldMillis", holder -> now - holder.acquiredAtMillis())
                .elapsedIf("ENDS IN", "endsInMillis", holder -> LockViews.until(holder.endsAtMillis(), now));
    }

    private static Columns<SemaphoreInspection.Waiter> waits(long now) {
        return new Columns<SemaphoreInspection.Waiter>()
                .text("CLIENT", "clientName", SemaphoreInspection.Waiter::clientName)
                .id("SESSION", "sessionId", SemaphoreInspection.Waiter::sessionId)
                .number("PERMITS", "permits", SemaphoreInspection.Waiter::permits)
                .elapsed("FOR", "waitingMillis", waiter -> now - waiter.queuedAtMillis())
                .elapsedIf("ENDS IN", "endsInMillis", waiter -> LockViews.until(waiter.deadlineMillis(), now));
    }

    static String table(SemaphoreInspection semaphore) {
        long now = semaphore.clusterTimeMillis();
        return semaphore.held() + " of " + semaphore.limit() + " permits are held\n"
                + new Sections()
                        .add("holds", holds(now), semaphore.holders())
                        .add("waits", waits(now), semaphore.waiters())
                        .render()
                + LockViews.beyond(semaphore.waiterCount() - semaphore.waiters().size());
    }

    static ObjectNode json(String name, SemaphoreInspection semaphore) {
        long now = semaphore.clusterTimeMillis();
        ObjectNode json =
                Json.object().put("name", name).put("held", semaphore.held()).put("permits", semaphore.limit());
        json.set("holders", holds(now).array(semaphore.holders()));
        json.set("waiters", waits(now).array(semaphore.waiters()));
        return json.put("waiterCount", semaphore.waiterCount());
    }
}
