package io.coordinator.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Cron in a time zone. The expression is about local times; here is what becomes of them when clocks are changed.
 *
 * <p>With hours that are restricted it means times of the day, each of which fires once: one that the clocks skip, at
 * the first instant after it; one that they show twice, the first time. With {@code *} as its hours it means a rate: it
 * fires at each instant whose local time matches, so that nothing pauses for the hour that comes twice.
 */
final class CronTimes implements NominalTimes {
    private static final int MILLIS = 1_000;

    private final CronFields cron;
    private final ZoneRules rules;

    CronTimes(CronFields cron, ZoneRules rules) {
        this.cron = cron;
        this.rules = rules;
    }

    @Override
    public OptionalLong after(long dateMillis) {
        if (dateMillis >= Timings.DATE_MILLIS_MAX) {
            return OptionalLong.empty();
        }
        // They lie at whole seconds, so the first one behind this second is the first one behind the date.
        Instant after = Instant.ofEpochSecond(Math.floorDiv(dateMillis, MILLIS));
        Instant found = cron.everyHour() ? nextMatch(after) : nextOfDay(after);
        return found == null ? OptionalLong.empty() : Timings.upTo9999(found.toEpochMilli());
    }

    /** The next instant whose local time matches; null if there is none. */
    private @Nullable Instant nextMatch(Instant after) {
        Instant from = after;
        ZoneOffset offset = rules.getOffset(after);
        LocalDateTime behind = local(after, offset);
        while (true) {
            LocalDateTime next = nextLocal(behind);
            ZoneOffsetTransition change = rules.nextTransition(from);
            if (next == null) {
                return null;
            }
            if (change == null || next.toInstant(offset).isBefore(change.getInstant())) {
                return next.toInstant(offset);
            }
            from = change.getInstant();
            offset = change.getOffsetAfter();
            behind = change.getDateTimeAfter().minusSeconds(1);
        }
    }

    /** The next instant that stands for a local time that matches; null if there is none. */
    private @Nullable Instant nextOfDay(Instant after) {
        LocalDateTime next = nextLocal(behind(after));
        while (next != null && !instant(next).isAfter(after)) {
            next = nextLocal(next);
        }
        return next == null ? null : instant(next);
    }

    /** The local time, or when it is shown for the second time the last one of those that are. */
    private LocalDateTime behind(Instant after) {
        ZoneOffset offset = rules.getOffset(after);
        LocalDateTime local = local(after, offset);
        ZoneOffsetTransition change = rules.getTransition(local);
        boolean again = change != null && change.isOverlap() && offset.equals(change.getOffsetAfter());
        return again ? change.getDateTimeBefore().minusSeconds(1) : local;
    }

    private Instant instant(LocalDateTime local) {
        ZoneOffsetTransition change = rules.getTransition(local);
        if (change != null && change.isGap()) {
            return change.getInstant();
        }
        return local.toInstant(change == null ? rules.getOffset(local) : change.getOffsetBefore());
    }

    private static LocalDateTime local(Instant instant, ZoneOffset offset) {
        return LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, offset);
    }

    /**
     * As on a clock that is never changed.
     *
     * @throws TimingException if the library fails, as it may with dates for which nobody has tried the expression:
     *     whoever asks for many schedules must know which one it is
     */
    private @Nullable LocalDateTime nextLocal(LocalDateTime behind) {
        try {
            return cron.times()
                    .nextExecution(behind.atZone(ZoneOffset.UTC))
                    .map(found -> found.toLocalDateTime())
                    .orElse(null);
        } catch (RuntimeException e) {
            throw new TimingException("cron", "no time behind " + behind + " can be told (" + e.getMessage() + ")");
        }
    }
}
