package io.coordinator.cli.topic;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.client.error.ClosedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Prints messages, one in a line, up to a number of them. Safe for use by many threads. */
final class MessagePrinter {
    private final Console console;
    private final long max;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private long printed;
    private long done;

    /** @param max how many; null for no end */
    MessagePrinter(Console console, @Nullable Long max) {
        if (max != null && max < 1) {
            throw new CliException(ExitCode.USAGE, "--count must be at least 1, but is " + max);
        }
        this.console = console;
        this.max = max == null ? Long.MAX_VALUE : max;
    }

    /** How many it still prints, at most so many. */
    synchronized int room(int most) {
        return (int) Math.min(most, max - printed);
    }

    /** Prints one, and ends if it was the last. */
    void print(String line) {
        if (begin(line)) {
            finish();
        }
    }

    /** Prints one that is not over yet; false if there were enough, or nobody reads them any more. */
    synchronized boolean begin(String line) {
        if (printed >= max || end.isDone()) {
            return false;
        }
        console.out().println(line);
        if (console.out().checkError()) {
            // Whoever read the output, such as `head`, has had enough.
            end.complete(ExitCode.OK);
            return false;
        }
        printed++;
        return true;
    }

    /** One that was printed is over. */
    synchronized void finish() {
        done++;
        if (done >= max) {
            end.complete(ExitCode.OK);
        }
    }

    boolean isEnough() {
        return end.isDone();
    }

    /** Tells of what is not printed. */
    void note(String text) {
        console.err().println("coordinator sub: " + text);
    }

    /** There will be no more. */
    void fail(Throwable why) {
        if (why instanceof ClosedException) {
            // Only an interruption closes the client meanwhile: an end, not a failure.
            end.complete(ExitCode.OK);
        } else {
            end.completeExceptionally(why);
        }
    }

    /** Waits for the end. */
    int await() {
        try {
            return end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
