package io.coordinator.state;

import io.coordinator.protocol.AdvanceSchedules;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeleteSchedule;
import io.coordinator.protocol.DueSchedule;
import io.coordinator.protocol.DueSchedules;
import io.coordinator.protocol.MisfirePolicy;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.OverlapPolicy;
import io.coordinator.protocol.PauseSchedule;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ScheduleAdvance;
import io.coordinator.protocol.ScheduleCommand;
import io.coordinator.protocol.ScheduleQuery;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.SetSchedule;
import io.coordinator.protocol.TriggerSchedule;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Schedules of queues with few names, and what leaders with good and bad clocks say of their times. */
final class ScheduleGenerator implements Generator, Generator.Proposing {
    private static final long DATE_MILLIS = 1_000_000;

    @Override
    public DataKind kind() {
        return DataKind.SCHEDULE;
    }

    @Override
    public Set<String> unowned() {
        return Set.of(
                "schedules",
                "schedulesPaused",
                "schedulesFired",
                "schedulesMisfired",
                "schedulesSkipped",
                "queues",
                "jobs");
    }

    @Override
    public void fill(Command.Builder command, World world) {
        Random random = world.random();
        ScheduleCommand.Builder schedule =
                command.getScheduleBuilder().setNamespace("ns").setName("schedule-" + random.nextInt(5));
        switch (random.nextInt(10)) {
            case 0 -> schedule.setDelete(DeleteSchedule.getDefaultInstance());
            case 1, 2 -> schedule.setPause(PauseSchedule.newBuilder().setPaused(random.nextInt(3) == 0));
            case 3, 4 -> schedule.setTrigger(TriggerSchedule.getDefaultInstance());
            case 5 -> schedule.setAdvance(advance(world)); // Which clients must not.
            default ->
                schedule.setSet(
                        SetSchedule.newBuilder().setSettings(settings(world)).setCreateOnly(random.nextInt(4) == 0));
        }
    }

    private static ScheduleSettings.Builder settings(World world) {
        Random random = world.random();
        ScheduleSettings.Builder settings = ScheduleSettings.newBuilder()
                .setQueue(world.name())
                .setJob(NewJob.newBuilder()
                        .setPayload(world.json())
                        .setKey(random.nextBoolean() ? "" : "key")
                        .setAwait(random.nextInt(8) == 0)
                        .setId(random.nextInt(8) == 0 ? "job-1" : ""))
                .setMisfireValue(random.nextInt(MisfirePolicy.values().length))
                .setOverlapValue(random.nextInt(OverlapPolicy.values().length))
                .setJitterMillis(world.millis())
                .setPaused(random.nextInt(5) == 0);
        return switch (random.nextInt(4)) {
            case 0 -> settings.setCron(CronTiming.newBuilder().setExpression("0 3 * * *"));
            case 1 -> settings.setAtDateMillis(DATE_MILLIS);
            case 2 -> settings;
            default -> settings.setEveryMillis(1_000L * random.nextInt(3));
        };
    }

    @Override
    public List<Command> own(World world) {
        if (world.random().nextInt(3) != 0) {
            return List.of();
        }
        Command.Builder command = Command.newBuilder();
        command.getScheduleBuilder().setAdvance(advance(world));
        return List.of(command.build());
    }

    private static AdvanceSchedules.Builder advance(World world) {
        Random random = world.random();
        Query due = Query.newBuilder()
                .setSchedule(ScheduleQuery.newBuilder()
                        .setDue(DueSchedules.newBuilder().setDateMillis(Long.MAX_VALUE)))
                .build();
        AdvanceSchedules.Builder advance = AdvanceSchedules.newBuilder();
        for (DueSchedule schedule :
                world.core().query(due).getSchedule().getDue().getSchedulesList()) {
            if (random.nextInt(4) != 0) {
                advance.addSchedules(advance(schedule, random));
            }
        }
        return advance;
    }

    private static ScheduleAdvance.Builder advance(DueSchedule schedule, Random random) {
        long time = schedule.getProgress().getDecidedMillis() + random.nextInt(3_000) - 500;
        ScheduleAdvance.Builder advance = ScheduleAdvance.newBuilder()
                .setNamespace(schedule.getNamespace())
                .setName(schedule.getName())
                .setVersion(schedule.getProgress().getVersion() - (random.nextInt(8) == 0 ? 1 : 0))
                .setMisfired(random.nextInt(3));
        for (int i = random.nextInt(4); i > 0; i--) {
            advance.addFireMillis(time);
            time += random.nextInt(2_000) - 100;
        }
        return advance.setDecidedMillis(time).setNextMillis(random.nextInt(8) == 0 ? 0 : time + random.nextInt(1_000));
    }
}
