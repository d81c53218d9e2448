package io.coordinator.benchmarks.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each command once, with so little load that only correctness can be judged. */
@Tag("soak")
class JobsAtSizeTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void aQueueInWhichManyWaitIsMeasured() {
        String printed = run(
                new WaitingJobs(),
                "--jobs=5000",
                "--seconds=0.5",
                "--start-warmup-seconds=0.5",
                "--rounds=1",
                "--in-flight=8",
                "--heap-mib=1024");
        assertThat(printed)
                .contains("to an empty queue", "in which 5,000 wait", "bytes for each", "was ready")
                .doesNotContain("FAILED");
    }

    @Test
    void schedulesThatAreDueAtOnceAreMeasured() {
        String printed =
                run(new DueSchedules(), "--schedules=200", "--seconds=1", "--start-warmup-seconds=0.5", "--rounds=1");
        assertThat(printed)
                .contains("200 schedules due at once", "all fired after")
                .doesNotContain("FAILED");
    }

    private String run(Callable<Integer> command, String... arguments) {
        StringWriter printed = new StringWriter();
        System.setProperty("coordinator.benchmarks.directory", directory.toString());
        try {
            int exitCode = new CommandLine(command)
                    .setOut(new PrintWriter(printed))
                    .setErr(new PrintWriter(printed))
                    .execute(arguments);
            assertThat(exitCode).as(printed.toString()).isZero();
        } finally {
            System.clearProperty("coordinator.benchmarks.directory");
        }
        return printed.toString();
    }
}
