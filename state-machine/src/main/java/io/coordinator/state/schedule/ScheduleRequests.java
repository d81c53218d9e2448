package io.coordinator.state.schedule;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleDeleted;
import io.coordinator.protocol.SchedulePaused;
import io.coordinator.protocol.ScheduleProgress;
import io.coordinator.protocol.ScheduleReply;
import io.coordinator.protocol.ScheduleRow;
import io.coordinator.protocol.ScheduleSet;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.ScheduleTriggered;
import io.coordinator.protocol.SetSchedule;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;

/** What clients ask about schedules. */
final class ScheduleRequests {
    /** A date that has passed: the leader is to look as soon as it can. */
    private static final long SOON = 1;

    private final ScheduleRows schedules;
    private final ScheduleFiring firing;

    ScheduleRequests(ScheduleRows schedules, ScheduleFiring firing) {
        this.schedules = schedules;
        this.firing = firing;
    }

    /** One that is there keeps its place in time if its timing stays, and goes on being paused, or not. */
    Reply.Builder set(Context at, Name name, SetSchedule set, Effects effects) {
        ScheduleRow old = schedules.find(name);
        ScheduleSettings settings = set.getSettings();
        if (old == null && schedules.size() >= ScheduleLimits.SCHEDULES_MAX) {
            return ScheduleReplies.tooMany(name);
        }
        ScheduleRow before = old == null ? ScheduleRow.getDefaultInstance() : old;
        if (old != null) {
            settings = settings.toBuilder()
                    .setPaused(old.getSettings().getPaused())
                    .build();
            if (settings.equals(old.getSettings())) {
                return set(false, old);
            }
            if (set.getCreateOnly()) {
                return ScheduleReplies.isOther(name);
            }
        }
        ScheduleProgress.Builder progress = before.getProgress().toBuilder().setVersion(effects.nextTicket());
        if (old == null || !haveOneTiming(settings, old.getSettings())) {
            progress.setSetDateMillis(at.dateMillis()).setNextMillis(settings.getPaused() ? 0 : SOON);
        }
        ScheduleRow row =
                before.toBuilder().setSettings(settings).setProgress(progress).build();
        put(name, row, effects);
        return set(old == null, row);
    }

    private static Reply.Builder set(boolean created, ScheduleRow row) {
        return ScheduleReplies.reply(ScheduleReply.newBuilder()
                .setSet(ScheduleSet.newBuilder().setCreated(created).setProgress(row.getProgress())));
    }

    private static boolean haveOneTiming(ScheduleSettings one, ScheduleSettings other) {
        return timing(one).equals(timing(other));
    }

    private static ScheduleSettings timing(ScheduleSettings settings) {
        ScheduleSettings.Builder timing =
                ScheduleSettings.newBuilder().setStartDateMillis(settings.getStartDateMillis());
        switch (settings.getTimingCase()) {
            case CRON -> timing.setCron(settings.getCron());
            case EVERY_MILLIS -> timing.setEveryMillis(settings.getEveryMillis());
            case AT_DATE_MILLIS -> timing.setAtDateMillis(settings.getAtDateMillis());
            case TIMING_NOT_SET -> {}
        }
        return timing.build();
    }

    Reply.Builder delete(Name name, Effects effects) {
        boolean existed = schedules.find(name) != null;
        if (existed) {
            schedules.remove(name);
            effects.change(DataKind.SCHEDULE, name, ChangeKind.DELETED, ByteString.EMPTY);
        }
        return ScheduleReplies.reply(ScheduleReply.newBuilder()
                .setDeleted(ScheduleDeleted.newBuilder().setExisted(existed)));
    }

    /** Times that pass while it is paused are none of its. */
    Reply.Builder pause(Context at, Name name, boolean paused, Effects effects) {
        ScheduleRow row = schedules.find(name);
        if (row != null && row.getSettings().getPaused() != paused) {
            ScheduleProgress.Builder progress = row.getProgress().toBuilder().setVersion(effects.nextTicket());
            if (paused) {
                progress.setNextMillis(0);
            } else {
                progress.setNextMillis(SOON).setResumedDateMillis(at.dateMillis());
            }
            ScheduleSettings settings =
                    row.getSettings().toBuilder().setPaused(paused).build();
            put(
                    name,
                    row.toBuilder().setSettings(settings).setProgress(progress).build(),
                    effects);
        }
        return ScheduleReplies.reply(
                ScheduleReply.newBuilder().setPaused(SchedulePaused.newBuilder().setExisted(row != null)));
    }

    private void put(Name name, ScheduleRow row, Effects effects) {
        schedules.put(name, row);
        String value = "{\"paused\":" + row.getSettings().getPaused() + "}";
        effects.change(DataKind.SCHEDULE, name, ChangeKind.PUT, ByteString.copyFromUtf8(value));
    }

    Reply.Builder trigger(Context at, Name name, Effects effects) {
        ScheduleRow row = schedules.find(name);
        if (row == null) {
            return ScheduleReplies.missing(name);
        }
        ScheduleRow.Builder after = row.toBuilder();
        Reply.Builder reply = firing.trigger(at, name, after, effects);
        if (reply.hasError()) {
            return reply;
        }
        schedules.put(name, after.build());
        return ScheduleReplies.reply(ScheduleReply.newBuilder()
                .setTriggered(ScheduleTriggered.newBuilder()
                        .setJobId(after.getLastJobId())
                        .setQueue(row.getSettings().getQueue())));
    }
}
