package io.coordinator.server.raft;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a Ratis server, also when it blocks itself. Ratis 3.3.0 closes a log under the log's lock and waits there for
 * the thread that evicts cached segments, which, if it was just at it, waits for the lock: neither ever ends. The
 * waiting can be interrupted; the close then goes on as if that thread had ended. Everything acknowledged is on disk
 * before any of this.
 */
final class PatientClose {
    private static final Logger LOG = LoggerFactory.getLogger(PatientClose.class);
    private static final long NUDGE_MILLIS = 20;
    private static final String CLOSER = "coordinator-close";
    private static final int FRAMES = 30;

    private final String closingThreads;
    private final Duration patience;
    private final Runnable nudge;

    /**
     * @param closingThreads how the names of the threads begin that close a server's logs
     * @param patience how long a close may take before those threads are interrupted, and how long after that
     * @param nudge called now and then while it closes
     */
    PatientClose(String closingThreads, Duration patience, Runnable nudge) {
        this.closingThreads = closingThreads;
        this.patience = patience;
        this.nudge = nudge;
    }

    /** Returns when the server is closed, at the latest after twice the patience. */
    void close(Closeable server) throws IOException {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread closer = new Thread(
                () -> {
                    try {
                        server.close();
                        closed.complete(null);
                    } catch (IOException | RuntimeException e) {
                        closed.completeExceptionally(e);
                    }
                },
                CLOSER);
        closer.setDaemon(true);
        closer.start();
        if (!isDone(closed)) {
            LOG.warn("Ratis has not closed for {}; interrupting what waits in it:{}", patience, waiting());
            interruptClosingThreads();
            if (!isDone(closed)) {
                throw new IOException("Ratis did not close within " + patience.multipliedBy(2)
                        + "; its directory stays locked until this process ends. What waits in it:" + waiting());
            }
        }
    }

    private boolean isDone(CompletableFuture<Void> closed) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                if (isDoneSoon(closed)) {
                    return true;
                }
                nudge.run();
            }
            return false;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Ratis was closing", e);
        }
    }

    private static boolean isDoneSoon(CompletableFuture<Void> closed) throws ExecutionException, InterruptedException {
        try {
            closed.get(NUDGE_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void interruptClosingThreads() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith(closingThreads)) {
                thread.interrupt();
            }
        }
    }

    /** Where the threads are that close, and who has what they wait for. */
    private String waiting() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        StringBuilder all = new StringBuilder();
        for (ThreadInfo thread : threads.dumpAllThreads(true, true)) {
            if (thread.getThreadName().startsWith(closingThreads)
                    || thread.getThreadName().equals(CLOSER)
                    || thread.getLockOwnerName() != null) {
                all.append(System.lineSeparator())
                        .append(thread.getThreadName())
                        .append(" waits for ");
                all.append(thread.getLockInfo()).append(" of ").append(thread.getLockOwnerName());
                Stream.of(thread.getStackTrace())
                        .limit(FRAMES)
                        .forEach(frame -> all.append(System.lineSeparator())
                                .append("    at ")
                                .append(frame));
            }
        }
        return all.toString();
    }
}
