package io.coordinator.server.backup;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.data.DirectoryLock;
import io.coordinator.server.data.UnfinishedRestore;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.file.Path;

/** Makes the data directory of a new cluster's first member of a backup. */
public final class Restoring {
    private Restoring() {}

    /**
     * Restores a backup. A node refuses the directory until that is done. Repeated after it was interrupted, it begins
     * again.
     *
     * @param data a directory that is not there, or empty, or holds what an interrupted restore has left
     * @param cluster the name of the new cluster; may be that of the old one
     * @param member the first member, as others will reach it
     * @param actor who does it, for the trail of acts
     * @param dateMillis now, since 1970
     * @throws BackupException EINVAL if the directory is not empty, EBROKER if the backup is damaged or the disk fails;
     *     nothing is left in the directory then
     */
    public static NewCluster run(
            BackupReader backup,
            Path data,
            String cluster,
            ClusterMember member,
            String actor,
            String reason,
            long dateMillis)
            throws BackupException {
        try {
            requireEmpty(data);
            Directories.create(data);
            try (DirectoryLock lock = DirectoryLock.tryLock(data)
                    .orElseThrow(() -> new BackupException(
                            ErrorCode.EPERSISTLOCKED, data + " is in use by a node or another restore"))) {
                requireEmpty(data);
                UnfinishedRestore.clear(data);
                UnfinishedRestore.begin(data);
                return restore(data, backup, new ClusterSeed(data, cluster, member), actor, reason, dateMillis);
            }
        } catch (IOException e) {
            throw new BackupException(ErrorCode.EBROKER, "cannot restore into " + data + ": " + e, e);
        }
    }

    private static NewCluster restore(
            Path data, BackupReader backup, ClusterSeed seed, String actor, String reason, long dateMillis)
            throws BackupException, IOException {
        boolean done = false;
        try {
            SnapshotHeader snapshot = backup.header().getSnapshot();
            backup.extract(seed.checkpoint(snapshot.getTerm(), snapshot.getIndex()));
            NewCluster made = seed.prepare(
                    new ClusterSeed.Act("restore", actor, reason, dateMillis),
                    backup.header().getGroup(),
                    snapshot.getTerm(),
                    core -> {});
            seed.commit();
            UnfinishedRestore.end(data);
            done = true;
            return made;
        } catch (SnapshotException e) {
            throw new BackupException(
                    ErrorCode.EBROKER, "the backup cannot be used: " + e.getMessage() + "; take another one", e);
        } finally {
            if (!done) {
                UnfinishedRestore.clear(data);
            }
        }
    }

    private static void requireEmpty(Path data) throws IOException, BackupException {
        if (!UnfinishedRestore.isEmpty(data) && !UnfinishedRestore.isIn(data)) {
            throw new BackupException(
                    ErrorCode.EINVAL,
                    data + " is not empty; a backup is restored into an empty directory, to begin a new cluster");
        }
    }
}
