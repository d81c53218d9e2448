package io.coordinator.server.raft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the log is committed, as this node knows, written down once a second. Raft never takes back what is committed
 * while disks keep what they say they have. When a majority of them did not, the members that lost entries elect a
 * leader without them, which then has the others drop theirs: by this mark it is seen that those were acknowledged.
 *
 * <p>The mark may be behind, and is never ahead; so it need not be forced to the disk. One that cannot be read marks
 * nothing.
 */
final class CommittedMark implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedMark.class);
    private static final long INTERVAL_MILLIS = 1_000;
    private static final long COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String NAME = "committed";

    private final Path file;
    private final LongSupplier committed;
    private final RareComplaint complaints = new RareComplaint(LOG, COMPLAINT_NANOS, System::nanoTime);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-committed-mark");
        thread.setDaemon(true);
        return thread;
    });
    private long written;

    private CommittedMark(Path file, LongSupplier committed) {
        this.file = file;
        this.committed = committed;
    }

    /** The index up to which the log was committed when that was written last; -1 if it is not known. */
    static long read(Path data) {
        Path file = data.resolve(NAME);
        try {
            return Long.parseLong(
                    Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException | NumberFormatException e) {
            LOG.warn("{} cannot be read, so it marks nothing: {}", file, e.toString());
            return -1;
        }
    }

    /** @param committed an index, or -1; is asked on a thread of the mark's own */
    static CommittedMark start(Path data, LongSupplier committed) {
        CommittedMark mark = new CommittedMark(data.resolve(NAME), committed);
        var unused =
                mark.timer.scheduleWithFixedDelay(mark::write, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        return mark;
    }

    private void write() {
        try {
            long index = committed.getAsLong();
            if (index > written) {
                Path temporary = file.resolveSibling(NAME + ".tmp");
                Files.writeString(temporary, index + "\n", StandardCharsets.US_ASCII);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                written = index;
            }
        } catch (IOException | RuntimeException e) {
            complaints.complain("cannot write " + file + ", which would tell of a loss later: " + e);
        }
    }

    /** Returns at once. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
