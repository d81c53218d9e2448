package io.coordinator.cli.lock;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A process of its own for {@link GuardedRunTest}, because signals concern a whole process. */
final class SignalledRun {
    private SignalledRun() {}

    /** Runs a shell command under a grant that is never lost. */
    public static void main(String[] arguments) throws InterruptedException {
        GuardedRun run = new GuardedRun(List.of("sh", "-c", arguments[0]), Map.of(), Duration.ofSeconds(1), false);
        System.exit(run.whileHeld(new CompletableFuture<>()));
    }
}
