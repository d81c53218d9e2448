package io.coordinator.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A process that stands still, as a machine that hangs does. A shell holds it, and lets it go at the end of its own
 * input: so it goes on also when the demo is gone, and learns of that.
 */
final class PausedProcess {
    private static final String SCRIPT = "kill -STOP \"$0\" || exit 1; echo stopped; read -r word; kill -CONT \"$0\"";

    private final Process shell;

    private PausedProcess(Process shell) {
        this.shell = shell;
    }

    /**
     * Stops a process where it is; returns when the signal is sent.
     *
     * @throws IOException if the system refuses
     */
    static PausedProcess stop(Process process, Children children) throws IOException {
        Process shell = children.start(new ProcessBuilder("sh", "-c", SCRIPT, Long.toString(process.pid())));
        String said = shell.inputReader(UTF_8).readLine();
        if (said == null) {
            throw new IOException("the process " + process.pid() + " cannot be paused");
        }
        return new PausedProcess(shell);
    }

    /** Lets it go on. */
    void resume() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("a paused process cannot be told to go on", e);
        }
        shell.onExit().join();
    }
}
