package io.coordinator.cli.holders;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Elapsed;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Sections;
import io.coordinator.client.lock.AuditRecord;
import io.coordinator.client.lock.HeldLocks;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockSummary;
import io.coordinator.client.lock.WaitCycle;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holders of locks and who waits for them, for people and for programs. */
final class LockViews {
    static final Columns<LockSummary> LOCKS = new Columns<LockSummary>()
            .text("NAMESPACE", "namespace", LockSummary::namespace)
            .text("NAME", "name", LockSummary::name)
            .member("holders", lock -> holds(lock.clusterTimeMillis()).array(lock.holders()))
            .cell(
                    "HELD BY",
                    first((lock, hold) ->
                            hold.clientName() + more(lock.holders().size() - 1)))
            .cell("MODE", first((lock, hold) -> mode(hold.mode())))
            .cell("TOKEN", first((lock, hold) -> Long.toUnsignedString(hold.token())))
            .cell("SINCE", first((lock, hold) -> Elapsed.text(lock.clusterTimeMillis() - hold.acquiredAtMillis())))
            .cell("ENDS IN", first((lock, hold) -> endsIn(hold.endsAtMillis(), lock.clusterTimeMillis())))
            .number("WAITERS", "waiters", LockSummary::waiters)
            .column(
                    "LONGEST WAIT",
                    "longestWaitMillis",
                    lock -> lock.waiters() == 0 ? "" : Elapsed.text(lock.longestWaitMillis()),
                    lock -> JsonNodeFactory.instance.numberNode(lock.longestWaitMillis()));

    private static final Columns<HeldLocks.Held> HELD = new Columns<HeldLocks.Held>()
            .text("NAMESPACE", "namespace", HeldLocks.Held::namespace)
            .text("NAME", "name", HeldLocks.Held::name)
            .text("MODE", "mode", held -> mode(held.hold().mode()))
            .id("TOKEN", "token", held -> held.hold().token());

    private static final Columns<HeldLocks.Wanted> WANTED = new Columns<HeldLocks.Wanted>()
            .text("NAMESPACE", "namespace", HeldLocks.Wanted::namespace)
            .names("NAME", "names", wanted -> wanted.waiter().names())
            .text("MODE", "mode", wanted -> mode(wanted.waiter().mode()));

    private static final Columns<WaitCycle.Member> MEMBERS = new Columns<WaitCycle.Member>()
            .text("", "clientName", WaitCycle.Member::clientName)
            .id("", "sessionId", WaitCycle.Member::sessionId)
            .text("", "data", LockViews::data)
            .text("", "namespace", WaitCycle.Member::namespace)
            .text("", "name", WaitCycle.Member::name);

    private LockViews() {}

    private static Columns<LockInspection.Hold> holds(long now) {
        return new Columns<LockInspection.Hold>()
                .text("CLIENT", "clientName", LockInspection.Hold::clientName)
                .id("SESSION", "sessionId", LockInspection.Hold::sessionId)
                .text("MODE", "mode", hold -> mode(hold.mode()))
                .id("TOKEN", "token", LockInspection.Hold::token)
                .number("", "entered", LockInspection.Hold::entered)
                .names("", "names", LockInspection.Hold::names)
                .elapsed("FOR", "heldMillis", hold -> now - hold.acquiredAtMillis())
                .elapsedIf("ENDS IN", "endsInMillis", hold -> until(hold.endsAtMillis(), now))
                .json("CONTENTS", "contents", LockInspection.Hold::description);
    }

    private static Columns<LockInspection.Waiter> waits(long now) {
        return new Columns<LockInspection.Waiter>()
                .text("CLIENT", "clientName", LockInspection.Waiter::clientName)
                .id("SESSION", "sessionId", LockInspection.Waiter::sessionId)
                .text("MODE", "mode", waiter -> mode(waiter.mode()))
                .names("", "names", LockInspection.Waiter::names)
                .elapsed("FOR", "waitingMillis", waiter -> now - waiter.queuedAtMillis())
                .elapsedIf("ENDS IN", "endsInMillis", waiter -> until(waiter.deadlineMillis(), now));
    }

