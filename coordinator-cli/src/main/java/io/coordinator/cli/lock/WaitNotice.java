package io.coordinator.cli.lock;

import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.Failures;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says on stderr, from a second of waiting on, where in line this process stands, and again when that has changed. */
final class WaitNotice implements AutoCloseable {
    private static final long FIRST_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 5_000;

    private final Console console;
    private final String beginning;
    private final Supplier<Optional<Line>> look;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "wait-notice");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable Line told;
    private boolean hasFailed;
    private boolean closed;

    /**
     * Begins to count.
     *
     * @param command of this program, for the message
     * @param what is waited for
     * @param look reads the line; empty once the wait is over
     */
    WaitNotice(Console console, String command, String what, Supplier<Optional<Line>> look) {
        this.console = console;
        this.beginning = "coordinator " + command + ": waits for " + what + ": ";
        this.look = look;
        var unused = timer.scheduleWithFixedDelay(this::tell, FIRST_MILLIS, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tell() {
        try {
            look.get().ifPresent(this::tell);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private synchronized void tell(Line line) {
        if (!closed && (told == null || !line.saysAsMuchAs(told))) {
            told = line;
            console.err().println(beginning + line);
        }
    }

    /** The wait itself goes on, and fails by itself if it has to. */
    private synchronized void fail(RuntimeException why) {
        if (!closed && !hasFailed) {
            hasFailed = true;
            console.err()
                    .println(beginning + "the line cannot be read now: "
                            + Failures.explain(why).getMessage());
        }
    }

    /** Says nothing from now on. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        timer.shutdownNow();
    }
}
