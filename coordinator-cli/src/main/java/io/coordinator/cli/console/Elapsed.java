package io.coordinator.cli.console;

import java.util.Locale;

/** Times as people read them: one or two units, no more. */
public final class Elapsed {
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Elapsed() {}

    /**
     * Such as {@code 850ms}, {@code 12.5s}, {@code 3m20s}, {@code 5h07m} or {@code 2d03h}; less than nothing is
     * {@code 0ms}.
     */
    public static String text(long millis) {
        if (millis < SECOND) {
            return Math.max(0, millis) + "ms";
        }
        if (millis < MINUTE) {
            return String.format(Locale.ROOT, "%.1fs", Math.floor(millis / 100.0) / 10);
        }
        if (millis < HOUR) {
            return pair(millis, MINUTE, "m", SECOND, "s");
        }
        return millis < DAY ? pair(millis, HOUR, "h", MINUTE, "m") : pair(millis, DAY, "d", HOUR, "h");
    }

    private static String pair(long millis, long large, String largeName, long small, String smallName) {
        return String.format(Locale.ROOT, "%d%s%02d%s", millis / large, largeName, millis % large / small, smallName);
    }
}