    /**
     * Forced releases, with the time as people tell it. The records know cluster time alone, which stands still while
     * nobody leads, so they are at least so old.
     *
     * @param clusterNow cluster time of the answer
     * @param now the time here
     */
    static Columns<AuditRecord> audit(long clusterNow, Instant now) {
        return new Columns<AuditRecord>()
                .elapsed("AGO", "agoMillis", record -> clusterNow - record.atMillis())
                .text("ABOUT", "about", record -> date(now.minusMillis(clusterNow - record.atMillis())))
                .number("", "atMillis", AuditRecord::atMillis)
                .text("NAMESPACE", "namespace", AuditRecord::namespace)
                .names("NAMES", "names", AuditRecord::names)
                .id("TOKEN", "token", AuditRecord::token)
                .text("WAS HELD BY", "clientName", AuditRecord::clientName)
                .id("", "sessionId", AuditRecord::sessionId)
                .text("OPERATOR", "operator", AuditRecord::operator)
                .text("REASON", "reason", AuditRecord::reason)
                .number("", "revision", AuditRecord::revision);
    }

    /** To the second, in UTC. */
    private static String date(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String table(LockInspection lock) {
        long now = lock.clusterTimeMillis();
        return new Sections()
                        .add("holds", holds(now), lock.holders())
                        .add("waits", waits(now), lock.waiters())
                        .render()
                + beyond(lock.waiterCount() - lock.waiters().size());
    }

    static ObjectNode json(String name, LockInspection lock) {
        long now = lock.clusterTimeMillis();
        ObjectNode json = Json.object().put("name", name);
        json.set("holders", holds(now).array(lock.holders()));
        json.set("waiters", waits(now).array(lock.waiters()));
        return json.put("waiterCount", lock.waiterCount());
    }

    static String table(HeldLocks session) {
        return new Sections()
                .add("holds", HELD, session.held())
                .add("waits", WANTED, session.waiting())
                .render();
    }

    static ObjectNode json(HeldLocks session) {
        ObjectNode json = Json.object();
        json.set("held", HELD.array(session.held()));
        json.set("waiting", WANTED.array(session.waiting()));
        return json;
    }

    static String text(WaitCycle cycle) {
        List<WaitCycle.Member> members = cycle.members();
        return members.stream()
                        .map(member -> who(member) + " waits for " + data(member) + " " + member.namespace() + "/"
                                + member.name() + " of ")
                        .collect(Collectors.joining())
                + who(members.get(0));
    }

    static ObjectNode json(WaitCycle cycle) {
        ObjectNode json = Json.object();
        json.set("members", MEMBERS.array(cycle.members()));
        return json;
    }

    // ---- cells ----

    static String beyond(int waiters) {
        return waiters <= 0 ? "" : "and " + waiters + " more waiters\n";
    }

    /** A deadline of 0 is none. */
    static OptionalLong until(long deadline, long now) {
        return deadline == 0 ? OptionalLong.empty() : OptionalLong.of(deadline - now);
    }

    private static String endsIn(long deadline, long now) {
        return until(deadline, now).stream().mapToObj(Elapsed::text).findFirst().orElse("");
    }

    private interface OfHold {
        String cell(LockSummary lock, LockInspection.Hold hold);
    }

    private static Function<LockSummary, String> first(OfHold cell) {
        return lock -> lock.holders().stream()
                .findFirst()
                .map(hold -> cell.cell(lock, hold))
                .orElse("");
    }

    private static String who(WaitCycle.Member member) {
        return member.clientName() + " (" + Long.toUnsignedString(member.sessionId()) + ")";
    }

    private static String data(WaitCycle.Member member) {
        return member.data().name().toLowerCase(Locale.ROOT);
    }

    private static String mode(LockMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static String more(int others) {
        return others == 0 ? "" : " and " + others + " more";
    }
}
