package io.coordinator.server.schedule;

import io.coordinator.protocol.DueSchedule;
import io.coordinator.protocol.MisfirePolicy;
import io.coordinator.protocol.ScheduleAdvance;
import io.coordinator.protocol.ScheduleProgress;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.schedule.NominalTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which nominal times of a schedule fire at a date of this leader, and which were missed. Nothing that is decided comes
 * again: times only go forward, whatever the clock does.
 */
final class DueFirings {
    /** A time is missed if it fires later than that: longer than it usually takes until there is another leader. */
    static final long GRACE_MILLIS = 5_000;
    /** So many missed times are counted at a time; more are known to be missed, but not how many. */
    static final int COUNTED_MAX = 1_000;

    /** Of the payloads of the jobs of one schedule in one entry. */
    private static final long PAYLOAD_BYTES_MAX = 1L << 20;

    private static final int MISFIRES = 10;
    /** The next time of a schedule that no leader has looked at since it was set or resumed. */
    private static final long NOT_SEEN = 1;
    /** There are no more times than that within the grace. */
    private static final int ON_TIME_MAX = (int) (GRACE_MILLIS / 1_000) + 1;

    private final DueSchedule schedule;
    private final ScheduleSettings settings;
    private final NominalTimes times;
    private final long nowMillis;
    private final long from;

    private DueFirings(DueSchedule schedule, NominalTimes times, long nowMillis) {
        this.schedule = schedule;
        this.settings = schedule.getSettings();
        this.times = times;
        this.nowMillis = nowMillis;
        this.from = from(schedule, nowMillis);
    }

    /** What to propose. */
    static ScheduleAdvance of(DueSchedule schedule, NominalTimes times, long nowMillis) {
        return new DueFirings(schedule, times, nowMillis).advance();
    }

    /** What to propose if times cannot be told: to look again then. */
    static ScheduleAdvance later(DueSchedule schedule, long nowMillis, long nextMillis) {
        return advance(schedule)
                .setDecidedMillis(from(schedule, nowMillis))
                .setNextMillis(nextMillis)
                .build();
    }

    private static ScheduleAdvance.Builder advance(DueSchedule schedule) {
        return ScheduleAdvance.newBuilder()
                .setNamespace(schedule.getNamespace())
                .setName(schedule.getName())
                .setVersion(schedule.getProgress().getVersion());
    }

    /**
     * Times up to here are decided, or none of the schedule's. The date of the entry that set it may be ahead of this
     * clock; then it begins now. From the first look on, only what is decided counts.
     */
    private static long from(DueSchedule schedule, long nowMillis) {
        ScheduleProgress progress = schedule.getProgress();
        if (progress.getNextMillis() != NOT_SEEN) {
            return progress.getDecidedMillis();
        }
        long begun = schedule.getSettings().hasAtDateMillis()
                ? progress.getResumedDateMillis()
                : Math.max(progress.getSetDateMillis(), progress.getResumedDateMillis());
        return Math.max(progress.getDecidedMillis(), Math.min(begun, nowMillis));
    }

    private ScheduleAdvance advance() {
        List<Long> due = due();
        int known = due.size();
        if (known > COUNTED_MAX) {
            due = last(keptMax() + ON_TIME_MAX);
            known = COUNTED_MAX;
        }
        List<Long> fire = fire(due);
        long decided = due.isEmpty() ? from : due.get(due.size() - 1);
        int most = (int) Math.max(1, PAYLOAD_BYTES_MAX / Math.max(1, schedule.getPayloadBytes()));
        int misfired = known - fire.size();
        if (fire.size() > most) {
            fire = fire.subList(0, most);
            decided = fire.get(most - 1);
        }
        return advance(schedule)
                .addAllFireMillis(fire)
                .setDecidedMillis(decided)
                .setNextMillis(times.after(decided).orElse(0))
                .setMisfired(Math.max(0, misfired))
                .build();
    }

    /** The times that have come, or more than can be counted. */
    private List<Long> due() {
        List<Long> due = new ArrayList<>();
        OptionalLong next = times.after(from);
        while (next.isPresent() && next.getAsLong() <= nowMillis && due.size() <= COUNTED_MAX) {
            due.add(next.getAsLong());
            next = times.after(next.getAsLong());
        }
        return due;
    }

    /** The last ones that have come, at most so many, of very many. */
    private List<Long> last(int count) {
        List<Long> last = new ArrayList<>();
        long limit = nowMillis;
        while (last.size() < count && isUpTo(from, limit)) {
            long time = lastUpTo(limit);
            last.add(0, time);
            limit = time - 1;
        }
        return last;
    }

    private boolean isUpTo(long dateMillis, long limit) {
        OptionalLong next = times.after(dateMillis);
        return next.isPresent() && next.getAsLong() <= limit;
    }

    /** The last time not behind a date; there is one. */
    private long lastUpTo(long limit) {
        long low = from;
        long high = limit;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (isUpTo(middle, limit)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return times.after(low).orElseThrow();
    }

    private List<Long> fire(List<Long> due) {
        int missed = 0;
        while (missed < due.size() && due.get(missed) < nowMillis - GRACE_MILLIS) {
            missed++;
        }
        boolean latest = settings.getMisfire() == MisfirePolicy.FIRE_ONCE && missed < due.size();
        int kept = latest ? 0 : Math.min(missed, keptMax());
        return due.subList(missed - kept, due.size());
    }

    /** Missed times that fire. */
    private int keptMax() {
        return switch (settings.getMisfire()) {
            case FIRE_ONCE -> 1;
            case FIRE_ALL -> settings.getMisfiresMax() == 0 ? MISFIRES : settings.getMisfiresMax();
            case FIRE_NONE, UNRECOGNIZED -> 0;
        };
    }
}
