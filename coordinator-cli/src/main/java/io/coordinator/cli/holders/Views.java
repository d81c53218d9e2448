package io.coordinator.cli.holders;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Table;
import io.coordinator.client.lock.AuditRecord;
import io.coordinator.client.lock.HeldLocks;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockSummary;
import io.coordinator.client.lock.SemaphoreInspection;
import io.coordinator.client.lock.SemaphoreSummary;
import io.coordinator.client.lock.WaitCycle;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holders and waiters, as tables and as JSON. */
final class Views {
    private static final String NONE = "-";

    private Views() {}

    static ArrayNode array(List<ObjectNode> elements) {
        ArrayNode array = Json.mapper().createArrayNode();
        array.addAll(elements);
        return array;
    }

    static <T> ArrayNode array(List<T> elements, Function<T, ObjectNode> toJson) {
        return array(elements.stream().map(toJson).toList());
    }

    // ---- locks ----

    static String table(List<LockSummary> locks) {
        Table table = new Table(
                "NAMESPACE", "NAME", "HELD BY", "MODE", "TOKEN", "SINCE", "ENDS IN", "WAITERS", "LONGEST WAIT");
        for (LockSummary lock : locks) {
            List<LockInspection.Hold> holders = lock.holders();
            LockInspection.Hold first = holders.isEmpty() ? null : holders.get(0);
            table.row(
                    lock.namespace(),
                    lock.name(),
                    first == null ? NONE : first.clientName() + more(holders.size() - 1),
                    first == null ? NONE : mode(first.mode()),
                    first == null ? NONE : Long.toUnsignedString(first.token()),
                    first == null ? NONE : since(lock.clusterTimeMillis(), first.acquiredAtMillis()),
                    first == null ? NONE : until(lock.clusterTimeMillis(), first.endsAtMillis()),
                    Integer.toString(lock.waiters()),
                    lock.waiters() == 0 ? NONE : Elapsed.text(lock.longestWaitMillis()));
        }
        return table.render();
    }

    static ObjectNode json(LockSummary lock) {
        ObjectNode json = Json.object();
        json.put("namespace", lock.namespace());
        json.put("name", lock.name());
        json.set("holders", array(lock.holders(), hold -> json(hold, lock.clusterTimeMillis())));
        json.put("waiters", lock.waiters());
        json.put("longestWaitMillis", lock.longestWaitMillis());
        return json;
    }

    static String table(LockInspection lock) {
        Table table = new Table("", "CLIENT", "SESSION", "MODE", "TOKEN", "FOR", "ENDS IN", "CONTENTS");
        long now = lock.clusterTimeMillis();
        for (LockInspection.Hold hold : lock.holders()) {
            table.row(
                    "holds",
                    hold.clientName(),
                    Long.toUnsignedString(hold.sessionId()),
                    mode(hold.mode()),
                    Long.toUnsignedString(hold.token()),
                    since(now, hold.acquiredAtMillis()),
                    until(now, hold.endsAtMillis()),
                    hold.description().map(Json::line).orElse(NONE));
        }
        for (LockInspection.Waiter waiter : lock.waiters()) {
            table.row(
                    "waits",
                    waiter.clientName(),
                    Long.toUnsignedString(waiter.sessionId()),
                    mode(waiter.mode()),
                    NONE,
                    since(now, waiter.queuedAtMillis()),
                    until(now, waiter.deadlineMillis()),
                    NONE);
        }
        return table.render() + beyond(lock.waiterCount() - lock.waiters().size());
    }

    static ObjectNode json(String name, LockInspection lock) {
        long now = lock.clusterTimeMillis();
        ObjectNode json = Json.object().put("name", name);
        json.set("holders", array(lock.holders(), hold -> json(hold, now)));
        json.set("waiters", array(lock.waiters(), waiter -> json(waiter, now)));
        json.put("waiterCount", lock.waiterCount());
        return json;
    }

