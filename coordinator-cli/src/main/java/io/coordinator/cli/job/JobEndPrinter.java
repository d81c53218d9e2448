package io.coordinator.cli.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.cli.console.Printable;
import io.coordinator.client.error.JobCancelledException;
import io.coordinator.client.error.JobFailedException;
import io.coordinator.client.job.JobHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits for the end of a job, and prints what it came to. */
final class JobEndPrinter {
    private final Console console;
    private final GlobalOptions options;

    JobEndPrinter(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /**
     * Prints the result.
     *
     * @param wait more than 0; null for as long as it takes
     * @throws CliException if the job is dead or cancelled
     */
    void print(JobHandle job, @Nullable Duration wait) {
        try {
            JsonNode result = wait == null ? job.await() : job.await(wait);
            console.out()
                    .println(Json.line(
                            options.output(OutputFormat.table) == OutputFormat.table
                                    ? result
                                    : Json.object()
                                            .put("queue", job.queue())
                                            .put("id", job.id())
                                            .set("result", result)));
        } catch (JobFailedException | JobCancelledException e) {
            throw new CliException(ExitCode.ERROR, Printable.lines(String.valueOf(e.getMessage())), e);
        }
    }
}
