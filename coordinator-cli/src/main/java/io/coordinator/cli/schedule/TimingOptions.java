package io.coordinator.cli.schedule;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Dates;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.client.schedule.ScheduleOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a schedule fires, as it is typed. */
final class TimingOptions {
    @Option(
            names = "--cron",
            paramLabel = "EXPRESSION",
            description = "Minute, hour, day of month, month and day of week, or six fields with seconds first; or"
                    + " @hourly, @daily, @weekly, @monthly, @yearly.")
    private @Nullable String cron;

    @Option(names = "--zone", paramLabel = "ZONE", description = "With --cron: a time zone. Default: UTC")
    private @Nullable String zone;

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "At a fixed rate, a second or more.")
    private @Nullable Duration every;

    @Option(
            names = "--start",
            paramLabel = "DATE",
            converter = Dates.class,
            description = "With --every: the first time. Default: counted from when it is set")
    private @Nullable Instant start;

    @Option(
            names = "--at",
            paramLabel = "DATE",
            converter = Dates.class,
            description = "Once, at this date, such as 2026-12-01T09:00:00Z.")
    private @Nullable Instant at;

    /**
     * The timing, with what schedules have otherwise; empty if none was given.
     *
     * @throws CliException if several were given, or something that does not go with what was
     */
    Optional<ScheduleOptions> options() {
        if (Stream.of(cron, every, at).filter(given -> given != null).count() > 1) {
            throw new CliException(ExitCode.USAGE, "--cron, --every and --at exclude each other; give one of them");
        }
        if (zone != null && cron == null) {
            throw new CliException(ExitCode.USAGE, "--zone goes with --cron; dates of --start and --at have their own");
        }
        if (start != null && every == null) {
            throw new CliException(ExitCode.USAGE, "--start goes with --every");
        }
        if (cron != null) {
            return Optional.of(ScheduleOptions.cron(cron, zone == null ? "UTC" : zone));
        }
        if (every != null) {
            return Optional.of(start == null ? ScheduleOptions.every(every) : ScheduleOptions.every(every, start));
        }
        return Optional.ofNullable(at).map(ScheduleOptions::at);
    }
}
