package io.coordinator.cli.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;

/** Passes on what a command writes as errors, and keeps the end of it. */
final class ErrorTail {
    private static final int KEPT_MAX = 4_096;
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;

    private final InputStream in;
    private final PrintStream out;
    private byte[] kept = new byte[0];

    ErrorTail(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    /** Reads all, and returns the last 4,096 bytes of it: whole characters, and no line break at the end. */
    String read() {
        byte[] buffer = new byte[KEPT_MAX];
        try {
            int length = in.read(buffer);
            while (length >= 0) {
                out.write(buffer, 0, length);
                out.flush();
                keep(buffer, length);
                length = in.read(buffer);
            }
        } catch (IOException e) {
            // The command has ended, and something that it left behind has closed this.
            return text();
        }
        return text();
    }

    private void keep(byte[] more, int length) {
        int before = Math.min(kept.length, KEPT_MAX - length);
        byte[] all = Arrays.copyOfRange(kept, kept.length - before, kept.length + length);
        System.arraycopy(more, 0, all, before, length);
        kept = all;
    }

    private String text() {
        int from = 0;
        while (from < kept.length && (kept[from] & CONTINUATION_MASK) == CONTINUATION) {
            from++;
        }
        return new String(kept, from, kept.length - from, UTF_8).stripTrailing();
    }
}