    private static ObjectNode json(LockInspection.Hold hold, long now) {
        ObjectNode json = Json.object();
        json.put("clientName", hold.clientName());
        json.put("sessionId", hold.sessionId());
        json.put("token", hold.token());
        json.put("mode", mode(hold.mode()));
        json.put("entered", hold.entered());
        hold.names().forEach(json.withArray("names")::add);
        json.put("heldMillis", now - hold.acquiredAtMillis());
        if (hold.endsAtMillis() != 0) {
            json.put("endsInMillis", hold.endsAtMillis() - now);
        }
        hold.description().ifPresent(contents -> json.set("contents", contents));
        return json;
    }

    private static ObjectNode json(LockInspection.Waiter waiter, long now) {
        ObjectNode json = Json.object();
        json.put("clientName", waiter.clientName());
        json.put("sessionId", waiter.sessionId());
        json.put("mode", mode(waiter.mode()));
        waiter.names().forEach(json.withArray("names")::add);
        json.put("waitingMillis", now - waiter.queuedAtMillis());
        waiter.deadline().ifPresent(deadline -> json.put("endsInMillis", deadline - now));
        return json;
    }

    // ---- sessions ----

    static String table(HeldLocks session) {
        Table table = new Table("", "NAMESPACE", "NAME", "MODE", "TOKEN");
        for (HeldLocks.Held held : session.held()) {
            table.row(
                    "holds",
                    held.namespace(),
                    held.name(),
                    mode(held.hold().mode()),
                    Long.toUnsignedString(held.hold().token()));
        }
        for (HeldLocks.Wanted wanted : session.waiting()) {
            table.row(
                    "waits",
                    wanted.namespace(),
                    String.join(" + ", wanted.waiter().names()),
                    mode(wanted.waiter().mode()),
                    NONE);
        }
        return table.render();
    }

    static ObjectNode json(HeldLocks session) {
        ObjectNode json = Json.object();
        json.set("held", array(session.held(), held -> {
            ObjectNode one = Json.object();
            one.put("namespace", held.namespace());
            one.put("name", held.name());
            one.put("mode", mode(held.hold().mode()));
            one.put("token", held.hold().token());
            return one;
        }));
        json.set("waiting", array(session.waiting(), wanted -> {
            ObjectNode one = Json.object();
            one.put("namespace", wanted.namespace());
            wanted.waiter().names().forEach(one.withArray("names")::add);
            one.put("mode", mode(wanted.waiter().mode()));
            return one;
        }));
        return json;
    }

    static String text(WaitCycle cycle) {
        List<WaitCycle.Member> members = cycle.members();
        String first = members.get(0).clientName() + " ("
                + Long.toUnsignedString(members.get(0).sessionId()) + ")";
        return members.stream()
                        .map(member -> member.clientName() + " (" + Long.toUnsignedString(member.sessionId())
                                + ") waits for " + member.data().name().toLowerCase(Locale.ROOT) + " "
                                + member.namespace() + "/" + member.name() + " of ")
                        .collect(Collectors.joining())
                + first;
    }

    static ObjectNode json(WaitCycle cycle) {
        ObjectNode json = Json.object();
        json.set("members", array(cycle.members(), member -> {
            ObjectNode one = Json.object();
            one.put("clientName", member.clientName());
            one.put("sessionId", member.sessionId());
            one.put("data", member.data().name().toLowerCase(Locale.ROOT));
            one.put("namespace", member.namespace());
            one.put("name", member.name());
            return one;
        }));
        return json;
    }

    static String audit(List<AuditRecord> records) {
        Table table = new Table("AT", "NAMESPACE", "NAMES", "TOKEN", "WAS HELD BY", "OPERATOR", "REASON");
        for (AuditRecord record : records) {
            table.row(
                    Instant.ofEpochMilli(record.atMillis()).toString(),
                    record.namespace(),
                    String.join(" + ", record.names()),
                    Long.toUnsignedString(record.token()),
                    record.clientName(),
                    record.operator(),
                    record.reason().isEmpty() ? NONE : record.reason());
        }
        return table.render();
    }

