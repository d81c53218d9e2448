package io.coordinator.testing.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that counts in a file. */
public final class Ticking {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Ticking() {}

    /** Counts for ever in the file named by the first argument. */
    public static void main(String[] arguments) throws IOException {
        for (long count = 1; ; count++) {
            Files.writeString(Path.of(arguments[0]), Long.toString(count));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
