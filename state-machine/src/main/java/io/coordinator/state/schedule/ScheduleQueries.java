package io.coordinator.state.schedule;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.DueList;
import io.coordinator.protocol.DueSchedule;
import io.coordinator.protocol.DueSchedules;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListSchedules;
import io.coordinator.protocol.ScheduleAnswer;
import io.coordinator.protocol.ScheduleInspection;
import io.coordinator.protocol.ScheduleList;
import io.coordinator.protocol.ScheduleQuery;
import io.coordinator.protocol.ScheduleRow;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.ScheduleSummary;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.ScheduledJobs;

/** What can be asked about schedules. Every answer is bounded in rows and bytes. */
final class ScheduleQueries {
    private final ScheduleRows schedules;
    private final ScheduledJobs jobs;

    ScheduleQueries(ScheduleRows schedules, ScheduledJobs jobs) {
        this.schedules = schedules;
        this.jobs = jobs;
    }

    Answer.Builder answer(ScheduleQuery schedule) {
        return switch (schedule.getOperationCase()) {
            case INSPECT -> inspect(Name.of(schedule.getNamespace(), schedule.getName()));
            case LIST -> list(schedule.getNamespace(), schedule.getList());
            case DUE -> due(schedule.getDue());
            case OPERATION_NOT_SET ->
                Refusals.answer(
                        ErrorCode.EUNKNOWN, "the query about schedules is unknown to this version; upgrade this node");
        };
    }

    private static Answer.Builder answer(ScheduleAnswer.Builder schedule) {
        return Answer.newBuilder().setSchedule(schedule);
    }

    private Answer.Builder inspect(Name name) {
        ScheduleInspection.Builder inspection = ScheduleInspection.newBuilder();
        ScheduleRow row = schedules.find(name);
        if (row != null) {
            inspection.setExists(true).setSummary(summary(name, row));
        }
        return answer(ScheduleAnswer.newBuilder().setInspection(inspection));
    }

    private ScheduleSummary summary(Name name, ScheduleRow row) {
        return ScheduleSummary.newBuilder()
                .setNamespace(name.namespace())
                .setName(name.name())
                .setSettings(row.getSettings())
                .setProgress(row.getProgress())
                .setLastFiredMillis(row.getLastFiredMillis())
                .setFired(row.getFired())
                .setMisfired(row.getMisfired())
                .setSkipped(row.getSkipped())
                .setLastJobId(row.getLastJobId())
                .setUnfinished(jobs.unfinished(name))
                .build();
    }

    private Answer.Builder list(String namespace, ListSchedules list) {
        ScheduleList.Builder found = ScheduleList.newBuilder();
        NameScan scan = schedules.scan(namespace, list.getPrefix());
        Page page = new Page(list.getLimit());
        String key = scan.firstAfter(list.getAfterNamespace(), list.getAfterName());
        while (key != null) {
            Name name = Name.ofKey(key);
            ScheduleRow row = schedules.find(name);
            if (row != null) {
                ScheduleSummary summary = summary(name, row);
                if (!page.takes(summary.getSerializedSize())) {
                    return answer(ScheduleAnswer.newBuilder().setList(found.setMore(true)));
                }
                found.addSchedules(summary);
            }
            key = scan.next(key);
        }
        return scan.hasGivenUp() && found.getSchedulesCount() == 0
                ? scan.refusal()
                : answer(ScheduleAnswer.newBuilder().setList(found.setMore(scan.hasGivenUp())));
    }

    private Answer.Builder due(DueSchedules asked) {
        DueList.Builder found = DueList.newBuilder();
        Page page = new Page(asked.getLimit());
        String after = Name.of(asked.getAfterNamespace(), asked.getAfterName()).key();
        ScheduleRows.Due due = schedules.dueBehind(new ScheduleRows.Due(asked.getAfterMillis(), after));
        while (due != null && due.millis() <= asked.getDateMillis()) {
            Name name = Name.ofKey(due.key());
            ScheduleRow row = schedules.find(name);
            if (row != null) {
                DueSchedule one = due(name, row);
                if (!page.takes(one.getSerializedSize())) {
                    return answer(ScheduleAnswer.newBuilder().setDue(found.setMore(true)));
                }
                found.addSchedules(one);
            }
            due = schedules.dueBehind(due);
        }
        return answer(ScheduleAnswer.newBuilder().setDue(found));
    }

    private static DueSchedule due(Name name, ScheduleRow row) {
        ScheduleSettings settings = row.getSettings();
        return DueSchedule.newBuilder()
                .setNamespace(name.namespace())
                .setName(name.name())
                .setSettings(settings.toBuilder().clearJob())
                .setProgress(row.getProgress())
                .setPayloadBytes(settings.getJob().getPayload().size())
                .build();
    }
}
