package io.coordinator.cli.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The process' surroundings as the commands see them: data goes to {@code out}, everything else to {@code err}.
 *
 * @param in standard input
 * @param out where data goes, UTF-8
 * @param err where messages and progress go, UTF-8
 * @param environment the environment variables
 * @param inIsTerminal whether a person types the input
 * @param outIsTerminal whether a person reads the data
 * @param errIsTerminal whether a person reads the messages; progress is shown only then
 */
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal) {

    /**
     * This process' own. UTF-8 whatever the locale says: values are JSON, and JSON is UTF-8.
     *
     * @param data where data goes
     */
    public static Console ofProcess(OutputStream data) {
        return new Console(
                new FileInputStream(FileDescriptor.in),
                utf8(data),
                utf8(new FileOutputStream(FileDescriptor.err)),
                System.getenv(),
                isTerminal(0),
                isTerminal(1),
                isTerminal(2));
    }

    /** Whether a person can stop this process with a key, as far as its streams tell. */
    public boolean isJobOfTerminal() {
        return inIsTerminal || outIsTerminal || errIsTerminal;
    }

    /** Java 17 cannot tell whether a stream is a terminal; the launcher, a shell script, can and does. */
    private static boolean isTerminal(int descriptor) {
        return Boolean.getBoolean("coordinator.tty." + descriptor);
    }

    private static PrintStream utf8(OutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
