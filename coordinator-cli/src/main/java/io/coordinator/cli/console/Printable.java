package io.coordinator.cli.console;

/** Text that comes from elsewhere, and must not tell a terminal what to do. */
public final class Printable {
    private static final int BRIEF_CHARS = 100;

    private Printable() {}

    /** In its lines, without a line break at the end. */
    public static String lines(String text) {
        StringBuilder lines = new StringBuilder();
        text.chars().forEach(c -> lines.append(c == '\n' || c == '\t' || !Character.isISOControl(c) ? (char) c : '?'));
        return lines.toString().stripTrailing();
    }

    /** In one line; of a long text the beginning. */
    public static String brief(String text) {
        String line = lines(text).strip().replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= BRIEF_CHARS
                ? line
                : line.substring(0, line.offsetByCodePoints(0, BRIEF_CHARS)) + "\u2026";
    }
}
