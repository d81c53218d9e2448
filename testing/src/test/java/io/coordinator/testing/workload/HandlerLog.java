package io.coordinator.testing.workload;

import io.coordinator.client.job.JobContext;
import io.coordinator.testing.history.job.HandlerLine;
import io.coordinator.testing.history.job.HandlerLine.What;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What handlers did, in a file: each line is on disk before its handler goes on, so that it is known even if the
 * process is killed at once. Lines of several threads share a sync. Thread-safe, also for threads that are interrupted.
 */
final class HandlerLog {
    private final FileOutputStream file;
    private final Object syncing = new Object();
    private long written;
    private long synced;

    HandlerLog(Path path) {
        try {
            file = new FileOutputStream(path.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }

    /** A line about an attempt. */
    void add(What what, JobContext job, String text) {
        HandlerLine line =
                new HandlerLine(what, job.queue(), job.id(), job.token(), job.attempt(), System.nanoTime(), text);
        try {
            sync(write(line));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write down what a handler does", e);
        }
    }

    private synchronized long write(HandlerLine line) throws IOException {
        file.write((line.line() + "\n").getBytes(StandardCharsets.UTF_8));
        return ++written;
    }

    private synchronized long written() {
        return written;
    }

    private void sync(long number) throws IOException {
        synchronized (syncing) {
            if (synced < number) {
                long with = written();
                file.getFD().sync();
                synced = with;
            }
        }
    }
}
