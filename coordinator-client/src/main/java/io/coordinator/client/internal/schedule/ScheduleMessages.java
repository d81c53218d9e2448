package io.coordinator.client.internal.schedule;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.client.schedule.ScheduleTiming;
import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.MisfirePolicy;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.OverlapPolicy;
import io.coordinator.protocol.ScheduleProgress;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.ScheduleSummary;
import io.coordinator.schedule.NominalTimes;
import io.coordinator.schedule.TimingException;
import io.coordinator.schedule.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options of schedules as messages, and what messages say of schedules. */
final class ScheduleMessages {
    private ScheduleMessages() {}

    // ---- there ----

    /** @throws ValidationException that names what is bad */
    static ScheduleSettings settings(ScheduleOptions options, JsonCodec json) {
        ScheduleSettings settings = timing(options)
                .setQueue(Calls.checkName("queue", options.queue()))
                .setJob(NewJob.newBuilder()
                        .setPayload(json.write(options.payload()))
                        .setKey(options.key().isEmpty() ? "" : Calls.checkName("key", options.key()))
                        .setPriority(options.priority())
                        .setAttemptMillis(Times.millis(options.attemptTimeout())))
                .setMisfire(misfire(options.misfire()))
                .setMisfiresMax(options.misfiresMax())
                .setOverlap(overlap(options.overlap()))
                .setJitterMillis(Times.millis(options.jitter()))
                .setPaused(options.paused())
                .build();
        times(settings, 1);
        return settings;
    }

    /** Only when it fires. */
    static ScheduleSettings.Builder timing(ScheduleOptions options) {
        ScheduleTiming timing = options.timing();
        ScheduleSettings.Builder settings = ScheduleSettings.newBuilder();
        if (timing instanceof ScheduleTiming.Cron cron) {
            settings.setCron(
                    CronTiming.newBuilder().setExpression(cron.expression()).setZone(cron.zone()));
        } else if (timing instanceof ScheduleTiming.Every every) {
            Instant start = every.start();
            settings.setEveryMillis(Times.millis(every.interval()))
                    .setStartDateMillis(start == null ? 0 : millis("start", start));
        } else if (timing instanceof ScheduleTiming.At at) {
            settings.setAtDateMillis(millis("at", at.date()));
        }
        return settings;
    }

    private static long millis(String what, Instant date) {
        try {
            return date.toEpochMilli();
        } catch (ArithmeticException e) {
            throw new ValidationException(what + " must be in the years 1970 to 9999, but is " + date);
        }
    }

    /**
     * When it fires, by what this process knows of time zones.
     *
     * @throws ValidationException if that makes no sense
     */
    static NominalTimes times(ScheduleSettings settings, long setDateMillis) {
        try {
            return Timings.of(settings, setDateMillis);
        } catch (TimingException e) {
            throw new ValidationException(e.getMessage() == null ? e.field() : e.getMessage());
        }
    }

    /** The first ones behind a date. */
    static List<Instant> next(NominalTimes times, long afterMillis, int count) {
        return times.after(afterMillis, count).stream()
                .map(Instant::ofEpochMilli)
                .toList();
    }

    private static MisfirePolicy misfire(ScheduleOptions.Misfire policy) {
        return switch (policy) {
            case FIRE_ONCE -> MisfirePolicy.FIRE_ONCE;
            case FIRE_NONE -> MisfirePolicy.FIRE_NONE;
            case FIRE_ALL -> MisfirePolicy.FIRE_ALL;
        };
    }

    private static OverlapPolicy overlap(ScheduleOptions.Overlap policy) {
        return switch (policy) {
            case QUEUE -> OverlapPolicy.QUEUE_NEXT;
            case SKIP -> OverlapPolicy.SKIP_NEXT;
            case CANCEL_EARLIER -> OverlapPolicy.CANCEL_EARLIER;
        };
    }

    // ---- back ----

    /** Times before this are decided, or none of the schedule's. */
    static long begun(ScheduleProgress progress) {
        return Math.max(
                progress.getDecidedMillis(), Math.max(progress.getSetDateMillis(), progress.getResumedDateMillis()));
    }

    static ScheduleStatus status(ScheduleSummary summary, JsonCodec json) {
        ScheduleSettings settings = summary.getSettings();
        long next = summary.getProgress().getNextMillis();
        boolean known = next > 1 && !settings.getPaused();
        return new ScheduleStatus(
                summary.getNamespace(),
                summary.getName(),
                options(settings, json),
                settings.getPaused(),
                known ? Instant.ofEpochMilli(next) : null,
                date(summary.getLastFiredMillis()),
                summary.getFired(),
                summary.getMisfired(),
                summary.getSkipped(),
                summary.getUnfinished(),
                summary.getLastJobId().isEmpty() ? null : summary.getLastJobId());
    }

    private static @Nullable Instant date(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    private static ScheduleOptions options(ScheduleSettings settings, JsonCodec json) {
        NewJob job = settings.getJob();
        return new ScheduleOptions(
                timing(settings),
                settings.getQueue(),
                json.read(job.getPayload()),
                job.getKey(),
                job.getPriority(),
                Duration.ofMillis(job.getAttemptMillis()),
                misfire(settings.getMisfire()),
                settings.getMisfiresMax(),
                overlap(settings.getOverlap()),
                Duration.ofMillis(settings.getJitterMillis()),
                settings.getPaused());
    }

    private static ScheduleTiming timing(ScheduleSettings settings) {
        return switch (settings.getTimingCase()) {
            case CRON ->
                new ScheduleTiming.Cron(
                        settings.getCron().getExpression(), settings.getCron().getZone());
            case EVERY_MILLIS ->
                new ScheduleTiming.Every(
                        Duration.ofMillis(settings.getEveryMillis()), date(settings.getStartDateMillis()));
            case AT_DATE_MILLIS, TIMING_NOT_SET ->
                new ScheduleTiming.At(Instant.ofEpochMilli(settings.getAtDateMillis()));
        };
    }

    private static ScheduleOptions.Misfire misfire(MisfirePolicy policy) {
        return switch (policy) {
            case FIRE_NONE -> ScheduleOptions.Misfire.FIRE_NONE;
            case FIRE_ALL -> ScheduleOptions.Misfire.FIRE_ALL;
            case FIRE_ONCE, UNRECOGNIZED -> ScheduleOptions.Misfire.FIRE_ONCE;
        };
    }

    private static ScheduleOptions.Overlap overlap(OverlapPolicy policy) {
        return switch (policy) {
            case SKIP_NEXT -> ScheduleOptions.Overlap.SKIP;
            case CANCEL_EARLIER -> ScheduleOptions.Overlap.CANCEL_EARLIER;
            case QUEUE_NEXT, UNRECOGNIZED -> ScheduleOptions.Overlap.QUEUE;
        };
    }
}
