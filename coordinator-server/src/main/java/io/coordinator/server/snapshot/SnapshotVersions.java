package io.coordinator.server.snapshot;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.state.NewerVersionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a node knows the versions of the checkpoints that it finds; looks at them and changes nothing. */
final class SnapshotVersions {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotVersions.class);

    private final int coreVersionMax;

    SnapshotVersions(int coreVersionMax) {
        this.coreVersionMax = coreVersionMax;
    }

    /**
     * Looks at every checkpoint: an older one beside it leads into the same newer entries of the log.
     *
     * @throws SnapshotException if one is of a newer version
     */
    void requireKnown(Path published) throws IOException, SnapshotException {
        if (!Files.isDirectory(published)) {
            return;
        }
        for (Checkpoint checkpoint : Checkpoint.list(published)) {
            try (LiveDatabase database = LiveDatabase.openReadOnly(checkpoint.directory())) {
                require(checkpoint, database.header());
            } catch (RocksDBException | InvalidProtocolBufferException e) {
                LOG.debug("what cannot be read of {} is found to be damaged when it is loaded", checkpoint, e);
            }
        }
    }

    private void require(Checkpoint checkpoint, SnapshotHeader header) throws SnapshotException {
        try {
            if (Integer.compareUnsigned(header.getFormat(), SnapshotStore.FORMAT) > 0) {
                throw new NewerVersionException("it has format " + Integer.toUnsignedString(header.getFormat())
                        + " and this node knows formats up to " + SnapshotStore.FORMAT + "; upgrade this node: install "
                        + NewerVersionException.release(header));
            }
            NewerVersionException.check(header, coreVersionMax);
        } catch (NewerVersionException e) {
            throw new SnapshotException(
                    "snapshot " + checkpoint.directory() + " is newer than this node: " + e.getMessage()
                            + ". Nothing was changed; the snapshot is whole and stays where it is",
                    e);
        }
    }
}
