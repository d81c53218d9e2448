package io.coordinator.cli.lock;

import io.coordinator.cli.console.DurationConverter;
import io.coordinator.client.lock.LockOptions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For how long a command waits for what it is to run under, and how it is told of the loss. */
final class HoldOptions {
    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to wait in line; 0 does not wait. Default: as long as it takes")
    private @Nullable Duration wait;

    @Option(
            names = "--session",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "The session's lease: after how long without contact the cluster gives it to the next."
                    + " Default: 10s")
    private @Nullable Duration session;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long the command may take to end after TERM when it is lost, and at its own end what it has"
                            + " started. Default: 5s")
    private Duration grace = Duration.ofSeconds(5);

    /** Empty: as long as it takes. */
    Optional<Duration> maxWait() {
        return Optional.ofNullable(wait);
    }

    Optional<Duration> session() {
        return Optional.ofNullable(session);
    }

    Duration grace() {
        return grace;
    }

    LockOptions lockOptions() {
        return maxWait().map(LockOptions.defaults()::wait).orElseGet(LockOptions.defaults()::waitForever);
    }
}
