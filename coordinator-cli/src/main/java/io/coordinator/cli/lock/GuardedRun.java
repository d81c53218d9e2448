package io.coordinator.cli.lock;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.process.Child;
import io.coordinator.cli.process.SignalTraps;
import io.coordinator.client.lock.LossReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One run of a command under a grant: it ends when it wants to, when a signal ends it, or when the grant is lost. What
 * it has started ends with it, before the grant is given back: the next holder must not meet any of it.
 */
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
     * @param grace from TERM to KILL when the grant is lost, and for what the command leaves behind at its own end; not
     *     negative
     * @param onTerminal whether this process is a job of a terminal; the terminal then sends INT to the command too,
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
        CompletableFuture<Child> started = new CompletableFuture<>();
        try (SignalTraps signals = new SignalTraps(FORWARDED, name -> forward(name, started.join()));
                Child child = start()) {
            started.complete(child);
            loss.thenAccept(lost::complete);
            CompletableFuture.anyOf(child.onExit(), lost).join();
            child.end(grace);
            return lost.isDone() ? ExitCode.LOCK_LOST : child.await();
        }
    }

    private Child start() {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).inheritIO();
        builder.environment().putAll(environment);
        try {
            return Child.start(builder, onTerminal);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.CANNOT_EXECUTE,
                    "cannot run '" + command.get(0) + "': " + e.getMessage() + "; the lock was released again",
                    e);
        }
    }

    /** Why the grant was lost, if it was. */
    Optional<LossReason> lossReason() {
        return Optional.ofNullable(lost.getNow(null));
    }

    private void forward(String signal, Child child) {
        if (!(onTerminal && signal.equals("INT"))) {
            child.signal(signal);
        }
    }
}
