package io.coordinator.cli.backup;

import io.coordinator.cli.console.Console;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How far a backup has come: a bar that is drawn anew on a terminal, and elsewhere a line from time to time. */
final class SaveProgress {
    private static final int BAR_CHARS = 30;
    private static final long BAR_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final double MIB = 1 << 20;

    private final Console console;
    private final long begun = System.nanoTime();
    private long drawn = begun;

    SaveProgress(Console console) {
        this.console = console;
    }

    void at(long bytes, long total) {
        long now = System.nanoTime();
        long every = console.errIsTerminal() ? BAR_NANOS : LINE_NANOS;
        if (now - drawn < every && bytes < total) {
            return;
        }
        if (!console.errIsTerminal() && now - begun < LINE_NANOS) {
            return;
        }
        drawn = now;
        double part = total == 0 ? 1 : (double) bytes / total;
        double seconds = (double) (now - begun) / TimeUnit.SECONDS.toNanos(1);
        String figures = String.format(
                Locale.ROOT,
                "%3.0f %% of %.1f MiB, %.1f MiB/s",
                100 * part,
                total / MIB,
                seconds == 0 ? 0 : bytes / MIB / seconds);
        if (console.errIsTerminal()) {
            int full = (int) (BAR_CHARS * part);
            console.err().print("\r[" + "#".repeat(full) + ".".repeat(BAR_CHARS - full) + "] " + figures);
            if (bytes >= total) {
                console.err().println();
            }
            console.err().flush();
        } else {
            console.err().println("coordinator snapshot save: " + figures);
        }
    }
}
