package io.coordinator.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What somebody else writes, read whole, but not at any length: there may be no end of it. */
public final class BoundedInput {
    /** More than any cluster takes as a value. */
    public static final int MAX = 16 << 20;

    private BoundedInput() {}

    /**
     * An argument, or standard input if it is {@code "-"}.
     *
     * @throws CliException if there is more than {@link #MAX} bytes
     */
    public static String argument(String argument, Console console) {
        return argument.equals("-") ? text(console.in()) : argument;
    }

    private static String text(InputStream in) {
        try {
            byte[] read = in.readNBytes(MAX + 1);
            if (read.length > MAX) {
                throw tooLong("standard input has", "bytes");
            }
            return new String(read, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input", e);
        }
    }

    /**
     * One line of standard input, without its end.
     *
     * @return null if there is none
     * @throws CliException if it has more than {@link #MAX} characters
     */
    public static @Nullable String line(Reader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int read = reader.read();
        if (read < 0) {
            return null;
        }
        for (; read >= 0 && read != '\n'; read = reader.read()) {
            if (line.length() == MAX) {
                throw tooLong("a line of standard input has", "characters");
            }
            line.append((char) read);
        }
        int end = line.length();
        return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
    }

    private static CliException tooLong(String what, String unit) {
        return new CliException(
                ExitCode.USAGE, what + " more than " + MAX + " " + unit + ", which no value may have; send less");
    }
}
