package io.coordinator.schedule;

import io.coordinator.protocol.ScheduleSettings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.OptionalLong;

/** Reads the timing of a schedule out of its settings. */
public final class Timings {
    /** A fixed rate is not faster than that; neither is cron. */
    public static final long EVERY_MILLIS_MIN = 1_000;
    /** The last millisecond of the year 9999. */
    public static final long DATE_MILLIS_MAX =
            Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private Timings() {}

    /**
     * When a schedule with these settings fires.
     *
     * @param setDateMillis when it got them: what a fixed rate without a start is counted from
     * @throws TimingException if something is wrong with the timing, which its message names
     */
    public static NominalTimes of(ScheduleSettings settings, long setDateMillis) {
        return switch (settings.getTimingCase()) {
            case CRON ->
                cron(settings.getCron().getExpression(), settings.getCron().getZone());
            case EVERY_MILLIS -> every(settings.getEveryMillis(), settings.getStartDateMillis(), setDateMillis);
            case AT_DATE_MILLIS -> at(settings.getAtDateMillis());
            case TIMING_NOT_SET ->
                throw new TimingException("timing", "is not set; use a cron expression, a fixed rate or one date");
        };
    }

    private static NominalTimes cron(String expression, String zone) {
        CronFields fields = CronFields.of(expression);
        NominalTimes times = new CronTimes(fields, zone(zone).getRules());
        if (times.after(0).isEmpty()) {
            throw new TimingException(
                    "cron", "\"" + expression + "\" never fires; name a day that its months have, such as 28");
        }
        return times;
    }

    private static ZoneId zone(String zone) {
        try {
            return ZoneId.of(zone.isEmpty() ? "UTC" : zone);
        } catch (DateTimeException e) {
            throw new TimingException(
                    "zone",
                    "\"" + zone + "\" is no time zone that is known here; use a name of the tz database, such as"
                            + " Europe/Berlin, or leave it out for UTC");
        }
    }

    private static NominalTimes every(long everyMillis, long startMillis, long setDateMillis) {
        if (everyMillis < EVERY_MILLIS_MIN) {
            throw new TimingException(
                    "every", everyMillis + " ms is too often; use " + EVERY_MILLIS_MIN + " ms or more");
        }
        requireDate("start", startMillis, 0);
        long anchor = startMillis == 0 ? setDateMillis : startMillis;
        return date -> {
            if (startMillis != 0 && date < startMillis) {
                return OptionalLong.of(startMillis);
            }
            long past = Math.floorDiv(date - anchor, everyMillis);
            boolean tooFar = date >= DATE_MILLIS_MAX || everyMillis > DATE_MILLIS_MAX;
            return tooFar ? OptionalLong.empty() : upTo9999(anchor + (past + 1) * everyMillis);
        };
    }

    private static NominalTimes at(long atMillis) {
        requireDate("at", atMillis, 1);
        return date -> date < atMillis ? OptionalLong.of(atMillis) : OptionalLong.empty();
    }

    private static void requireDate(String field, long dateMillis, long min) {
        if (dateMillis < min || dateMillis > DATE_MILLIS_MAX) {
            throw new TimingException(field, dateMillis + " ms after 1970 is no date from 1970 to 9999; use one");
        }
    }

    static OptionalLong upTo9999(long dateMillis) {
        return dateMillis > DATE_MILLIS_MAX ? OptionalLong.empty() : OptionalLong.of(dateMillis);
    }
}
