package io.coordinator.cli.lock;

import io.coordinator.cli.console.ExitCode;
import io.coordinator.client.LossReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One run of a command under a grant: it ends when it wants to, when a signal ends it, or when the grant is lost. */
final class GuardedRun {
    private static final List<String> FORWARDED = List.of("INT", "TERM", "HUP");

    private final List<String> command;
    private final Map<String, String> environment;
    private final Duration grace;
    private final boolean onTerminal;
    private final CompletableFuture<LossReason> lost = new CompletableFuture<>();

    /**
     * A run that has not begun.
     *
     * @param environment variables to add to this process' own
     * @param grace from TERM to KILL when the grant is lost
     * @param onTerminal whether this process is in a terminal's foreground; the terminal then sends INT to the command too,
     *     which must not get it twice: many programs take the second one for "at once"
     */
    GuardedRun(List<String> command, Map<String, String> environment, Duration grace, boolean onTerminal) {
        this.command = command;
        this.environment = environment;
        this.grace = grace;
        this.onTerminal = onTerminal;
    }

    /**
     * Runs the command.
     *
     * @param loss completes if the grant is lost
     * @return its exit code, or {@link ExitCode#LOCK_LOST} if the grant was lost before it ended
     */
    int whileHeld(CompletionStage<LossReason> loss) throws InterruptedException {
        CompletableFuture<GuardedChild> started = new CompletableFuture<>();
        try (Signals signals = new Signals(FORWARDED, name -> forward(name, started.join()))) {
            GuardedChild child = GuardedChild.start(command, environment);
            started.complete(child);
            loss.thenAccept(lost::complete);
            CompletableFuture.anyOf(child.onExit(), lost).join();
            if (lost.isDone()) {
                child.end(grace);
                return ExitCode.LOCK_LOST;
            }
            return child.await();
        }
    }

    /** Why the grant was lost, if it was. */
    Optional<LossReason> lossReason() {
        return Optional.ofNullable(lost.getNow(null));
    }

    private void forward(String signal, GuardedChild child) {
        if (!(onTerminal && signal.equals("INT"))) {
            child.signal(signal);
        }
    }
}
