package io.coordinator.server.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which checkpoints are kept, and the deletion of the others. One that cannot be deleted costs room and nothing else:
 * it is tried again after the next snapshot. Not thread-safe.
 */
final class Retention {
    /** The newest, and one to fall back on. */
    static final int RETAINED = 2;
    /** Longer than sending one to a follower takes; Ratis does not say which files it is reading. */
    static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final LongSupplier nanoTime;
    private final DirectoryAction deletion;
    private final Map<Path, Long> supersededAt = new HashMap<>();

    /** @param deletion deletes a directory with all that is in it */
    Retention(LongSupplier nanoTime, DirectoryAction deletion) {
        this.nanoTime = nanoTime;
        this.deletion = deletion;
    }

    /** Begins anew: other checkpoints are there now. */
    void reset() {
        supersededAt.clear();
    }

    /** Those of these that are kept. */
    static List<Checkpoint> retained(List<Checkpoint> newestFirst) {
        return List.copyOf(newestFirst.subList(0, Math.min(RETAINED, newestFirst.size())));
    }

    /** Deletes what is neither retained nor perhaps still being sent. */
    void prune(List<Checkpoint> newestFirst) {
        long now = nanoTime.getAsLong();
        for (Checkpoint old : newestFirst.subList(Math.min(RETAINED, newestFirst.size()), newestFirst.size())) {
            long since = supersededAt.computeIfAbsent(old.directory(), directory -> now);
            if (now - since >= LINGER_NANOS) {
                delete(old.directory());
            }
        }
    }

    private void delete(Path directory) {
        try {
            deletion.on(directory);
            supersededAt.remove(directory);
        } catch (IOException e) {
            LOG.warn(
                    "cannot delete the old snapshot {}; it takes room until the next attempt: {}",
                    directory,
                    e.toString());
        }
    }
}
