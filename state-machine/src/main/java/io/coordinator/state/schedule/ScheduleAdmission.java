package io.coordinator.state.schedule;

import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.ScheduleCommand;
import io.coordinator.protocol.ScheduleQuery;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.ScheduledJobs;

/** What is wrong with commands and queries whatever the state. Cron and time zones are the leader's business. */
final class ScheduleAdmission {
    private ScheduleAdmission() {}

    static void admit(ScheduleCommand schedule, ScheduledJobs jobs, Check check) {
        if (!schedule.hasAdvance()) {
            check.present("namespace", schedule.getNamespace()).present("schedule", schedule.getName());
            // The longest id of its jobs must be one that clients can ask for.
            check.prefix("the id of its jobs", ScheduleFiring.id(schedule.getName(), 1));
        }
        switch (schedule.getOperationCase()) {
            case SET -> admit(schedule.getSet().getSettings(), jobs, check);
            case DELETE, PAUSE, TRIGGER, ADVANCE -> {}
            case OPERATION_NOT_SET -> check.unknown("the operation of schedules");
        }
    }

    private static void admit(ScheduleSettings settings, ScheduledJobs jobs, Check check) {
        check.require(settings.hasJob(), "job", "is missing; say what each firing is to do")
                .known("misfire", settings.getMisfire())
                .known("overlap", settings.getOverlap())
                .atLeast("misfires_max", 0, settings.getMisfiresMax())
                .atMost("misfires_max", ScheduleLimits.MISFIRES_MAX, settings.getMisfiresMax())
                .atLeast("jitter_millis", 0, settings.getJitterMillis())
                .atMost("jitter_millis", ScheduleLimits.JITTER_MILLIS_MAX, settings.getJitterMillis())
                .atLeast("start_date_millis", 0, settings.getStartDateMillis())
                .atMost("start_date_millis", ScheduleLimits.DATE_MILLIS_MAX, settings.getStartDateMillis());
        switch (settings.getTimingCase()) {
            case CRON -> check.present("cron", settings.getCron().getExpression());
            case EVERY_MILLIS ->
                check.atLeast("every_millis", ScheduleLimits.EVERY_MILLIS_MIN, settings.getEveryMillis());
            case AT_DATE_MILLIS ->
                check.atLeast("at_date_millis", 1, settings.getAtDateMillis())
                        .atMost("at_date_millis", ScheduleLimits.DATE_MILLIS_MAX, settings.getAtDateMillis());
            case TIMING_NOT_SET -> check.unknown("the timing of a schedule");
        }
        admit(settings.getJob(), jobs, check);
    }

    private static void admit(NewJob job, ScheduledJobs jobs, Check check) {
        check.require(job.getId().isEmpty(), "job id", "is made of the schedule's name and the time; leave it out")
                .require(job.getSchedule().isEmpty(), "schedule", "of the job is set at each firing; leave it out")
                .require(job.getDelayMillis() == 0, "delay_millis", "comes of the jitter; leave it out")
                .require(!job.getAwait(), "await", "makes no sense, since no session submits; leave it out");
        jobs.admit(job, check);
    }

    static void admit(ScheduleQuery schedule, Check check) {
        switch (schedule.getOperationCase()) {
            case INSPECT -> check.present("namespace", schedule.getNamespace()).present("schedule", schedule.getName());
            case LIST, DUE -> {}
            case OPERATION_NOT_SET -> check.unknown("the query about schedules");
        }
    }
}
