package io.coordinator.cli.lock;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The command that runs under the lock: this process' own streams, a few more environment variables. */
final class GuardedChild {
    private final Process process;

    private GuardedChild(Process process) {
        this.process = process;
    }

    /**
     * Starts the command.
     *
     * @throws CliException if there is no such program or it cannot be executed
     */
    static GuardedChild start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        try {
            return new GuardedChild(builder.start());
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.CANNOT_EXECUTE,
                    "cannot run '" + command.get(0) + "': " + e.getMessage() + "; the lock was released again",
                    e);
        }
    }

    /** Completes at the end, by whatever cause. */
    CompletableFuture<?> onExit() {
        return process.onExit();
    }

    /** Waits for the end, and returns the exit code: 128 + n if signal n ended it. */
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Passes a signal on. */
    void signal(String name) {
        if (name.equals("TERM")) {
            process.destroy();
            return;
        }
        try {
            new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            process.destroy();
        }
    }

    /** TERM to the child; after the grace, KILL to it and to everything that it started. Returns when it is gone. */
    void end(Duration grace) throws InterruptedException {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.waitFor();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
