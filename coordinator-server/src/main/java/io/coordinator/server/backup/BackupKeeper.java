package io.coordinator.server.backup;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a backup into a directory from time to time, and deletes the oldest. Of the members that can do it one does:
 * the ready follower whose name comes first, and the leader if there is none. Each looks in its own directory how old
 * the newest backup is; when another one takes over, it begins with a backup, unless they share the directory.
 */
public final class BackupKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupKeeper.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS_MAX = 10_000;
    private static final int PART_BYTES = 1 << 16;
    /** Of those that a directory without one is as old as. */
    private static final double NEVER = -1;

    private final Settings settings;
    private final Backups backups;
    private final Supplier<NodeStatusReply> self;
    private final Supplier<List<NodeStatusReply>> others;
    private final LongSupplier date;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-backup-keeper");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * What is wanted.
     *
     * @param wanted where; empty: nowhere
     * @param interval how often
     * @param keep how many of this cluster
     * @param bytesPerSecond how fast at most
     */
    public record Settings(Optional<Path> wanted, Duration interval, int keep, long bytesPerSecond) {
        private Path directory() {
            return wanted.orElseThrow();
        }
    }

    /**
     * Begins to look.
     *
     * @param self how this node sees itself
     * @param others how those of the other members see themselves that answer; may take a few seconds
     * @param date milliseconds since 1970
     */
    public BackupKeeper(
            Settings settings,
            Backups backups,
            Supplier<NodeStatusReply> self,
            Supplier<List<NodeStatusReply>> others,
            LongSupplier date) {
        this.settings = settings;
        this.backups = backups;
        this.self = self;
        this.others = others;
        this.date = date;
        if (settings.wanted().isEmpty()) {
            return;
        }
        long look = Math.min(LOOK_MILLIS_MAX, Math.max(1, settings.interval().toMillis() / 4));
        var unused = timer.scheduleWithFixedDelay(this::look, look, look, TimeUnit.MILLISECONDS);
    }

    /** Backups that could not be written. */
    public long failures() {
        return failures.get();
    }

    /** Backups that this node has written since it started. */
    public long written() {
        return written.get();
    }

    /** How old the newest backup in this node's directory is, in seconds; -1 if there is none. */
    public double ageSeconds() {
        if (settings.wanted().isEmpty()) {
            return NEVER;
        }
        try {
            return age().map(age -> age.toMillis() / 1e3).orElse(NEVER);
        } catch (IOException e) {
            LOG.debug("{} cannot be looked into", settings.directory(), e);
            return NEVER;
        }
    }

    private void look() {
        try {
            Files.createDirectories(settings.directory());
            boolean fresh =
                    age().filter(age -> age.compareTo(settings.interval()) < 0).isPresent();
            if (!fresh && isChosen()) {
                write();
                files().prune(settings.keep(), now());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | BackupException | ExecutionException | TimeoutException | RuntimeException e) {
            failures.incrementAndGet();
            LOG.error("no backup was written to {}; it is tried again", settings.directory(), e);
        }
    }

    /** Whether nobody else is to do it. A leader that nobody follows is the only one. */
    private boolean isChosen() {
        NodeStatusReply own = self.get();
        if (!own.getReady()) {
            return false;
        }
        List<NodeStatusReply> ready =
                others.get().stream().filter(NodeStatusReply::getReady).toList();
        Stream<String> followers = Stream.concat(Stream.of(own), ready.stream())
                .filter(node -> node.getRole() != Role.LEADER)
                .map(NodeStatusReply::getNode);
        return followers.min(Comparator.naturalOrder()).orElse(own.getNode()).equals(own.getNode());
    }

    private void write()
            throws IOException, BackupException, InterruptedException, ExecutionException, TimeoutException {
        NodeStatusReply own = self.get();
        try (Backup backup = backups.open(own.getDigestIndex(), PATIENCE)
                .get(PATIENCE.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS)) {
            Path file = files().at(backup.header().getCreatedMillis());
            try (BackupWriter writer = BackupWriter.open(file, true)) {
                copy(backup, writer);
                writer.commit();
            }
            written.incrementAndGet();
            LOG.info("backup {} of {} bytes written", file, backup.bytesTotal());
        }
    }

    private void copy(Backup backup, BackupWriter writer) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        byte[] bytes = backup.next(PART_BYTES);
        while (bytes.length > 0) {
            writer.write(bytes);
            long due = begun
                    + (long) (writer.written() * (double) TimeUnit.SECONDS.toNanos(1) / settings.bytesPerSecond());
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            bytes = backup.next(PART_BYTES);
        }
    }

    private BackupFiles files() {
        return new BackupFiles(settings.directory(), self.get().getCluster());
    }

    private Instant now() {
        return Instant.ofEpochMilli(date.getAsLong());
    }

    /** Of the newest; empty if there is none. */
    private Optional<Duration> age() throws IOException {
        Instant now = now();
        return files().newest(now).map(newest -> newest.isAfter(now) ? Duration.ZERO : Duration.between(newest, now));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
