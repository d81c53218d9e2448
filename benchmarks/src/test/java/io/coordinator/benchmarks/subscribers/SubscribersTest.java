package io.coordinator.benchmarks.subscribers;

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
class SubscribersTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void aStalledSubscriberIsMeasured() {
        String printed = run(
                new StalledSubscriber(),
                "--seconds=2",
                "--warmup-seconds=8",
                "--start-warmup-seconds=1",
                "--rounds=1",
                "--message-bytes=65536");
        assertThat(printed)
                .contains("put p99", "delivery p99", "Most that waited")
                .doesNotContain("FAILED");
    }

    @Test
    void idleSubscriptionsAreMeasured() {
        String printed = run(new IdleSubscriptions(), "--clients=2", "--subscriptions=100");
        assertThat(printed).contains("before", "clients connected", "all subscriptions");
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
