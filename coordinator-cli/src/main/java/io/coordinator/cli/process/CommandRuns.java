package io.coordinator.cli.process;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs one command for each of many requests, several at a time: text in, and out come text and an exit code. */
public final class CommandRuns implements AutoCloseable {
    private final Settings settings;
    private final PrintStream err;
    private final Set<CommandRun> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;

    /**
     * How a command runs.
     *
     * @param command what to run, and its arguments
     * @param environment variables for every run
     * @param grace from TERM to KILL
     * @param outputMax so many bytes of what it writes are kept
     * @param endsAtTooMuch whether it is told to end when it writes more
     */
    public record Settings(
            List<String> command,
            Map<String, String> environment,
            Duration grace,
            int outputMax,
            boolean endsAtTooMuch) {
        public Settings {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * Runs that have not begun.
     *
     * @param err gets what the command writes as errors
     * @param threadName of the threads that wait for runs
     */
    public CommandRuns(Settings settings, PrintStream err, String threadName) {
        this.settings = settings;
        this.err = err;
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Where runs are to be waited for: as many at a time as come. */
    public Executor threads() {
        return threads;
    }

    /** What is run, for messages. */
    public String program() {
        return settings.command.get(0);
    }

    /**
     * Starts a run.
     *
     * @param variables for this one
     * @throws IOException if there is no such program or it cannot be executed
     */
    public CommandRun start(Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(settings.command));
        builder.environment().putAll(settings.environment);
        builder.environment().putAll(variables);
        // Never a part of the terminal's job: a signal from there is for this process, which lets runs end.
        CommandRun run = new CommandRun(this, Child.start(builder, false));
        running.add(run);
        return run;
    }

    int outputMax() {
        return settings.outputMax;
    }

    boolean endsAtTooMuch() {
        return settings.endsAtTooMuch;
    }

    PrintStream err() {
        return err;
    }

    void end(Child child) {
        try {
            child.end(settings.grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void forget(CommandRun run) {
        running.remove(run);
    }

    /** Ends what runs, and returns when it has ended. */
    @Override
    public void close() {
        CompletableFuture.allOf(running.stream()
                        .map(run -> CompletableFuture.runAsync(run::endNow, threads))
                        .toArray(CompletableFuture[]::new))
                .join();
    }
}
