package io.coordinator.state.schedule;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleCommand;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.ScheduledJobs;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.function.ObjLongConsumer;

/**
 * Schedules. When they fire is said by leaders, by their wall clocks; what is kept here is which nominal times are
 * decided. A nominal time and its job are one entry, and the job's id is made of the time, so that each fires once
 * whatever the clocks do.
 */
public final class Schedules implements DataType {
    private final ScheduledJobs jobs;
    private final ScheduleRows schedules;
    private final ScheduleRequests requests;
    private final ScheduleAdvancing advancing;
    private final ScheduleQueries queries;

    public Schedules(Storage storage, ScheduledJobs jobs) {
        this.jobs = jobs;
        schedules = new ScheduleRows(storage);
        ScheduleFiring firing = new ScheduleFiring(jobs);
        requests = new ScheduleRequests(schedules, firing);
        advancing = new ScheduleAdvancing(schedules, firing);
        queries = new ScheduleQueries(schedules, jobs);
    }

    @Override
    public DataKind kind() {
        return DataKind.SCHEDULE;
    }

    @Override
    public void admit(Command command, Check check) {
        ScheduleAdmission.admit(command.getSchedule(), jobs, check);
    }

    @Override
    public void admit(Query query, Check check) {
        ScheduleAdmission.admit(query.getSchedule(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        ScheduleCommand schedule = command.getSchedule();
        Name name = Name.of(schedule.getNamespace(), schedule.getName());
        return switch (schedule.getOperationCase()) {
            case SET -> requests.set(at, name, schedule.getSet(), effects);
            case DELETE -> requests.delete(name, effects);
            case PAUSE -> requests.pause(at, name, schedule.getPause().getPaused(), effects);
            case TRIGGER -> requests.trigger(at, name, effects);
            case ADVANCE -> advancing.advance(at, schedule.getAdvance(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("an operation of schedules");
        };
    }

    @Override
    public boolean isOwn(Command command) {
        return command.getSchedule().hasAdvance();
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.answer(query.getSchedule());
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        throw new IllegalStateException("schedules have no deadlines in cluster time");
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return true;
    }

    @Override
    public boolean isFreeing(Command command) {
        ScheduleCommand schedule = command.getSchedule();
        return schedule.hasDelete() || schedule.getPause().getPaused();
    }

    @Override
    public void rebuild() {
        schedules.rebuild();
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("schedules", schedules.size());
        schedules.sums().count(counts);
    }
}
