package io.coordinator.cli.schedule;

import io.coordinator.cli.console.BoundedInput;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleOutcome;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator schedule set NAME}. */
@Command(
        name = "set",
        description = {
            "Make a schedule, or give it other options, and print when it fires next.",
            "What is not given is as usual, whatever it was before, but whether it is paused stays. With the same timing"
                    + " it goes on where it is; with another one it begins now. --create refuses, with exit code 3, to"
                    + " change one that is there."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator schedule set nightly --cron '0 3 * * *' --zone Europe/Berlin --queue reports",
            "  coordinator schedule set poll --every 30s --queue polls --overlap skip",
            "  coordinator schedule set once --at 2040-01-01T00:00:00Z --queue reports --payload '\"all\"'"
        })
final class ScheduleSetCommand implements Callable<Integer> {
    private static final int MISFIRES = 10;

    private final Console console;
    private final GlobalOptions options;

    /** As it is typed. */
    enum Misfire {
        once,
        none,
        all
    }

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Mixin
    private TimingOptions timing = new TimingOptions();

    @Option(names = "--queue", required = true, paramLabel = "QUEUE", description = "Where its jobs go.")
    private String queue = "";

    @Option(
            names = "--payload",
            paramLabel = "JSON",
            description = "Of each job; '-' reads it from standard input. Default: null")
    private @Nullable String payload;

    @Option(names = "--key", paramLabel = "KEY", description = "Of each job: those of one key run one at a time.")
    private @Nullable String key;

    @Option(names = "--priority", paramLabel = "NUMBER", description = "Of each job. Default: 0")
    private int priority;

    @Option(
            names = "--attempt-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long an attempt at each job may take. Default: as the queue says")
    private Duration attemptTimeout = Duration.ZERO;

    @Option(
            names = "--misfire",
            paramLabel = "POLICY",
            description = "Of times that were missed fire: ${COMPLETION-CANDIDATES}. Default: once, the last one")
    private Misfire misfire = Misfire.once;

    @Option(
            names = "--misfires-max",
            paramLabel = "COUNT",
            description = "With --misfire all: the latest ones, up to 100. Default: " + MISFIRES)
    private @Nullable Integer misfiresMax;

    @Option(
            names = "--overlap",
            paramLabel = "POLICY",
            description = "While an earlier job waits or runs: queue, skip, or cancel-earlier. Default: queue",
            converter = OverlapConverter.class)
    private ScheduleOptions.Overlap overlap = ScheduleOptions.Overlap.QUEUE;

    @Option(
            names = "--jitter",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Each job waits a part of this, the same whoever fires it. Default: none")
    private Duration jitter = Duration.ZERO;

    @Option(names = "--paused", description = "It fires nothing until it is resumed, if it is made now.")
    private boolean paused;

    @Option(names = "--create", description = "Refuse to change one that is there with other options.")
    private boolean create;

    ScheduleSetCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        ScheduleOptions what = what();
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            ScheduleOutcome outcome = create
                    ? client.schedules().create(name, what)
                    : client.schedules().set(name, what);
            if (options.output(OutputFormat.table) == OutputFormat.table) {
                console.out().print(ScheduleListings.text(outcome.nextTimes()));
            } else {
                console.out()
                        .println(Json.line(Json.object()
                                .put("schedule", name)
                                .put("created", outcome.created())
                                .set("nextTimes", ScheduleListings.json(outcome.nextTimes()))));
            }
            return ExitCode.OK;
        }
    }

    private ScheduleOptions what() {
        if (misfiresMax != null && misfire != Misfire.all) {
            throw new CliException(ExitCode.USAGE, "--misfires-max goes with --misfire all");
        }
        ScheduleOptions what = timing.options()
                .orElseThrow(() -> new CliException(ExitCode.USAGE, "when? Give --cron, --every or --at"))
                .queue(queue)
                .priority(priority)
                .attemptTimeout(attemptTimeout)
                .overlap(overlap)
                .jitter(jitter)
                .paused(paused);
        what = key == null ? what : what.key(key);
        what = payload == null ? what : what.payload(Json.parse(BoundedInput.argument(payload, console)));
        return switch (misfire) {
            case once -> what.misfire(ScheduleOptions.Misfire.FIRE_ONCE);
            case none -> what.misfire(ScheduleOptions.Misfire.FIRE_NONE);
            case all -> what.fireMissed(misfiresMax == null ? MISFIRES : misfiresMax);
        };
    }
}
