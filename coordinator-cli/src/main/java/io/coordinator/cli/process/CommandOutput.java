package io.coordinator.cli.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a command writes: its beginning is kept, and all of it is read, so that the command never waits. */
final class CommandOutput {
    private static final int BUFFER = 8_192;

    private final InputStream in;
    private final int keptMax;
    private final Runnable onTooMuch;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long bytes;

    /**
     * An output that is not read yet.
     *
     * @param keptMax so many bytes of it are kept
     * @param onTooMuch runs once, when there are more
     */
    CommandOutput(InputStream in, int keptMax, Runnable onTooMuch) {
        this.in = in;
        this.keptMax = keptMax;
        this.onTooMuch = onTooMuch;
    }

    /** Reads to its end. */
    void read() throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            if (keep(buffer, length)) {
                onTooMuch.run();
            }
        }
    }

    /** Whether it has become too much by this. */
    private synchronized boolean keep(byte[] buffer, int length) {
        boolean was = bytes > keptMax;
        kept.write(buffer, 0, Math.min(length, keptMax - kept.size()));
        bytes += length;
        return !was && bytes > keptMax;
    }

    /** What was kept of it so far. */
    synchronized byte[] kept() {
        return kept.toByteArray();
    }

    /** How many bytes there were so far. */
    synchronized long bytes() {
        return bytes;
    }
}
