package io.coordinator.state.schedule;

import io.coordinator.protocol.AdvanceSchedules;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleAdvance;
import io.coordinator.protocol.ScheduleReply;
import io.coordinator.protocol.ScheduleRow;
import io.coordinator.protocol.SchedulesAdvanced;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;

/**
 * Takes what a leader says of nominal times. It may have looked before another leader did, or by a clock that was
 * wrong: what it saw must be what there is, and decided times only go forward.
 */
final class ScheduleAdvancing {
    private static final long LOOK_STEPS = 10;

    private final ScheduleRows schedules;
    private final ScheduleFiring firing;

    ScheduleAdvancing(ScheduleRows schedules, ScheduleFiring firing) {
        this.schedules = schedules;
        this.firing = firing;
    }

    Reply.Builder advance(Context at, AdvanceSchedules advance, Effects effects) {
        Slice slice = effects.slice();
        int done = 0;
        long fired = 0;
        for (ScheduleAdvance one : advance.getSchedulesList()) {
            if (done > 0 && slice.isSpent()) {
                break;
            }
            effects.meter().steps("schedules", LOOK_STEPS);
            fired += advance(at, one, effects);
            done++;
        }
        return ScheduleReplies.reply(ScheduleReply.newBuilder()
                .setAdvanced(SchedulesAdvanced.newBuilder().setFired(fired).setDone(done)));
    }

    /** How many jobs there are of it. */
    private int advance(Context at, ScheduleAdvance one, Effects effects) {
        Name name = Name.of(one.getNamespace(), one.getName());
        ScheduleRow row = schedules.find(name);
        if (row == null
                || row.getSettings().getPaused()
                || row.getProgress().getVersion() != one.getVersion()
                || one.getDecidedMillis() < row.getProgress().getDecidedMillis()) {
            return 0;
        }
        int fired = 0;
        long decided = row.getProgress().getDecidedMillis();
        ScheduleRow.Builder after = row.toBuilder();
        for (long time : one.getFireMillisList()) {
            if (time > decided && time <= Math.min(one.getDecidedMillis(), ScheduleLimits.DATE_MILLIS_MAX)) {
                decided = time;
                fired += firing.fire(at, name, after, time, effects) ? 1 : 0;
            }
        }
        long next = one.getNextMillis();
        after.setMisfired(after.getMisfired() + one.getMisfired())
                .setProgress(row.getProgress().toBuilder()
                        .setVersion(effects.nextTicket())
                        .setDecidedMillis(one.getDecidedMillis())
                        .setNextMillis(next <= 0 ? 0 : Math.max(next, one.getDecidedMillis())));
        schedules.put(name, after.build());
        return fired;
    }
}
