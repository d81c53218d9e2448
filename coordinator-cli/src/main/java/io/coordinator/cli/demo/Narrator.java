package io.coordinator.cli.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Tells what the demo does, line by line, each with the seconds since it began. */
final class Narrator {
    private static final String REWRITE_LINE = "\r\u001B[K";

    private final PrintStream to;
    private final boolean terminal;
    private final long beganNanos = System.nanoTime();
    private boolean lineOpen;

    /**
     * A narrator that begins now.
     *
     * @param to where the lines go
     * @param terminal whether a person watches, so that a line may replace the one before
     */
    Narrator(PrintStream to, boolean terminal) {
        this.to = to;
        this.terminal = terminal;
    }

    /** A line that stays. */
    synchronized void tell(String line) {
        closeLine();
        to.println(stamped(line));
    }

    /** A line that the next one replaces, where the output can do that. */
    synchronized void tick(String line) {
        if (terminal) {
            to.print(REWRITE_LINE + stamped(line));
            to.flush();
            lineOpen = true;
        } else {
            tell(line);
        }
    }

    /** How far something is, as a picture. */
    static String bar(int percent) {
        int full = percent / 5;
        return "[" + "#".repeat(full) + ".".repeat(20 - full) + "]";
    }

    private void closeLine() {
        if (lineOpen) {
            to.print(REWRITE_LINE);
            lineOpen = false;
        }
    }

    private String stamped(String line) {
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        return String.format(Locale.ROOT, "[%5.1f s] %s", seconds, line);
    }
}
