package io.coordinator.server.member;

import io.coordinator.server.disk.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** This node's data directory and what it is to the cluster: written down before it holds. */
public final class OwnDisk {
    private final Path data;
    private volatile Standing standing;

    private OwnDisk(Path data, Standing standing) {
        this.data = data;
        this.standing = standing;
    }

    /**
     * Reads what the directory is, or marks it as new.
     *
     * @param hasLog whether a log is there: then a directory without a mark is older than such marks
     * @throws IOException if the mark is damaged or cannot be written
     */
    public static OwnDisk open(Path data, boolean hasLog) throws IOException {
        Standing found = Standing.read(data).orElse(null);
        if (found == null) {
            found = hasLog ? Standing.ofOldDirectory() : Standing.fresh();
            found.write(data);
        }
        return new OwnDisk(data, found);
    }

    /** What it is now. */
    public Standing standing() {
        return standing;
    }

    /** Whether it takes part. */
    public boolean isAdmitted() {
        return standing.part() != Standing.Part.NEW;
    }

    /**
     * Whether it takes part as who it is now. Who is let in becomes another one for Raft, while its log still runs
     * under the name of before, and that must go on to give no vote: it may have given one with the disk that was lost.
     */
    public BooleanSupplier takingPart() {
        int incarnation = standing.incarnation();
        Optional<UUID> group = standing.group();
        return () -> {
            Standing now = standing;
            return isAdmitted()
                    && now.incarnation() == incarnation
                    && now.group().equals(group);
        };
    }

    /** The log has told in which cluster it is. */
    void learn(String clusterId) throws IOException {
        if (!standing.cluster().equals(Optional.of(clusterId))) {
            become(standing.inCluster(clusterId));
        }
    }

    /** From now on it is that, also after a restart. */
    void become(Standing next) throws IOException {
        next.write(data);
        standing = next;
    }
}
