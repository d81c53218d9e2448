package io.coordinator.server;

import io.coordinator.protocol.DiskRoom;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import io.coordinator.server.disk.DiskWatch;
import io.coordinator.server.raft.LogStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leader does about its full disk (decision 0028). With little room it hands leadership over to a member that
 * has enough. If there is none it leads on, for reads and for the small entries by which it proves that it leads, and
 * refuses what clients want written. With no room it gives leadership up. All of it ends when there is room.
 */
final class FullDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FullDisk.class);
    private static final long INTERVAL_MILLIS = 200;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration TRANSFER = Duration.ofSeconds(3);

    private final DiskWatch disk;
    private final Leader leader;
    private final Supplier<Map<String, String>> others;
    private final Function<String, CompletableFuture<NodeStatusReply>> probe;
    private final Optional<Error> refusal;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "coordinator-full-disk");
        made.setDaemon(true);
        return made;
    });
    private volatile boolean refusing;
    private boolean suspended;
    private long triedNanos = System.nanoTime() - PAUSE_NANOS;

    /** The leadership of this node. */
    interface Leader {
        LogStatus status();

        CompletableFuture<?> handOver(String to, Duration timeout);

        CompletableFuture<?> stepDown(Duration timeout);

        /** Serves nobody any more, though this node leads. */
        void suspend();

        void resume(long term);
    }

    /**
     * Starts to look, five times a second.
     *
     * @param others the client addresses of the other members, by their ids
     * @param probe asks one of them how it is
     */
    FullDisk(
            String node,
            DiskWatch disk,
            Leader leader,
            Supplier<Map<String, String>> others,
            Function<String, CompletableFuture<NodeStatusReply>> probe) {
        this.disk = disk;
        this.leader = leader;
        this.others = others;
        this.probe = probe;
        this.refusal = Optional.of(Error.newBuilder()
                .setCode(ErrorCode.ENOSPACE)
                .setMessage("the disk of the leader, " + node + ", is full, and no other member has room: nothing was"
                        + " changed, reads go on. Make room on the members' disks; then writes go on by themselves")
                .build());
        var unused =
                thread.scheduleWithFixedDelay(this::guarded, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Why nothing may be written at present. */
    Optional<Error> refusal() {
        return refusing ? refusal : Optional.empty();
    }

    private void guarded() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("what to do about the full disk was not decided; it is looked at again", e);
        }
    }

    private void look() {
        DiskRoom room = disk.room();
        LogStatus status = leader.status();
        if (suspended && room != DiskRoom.DISK_FULL) {
            suspended = false;
            leader.resume(status.term());
        }
        if (room == DiskRoom.DISK_ENOUGH || status.role() != Role.LEADER) {
            refusing = false;
        } else if (room == DiskRoom.DISK_FULL) {
            giveUp();
        } else {
            handOverOrRefuse();
        }
    }

    private void giveUp() {
        if (others.get().isEmpty()) {
            if (!suspended) {
                suspended = true;
                LOG.error("the disk is full and there is no other member: nobody is served but by stale reads");
                leader.suspend();
            }
            return;
        }
        LOG.error("the disk is full: this node gives leadership up");
        await(leader.stepDown(TRANSFER));
    }

    private void handOverOrRefuse() {
        Optional<String> heir = heir();
        if (heir.isEmpty()) {
            if (!refusing) {
                LOG.error("the disk is nearly full, and no other member has room and is ready: writes are refused");
            }
            refusing = true;
            return;
        }
        if (System.nanoTime() - triedNanos < PAUSE_NANOS) {
            return;
        }
        triedNanos = System.nanoTime();
        LOG.warn("the disk is nearly full: leadership goes to {}", heir.get());
        if (!await(leader.handOver(heir.get(), TRANSFER))) {
            refusing = true;
        }
    }

    /** A member that follows this one, keeps up, and has room. */
    private Optional<String> heir() {
        Map<String, CompletableFuture<NodeStatusReply>> asked = new LinkedHashMap<>();
        others.get().forEach((node, address) -> asked.put(node, probe.apply(address)));
        return asked.entrySet().stream()
                .filter(each -> each.getValue()
                        .handle((status, failure) -> failure == null
                                && status.getReady()
                                && status.getRole() == Role.FOLLOWER
                                && status.getDiskRoom() == DiskRoom.DISK_ENOUGH)
                        .join())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean await(CompletableFuture<?> change) {
        return change.orTimeout(2 * TRANSFER.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failure) -> {
                    if (failure != null) {
                        LOG.warn("leadership did not go: {}; it is tried again", failure.toString());
                    }
                    return failure == null;
                })
                .join();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
