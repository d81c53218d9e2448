package io.coordinator.cli.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.cli.console.BoundedInput;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.Dates;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator job submit QUEUE}. */
@Command(
        name = "submit",
        description = {
            "Submit a job, and print its id.",
            "When this returns, the job is committed, and is done sooner or later if there are workers. With an --id it"
                    + " can be repeated: a job of an id that the queue remembers is not submitted again.",
            "With --wait its result is printed instead. If the job is dead or cancelled, the exit code is 1; if it has"
                    + " not ended in time, 4: it goes on, and 'job await' waits for it again."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator job submit mail '{\"to\": \"ada@example.org\"}' --id welcome-7",
            "  coordinator job submit reports --delay 10m --attempts 3 --attempt-timeout 5m",
            "  coordinator job submit resize - --wait 30s < order.json"
        })
final class JobSubmitCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Where it waits; made if it is not there.")
    private String queue = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PAYLOAD",
            description = "JSON; '-' reads it from standard input. Default: null")
    private @Nullable String payload;

    @Option(names = "--string", description = "PAYLOAD is text, not JSON.")
    private boolean string;

    @Option(names = "--id", paramLabel = "ID", description = "Names the job. Default: the cluster makes an id")
    private @Nullable String id;

    @Option(
            names = "--delay",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "It does not run before this time has passed.")
    private @Nullable Duration delay;

    @Option(
            names = "--not-before",
            paramLabel = "DATE",
            converter = Dates.class,
            description = "It does not run before this date, by this host's clock: 2026-12-01T09:00:00Z")
    private @Nullable Instant notBefore;

    @Option(names = "--priority", paramLabel = "NUMBER", description = "Higher ones run first. Default: 0")
    private int priority;

    @Option(names = "--key", paramLabel = "KEY", description = "Jobs of one key run one at a time, in order.")
    private @Nullable String key;

    @Option(
            names = "--attempts",
            paramLabel = "COUNT",
            description = "It is tried so often. Default: as the queue says")
    private @Nullable Integer attempts;

    @Option(
            names = "--attempt-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long each attempt may take. Default: as the queue says")
    private @Nullable Duration attemptTimeout;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Wait so long for its end, and print its result.")
    private @Nullable Duration wait;

    JobSubmitCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        if (delay != null && notBefore != null) {
            throw new CliException(ExitCode.USAGE, "--delay and --not-before exclude each other; give one of them");
        }
        if (wait != null && wait.isZero()) {
            throw new CliException(ExitCode.USAGE, "--wait must be more than 0");
        }
        JsonNode value = value();
        SubmitOptions how = how();
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            JobQueue jobs = client.jobs(queue);
            JobHandle job = jobs.submit(value, attempts == null ? how : how.withRetry(retry(jobs, attempts)));
            if (wait != null) {
                new JobEndPrinter(console, options).print(job, wait);
            } else {
                print(job);
            }
        }
        return ExitCode.OK;
    }

    private JsonNode value() {
        if (payload == null) {
            return NullNode.getInstance();
        }
        String text = BoundedInput.argument(payload, console);
        return string ? TextNode.valueOf(text) : Json.parse(text);
    }

    private SubmitOptions how() {
        SubmitOptions how = SubmitOptions.defaults().withPriority(priority);
        how = id == null ? how : how.withId(id);
        how = delay == null ? how : how.withDelay(delay);
        how = notBefore == null ? how : how.withNotBefore(notBefore);
        how = key == null ? how : how.withKey(key);
        return attemptTimeout == null ? how : how.withAttemptTimeout(attemptTimeout);
    }

    /** As the queue says, but for the number. */
    private static RetryOptions retry(JobQueue jobs, int attempts) {
        return jobs.inspect()
                .map(status -> status.options().retry())
                .orElse(RetryOptions.defaults())
                .withAttemptsMax(attempts);
    }

    private void print(JobHandle job) {
        if (options.output(OutputFormat.table) != OutputFormat.table) {
            console.out()
                    .println(Json.line(Json.object()
                            .put("queue", job.queue())
                            .put("id", job.id())
                            .put("created", job.created())));
            return;
        }
        console.out().println(job.id());
        if (!job.created()) {
            console.err()
                    .println(
                            "coordinator job submit: a job of this id was there; nothing was submitted: see 'job show'");
        }
    }
}
