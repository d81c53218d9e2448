package io.coordinator.testing.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Signals that the Java library does not send. */
final class Signals {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Signals() {}

    /** Returns when the kernel reports the process as stopped. */
    static void stop(long pid) {
        send("-STOP", pid);
        long start = System.nanoTime();
        while (!isStopped(pid)) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("process " + pid + " does not stop");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    static void resume(long pid) {
        send("-CONT", pid);
    }

    private static void send(String signal, long pid) {
        try {
            int exit = new ProcessBuilder("kill", signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill " + signal + " " + pid + " exited with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal, e);
        }
    }

    /**
     * The field after the command's name in {@code /proc/PID/stat}; the name may hold anything but ends at the last
     * bracket. It is a small letter for a process that is being traced.
     */
    private static boolean isStopped(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'T' || state == 't';
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " is gone, or this is not Linux", e);
        }
    }
}
