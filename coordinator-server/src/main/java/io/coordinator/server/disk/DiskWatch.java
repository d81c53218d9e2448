package io.coordinator.server.disk;

import io.coordinator.protocol.DiskRoom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees early that a disk fills: the log's writer can never write again after one write that found no room, so writing
 * must stop before that. A reserve is watched; a node has enough, has little, or has none to speak of.
 *
 * <p>What was lost comes back only with some more than it took to lose it, so that a disk at the edge does not make a
 * node come and go.
 */
public final class DiskWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    private static final long INTERVAL_MILLIS = 100;
    /** Less than this part of the reserve is none. */
    private static final int NONE_PART = 4;
    /** More than this part of the reserve is little again, and enough to start with. */
    private static final int SOME_PART = 2;

    private final FreeSpace free;
    private final long reserve;
    private final List<Consumer<DiskRoom>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-disk-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile DiskRoom room = DiskRoom.DISK_ENOUGH;
    private volatile long freeBytes = Long.MAX_VALUE;
    private boolean complained;

    DiskWatch(FreeSpace free, long reserve) {
        this.free = free;
        this.reserve = reserve;
    }

    /** How much is free, in bytes. */
    @FunctionalInterface
    interface FreeSpace {
        long bytes() throws IOException;
    }

    /**
     * Looks at once, and then ten times a second.
     *
     * @param directory on the disk
     * @param reserve bytes; 0: there is always enough
     */
    public static DiskWatch start(Path directory, long reserve) {
        DiskWatch watch = new DiskWatch(() -> Files.getFileStore(directory).getUsableSpace(), reserve);
        watch.look();
        var unused = watch.timer.scheduleWithFixedDelay(
                watch::guarded, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** The least that must be free for a start, in bytes. */
    public static long requiredToStart(long reserve) {
        return reserve / SOME_PART;
    }

    /** As of the last look. */
    public DiskRoom room() {
        return room;
    }

    /** As of the last look; {@link Long#MAX_VALUE} if the disk cannot be asked. */
    public long freeBytes() {
        return freeBytes;
    }

    /** Bytes that should be free. */
    public long reserve() {
        return reserve;
    }

    /** Tells of every change, on the thread that looks; must not block. */
    public void onChange(Consumer<DiskRoom> listener) {
        listeners.add(listener);
    }

    /** A look that throws is not the last one. */
    private void guarded() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("the free space of the disk was not looked at", e);
        }
    }

    void look() {
        DiskRoom now;
        try {
            freeBytes = free.bytes();
            now = judge(freeBytes);
            complained = false;
        } catch (IOException e) {
            if (!complained) {
                LOG.warn("cannot ask how much room the disk has; it is taken to have what it had", e);
                complained = true;
            }
            return;
        }
        DiskRoom before = room;
        if (now != before) {
            room = now;
            tell(now);
            listeners.forEach(listener -> listener.accept(now));
        }
    }

    private DiskRoom judge(long bytes) {
        long enoughFrom = room == DiskRoom.DISK_ENOUGH ? reserve : reserve + reserve / NONE_PART;
        long littleFrom = room == DiskRoom.DISK_FULL ? requiredToStart(reserve) : reserve / NONE_PART;
        if (bytes >= enoughFrom) {
            return DiskRoom.DISK_ENOUGH;
        }
        return bytes >= littleFrom ? DiskRoom.DISK_LOW : DiskRoom.DISK_FULL;
    }

    private void tell(DiskRoom now) {
        switch (now) {
            case DISK_LOW ->
                LOG.warn(
                        "the disk is nearly full: {} bytes are free, {} should be. Make room; nothing else need be done",
                        freeBytes,
                        reserve);
            case DISK_FULL ->
                LOG.error(
                        "the disk is full: {} bytes are free, {} should be. This node acknowledges nothing until there is room. Make room; nothing else need be done",
                        freeBytes,
                        reserve);
            default -> LOG.info("the disk has room again: {} bytes are free", freeBytes);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
