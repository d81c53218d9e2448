package io.coordinator.cli.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.cli.console.Json;
import io.coordinator.cli.process.CommandOutcome;
import io.coordinator.cli.process.CommandRun;
import io.coordinator.cli.process.CommandRuns;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.PermanentJobException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does each job by a run of a command. */
final class CommandJobs implements JobHandler {
    /** The payload is wrong, and another attempt would fail too: {@code EX_DATAERR} of sysexits.h. */
    static final int DATA_ERROR = 65;

    private final CommandRuns runs;
    private final Consumer<String> onCannotRun;

    /** @param onCannotRun hears, in words, that the command is not there or cannot be executed */
    CommandJobs(CommandRuns runs, Consumer<String> onCannotRun) {
        this.runs = runs;
        this.onCannotRun = onCannotRun;
    }

    @Override
    public @Nullable Object run(JobContext job) {
        try (CommandRun run = start(job)) {
            job.onCancel(run::cancel);
            CommandOutcome outcome = run.await((Json.line(job.payload()) + '\n').getBytes(UTF_8));
            if (outcome.wasTold()) {
                // If the job is not this attempt's any more, nobody hears of this.
                throw new CommandFailure("'" + runs.program() + "' was told to end before it had");
            }
            if (outcome.exitCode() != 0) {
                throw failure(outcome);
            }
            complete(job, outcome);
            return null;
        }
    }

    private CommandRun start(JobContext job) {
        try {
            return runs.start(variables(job));
        } catch (IOException e) {
            String message = "cannot run '" + runs.program() + "': " + e.getMessage();
            onCannotRun.accept(message);
            throw new CommandFailure(message);
        }
    }

    private static Map<String, String> variables(JobContext job) {
        Map<String, String> variables = new TreeMap<>(Map.of(
                "COORD_JOB_QUEUE", job.queue(),
                "COORD_JOB_ID", job.id(),
                "COORD_JOB_KEY", job.key(),
                "COORD_JOB_ATTEMPT", Integer.toString(job.attempt()),
                "COORD_JOB_ATTEMPTS_MAX", Integer.toString(job.attemptsMax()),
                "COORD_JOB_TOKEN", Long.toUnsignedString(job.token()),
                "COORD_JOB_SUBMITTED_AT", job.submittedAt().toString()));
        job.remaining().ifPresent(time -> variables.put("COORD_JOB_TIMEOUT_MILLIS", Long.toString(time.toMillis())));
        return variables;
    }

    private RuntimeException failure(CommandOutcome outcome) {
        String told = outcome.errors();
        String message = "'" + runs.program() + "' ended with exit code " + outcome.exitCode()
                + (told.isEmpty() ? ", and wrote nothing to standard error" : ": " + told);
        return outcome.exitCode() == DATA_ERROR ? new PermanentJobException(message) : new CommandFailure(message);
    }

    // ---- the result ----

    private static void complete(JobContext job, CommandOutcome outcome) {
        if (CommandResults.isWhole(outcome)) {
            try {
                job.complete(CommandResults.whole(outcome));
                return;
            } catch (PayloadTooLargeException | ValidationException e) {
                // As JSON it is larger than a result can be, or has half of a surrogate pair.
                job.complete(CommandResults.beginning(outcome));
                return;
            }
        }
        job.complete(CommandResults.beginning(outcome));
    }
}