    static ObjectNode json(AuditRecord record) {
        ObjectNode json = Json.object();
        json.put("at", Instant.ofEpochMilli(record.atMillis()).toString());
        json.put("namespace", record.namespace());
        record.names().forEach(json.withArray("names")::add);
        json.put("token", record.token());
        json.put("clientName", record.clientName());
        json.put("sessionId", record.sessionId());
        json.put("operator", record.operator());
        json.put("reason", record.reason());
        json.put("revision", record.revision());
        return json;
    }

    // ---- semaphores ----

    static String semaphores(List<SemaphoreSummary> semaphores) {
        Table table = new Table("NAMESPACE", "NAME", "HELD", "PERMITS", "WAITERS", "LONGEST WAIT");
        for (SemaphoreSummary semaphore : semaphores) {
            table.row(
                    semaphore.namespace(),
                    semaphore.name(),
                    Integer.toString(semaphore.held()),
                    Integer.toString(semaphore.limit()),
                    Integer.toString(semaphore.waiters()),
                    semaphore.waiters() == 0 ? NONE : Elapsed.text(semaphore.longestWaitMillis()));
        }
        return table.render();
    }

    static ObjectNode json(SemaphoreSummary semaphore) {
        ObjectNode json = Json.object();
        json.put("namespace", semaphore.namespace());
        json.put("name", semaphore.name());
        json.put("held", semaphore.held());
        json.put("permits", semaphore.limit());
        json.put("waiters", semaphore.waiters());
        json.put("longestWaitMillis", semaphore.longestWaitMillis());
        return json;
    }

    static String table(SemaphoreInspection semaphore) {
        Table table = new Table("", "CLIENT", "SESSION", "PERMITS", "TOKEN", "FOR", "ENDS IN");
        long now = semaphore.clusterTimeMillis();
        for (SemaphoreInspection.Holder holder : semaphore.holders()) {
            table.row(
                    "holds",
                    holder.clientName(),
                    Long.toUnsignedString(holder.sessionId()),
                    Integer.toString(holder.permits()),
                    Long.toUnsignedString(holder.token()),
                    since(now, holder.acquiredAtMillis()),
                    until(now, holder.endsAtMillis()));
        }
        for (SemaphoreInspection.Waiter waiter : semaphore.waiters()) {
            table.row(
                    "waits",
                    waiter.clientName(),
                    Long.toUnsignedString(waiter.sessionId()),
                    Integer.toString(waiter.permits()),
                    NONE,
                    since(now, waiter.queuedAtMillis()),
                    until(now, waiter.deadlineMillis()));
        }
        return semaphore.held() + " of " + semaphore.limit() + " permits are held\n" + table.render()
                + beyond(semaphore.waiterCount() - semaphore.waiters().size());
    }

    static ObjectNode json(String name, SemaphoreInspection semaphore) {
        long now = semaphore.clusterTimeMillis();
        ObjectNode json = Json.object().put("name", name);
        json.put("held", semaphore.held());
        json.put("permits", semaphore.limit());
        json.set("holders", array(semaphore.holders(), holder -> {
            ObjectNode one = Json.object();
            one.put("clientName", holder.clientName());
            one.put("sessionId", holder.sessionId());
            one.put("token", holder.token());
            one.put("permits", holder.permits());
            one.put("heldMillis", now - holder.acquiredAtMillis());
            return one;
        }));
        json.set("waiters", array(semaphore.waiters(), waiter -> {
            ObjectNode one = Json.object();
            one.put("clientName", waiter.clientName());
            one.put("sessionId", waiter.sessionId());
            one.put("permits", waiter.permits());
            one.put("waitingMillis", now - waiter.queuedAtMillis());
            return one;
        }));
        json.put("waiterCount", semaphore.waiterCount());
        return json;
    }

    // ---- cells ----

    private static String mode(LockMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static String more(int others) {
        return others == 0 ? "" : " and " + others + " more";
    }

    private static String since(long now, long millis) {
        return Elapsed.text(now - millis);
    }

    /** A deadline of 0 is none. */
    private static String until(long now, long deadline) {
        return deadline == 0 ? NONE : Elapsed.text(deadline - now);
    }

    private static String beyond(int waiters) {
        return waiters <= 0 ? "" : "and " + waiters + " more waiters\n";
    }
}
