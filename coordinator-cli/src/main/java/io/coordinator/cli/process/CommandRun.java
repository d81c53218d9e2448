package io.coordinator.cli.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * One run of a command. The thread that waits for it may be interrupted at any time; nothing here heeds that, because
 * what is given up ends its command, and so itself.
 */
public final class CommandRun implements AutoCloseable {
    /** What has left the command's session, as daemons do, may keep its output open. */
    private static final long OUTPUT_PATIENCE_SECONDS = 2;

    private final CommandRuns runs;
    private final Child child;
    private final CommandOutput output;
    private volatile boolean told;

    CommandRun(CommandRuns runs, Child child) {
        this.runs = runs;
        this.child = child;
        output = new CommandOutput(child.output(), runs.outputMax(), () -> {
            if (runs.endsAtTooMuch()) {
                end();
            }
        });
    }

    /**
     * Gives the command its input and waits for its end. What it has started ends with it.
     *
     * @throws UncheckedIOException if its output cannot be read
     */
    public CommandOutcome await(byte[] input) {
        CompletableFuture<Void> ended = child.onExit().thenRunAsync(() -> runs.end(child), runs.threads());
        ErrorTail errors = new ErrorTail(child.errors(), runs.err());
        CompletableFuture<String> tail = CompletableFuture.supplyAsync(errors::read, runs.threads());
        CompletableFuture<Boolean> read = CompletableFuture.supplyAsync(this::read, runs.threads());
        runs.threads().execute(() -> write(input));
        ended.join();
        boolean hasEnded = within(read, false);
        return new CommandOutcome(
                exitCode(),
                output.kept(),
                output.bytes(),
                hasEnded,
                within(tail, "").stripTrailing(),
                told);
    }

    /** Tells the command to end: TERM, then KILL after the grace. Returns at once. */
    public void cancel() {
        tell();
        runs.threads().execute(this::end);
    }

    /** The same, and returns when it has ended. */
    void endNow() {
        tell();
        end();
    }

    private void tell() {
        told |= child.isAlive();
    }

    private void end() {
        runs.end(child);
    }

    /** Of a command that has ended. */
    private int exitCode() {
        boolean interrupted = Thread.interrupted();
        try {
            return child.await();
        } catch (InterruptedException e) {
            interrupted = true;
            return -1;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(byte[] input) {
        try (OutputStream in = child.input()) {
            in.write(input);
        } catch (IOException e) {
            // It has not read all of it, as is its right.
            return;
        }
    }

    private boolean read() {
        try {
            output.read();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was read of a command that has ended; if that has no end, something else. */
    private static <T> T within(CompletableFuture<T> reading, T otherwise) {
        try {
            return reading.completeOnTimeout(otherwise, OUTPUT_PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException unreadable ? unreadable : e;
        }
    }

    /** Kills whatever is left, without waiting. */
    @Override
    public void close() {
        runs.forget(this);
        child.close();
    }
}
