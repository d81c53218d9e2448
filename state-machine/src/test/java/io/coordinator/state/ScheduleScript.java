package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AdvanceSchedules;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DueSchedule;
import io.coordinator.protocol.DueSchedules;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.InspectSchedule;
import io.coordinator.protocol.ListSchedules;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.OverlapPolicy;
import io.coordinator.protocol.PauseSchedule;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleAdvance;
import io.coordinator.protocol.ScheduleCommand;
import io.coordinator.protocol.ScheduleInspection;
import io.coordinator.protocol.ScheduleList;
import io.coordinator.protocol.ScheduleQuery;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.ScheduleSummary;
import io.coordinator.protocol.SchedulesAdvanced;
import io.coordinator.protocol.SetSchedule;
import io.coordinator.protocol.TriggerSchedule;
import java.util.List;
import java.util.function.UnaryOperator;

/** A script with the verbs of schedules, whose jobs are in one queue. */
abstract class ScheduleScript extends JobScript {
    static final String SCHEDULE = "s";

    static Command.Builder schedule(UnaryOperator<ScheduleCommand.Builder> operation) {
        return Command.newBuilder()
                .setSchedule(operation.apply(ScheduleCommand.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setName(SCHEDULE)));
    }

    /** Every second. */
    static ScheduleSettings.Builder everySecond() {
        return ScheduleSettings.newBuilder()
                .setQueue(QUEUE)
                .setJob(NewJob.newBuilder().setPayload(Actor.json("1")))
                .setEveryMillis(1_000);
    }

    static ScheduleSettings.Builder everySecond(OverlapPolicy overlap) {
        return everySecond().setOverlap(overlap);
    }

    Outcome set(ScheduleSettings.Builder settings) {
        return session("a").send(schedule(b -> b.setSet(SetSchedule.newBuilder().setSettings(settings))));
    }

    Outcome setNew(ScheduleSettings.Builder settings) {
        return session("a")
                .send(schedule(b ->
                        b.setSet(SetSchedule.newBuilder().setSettings(settings).setCreateOnly(true))));
    }

    Outcome pause(boolean paused) {
        return session("a")
                .send(schedule(b -> b.setPause(PauseSchedule.newBuilder().setPaused(paused))));
    }

    Outcome trigger() {
        return session("a").send(schedule(b -> b.setTrigger(TriggerSchedule.getDefaultInstance())));
    }

    /** From here on, entries have at least this date. */
    void date(long millis) {
        apply(Entry.newBuilder().setDateMillis(millis));
    }

    // ---- what leaders say ----

    /** That these times fire, and are decided. */
    ScheduleAdvance.Builder advance(long... times) {
        ScheduleAdvance.Builder advance = ScheduleAdvance.newBuilder()
                .setNamespace(Actor.NAMESPACE)
                .setName(SCHEDULE)
                .setVersion(look().getProgress().getVersion());
        long last = look().getProgress().getDecidedMillis();
        for (long time : times) {
            advance.addFireMillis(time);
            last = time;
        }
        return advance.setDecidedMillis(last).setNextMillis(last + 1_000);
    }

    SchedulesAdvanced propose(ScheduleAdvance.Builder... advances) {
        Reply reply = apply(command(advances));
        return reply.getSchedule().getAdvanced();
    }

    static Command command(ScheduleAdvance.Builder... advances) {
        AdvanceSchedules.Builder advance = AdvanceSchedules.newBuilder();
        for (ScheduleAdvance.Builder one : advances) {
            advance.addSchedules(one);
        }
        return Command.newBuilder()
                .setSchedule(ScheduleCommand.newBuilder().setAdvance(advance))
                .build();
    }

    /** How many of these times fire now. */
    long fire(long... times) {
        return propose(advance(times)).getFired();
    }

    // ---- looking ----

    ScheduleInspection inspectSchedule() {
        return query(Query.newBuilder()
                        .setSchedule(ScheduleQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setName(SCHEDULE)
                                .setInspect(InspectSchedule.getDefaultInstance())))
                .getSchedule()
                .getInspection();
    }

    ScheduleSummary look() {
        return inspectSchedule().getSummary();
    }

    ScheduleList listSchedules(ListSchedules.Builder list) {
        return query(Query.newBuilder()
                        .setSchedule(ScheduleQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setList(list)))
                .getSchedule()
                .getList();
    }

    List<DueSchedule> due(long dateMillis) {
        return query(Query.newBuilder()
                        .setSchedule(ScheduleQuery.newBuilder()
                                .setDue(DueSchedules.newBuilder().setDateMillis(dateMillis))))
                .getSchedule()
                .getDue()
                .getSchedulesList();
    }

    /** What watchers of schedules were told of the last entry. */
    List<String> told() {
        return last().changes().stream()
                .filter(change -> change.getData() == DataKind.SCHEDULE)
                .map(ScheduleScript::text)
                .toList();
    }

    private static String text(Change change) {
        ByteString value = change.getValue();
        return change.getKind() + " " + change.getKey() + " " + value.toStringUtf8();
    }
}
