package io.coordinator.server.raft;

import io.coordinator.protocol.Entry;
import io.coordinator.state.Coordinator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Applies the log of a node that does not run, to its end: also what is not known to be committed, since it may be, and
 * nobody is left who could say that it is not.
 */
public final class LogReplay {
    private LogReplay() {}

    /**
     * Applies what comes after the state. A tail that was never acknowledged is cut off first.
     *
     * @param core loaded from a checkpoint of the node, or new
     * @throws IOException if the log is damaged, or has a hole behind the state
     */
    public static void run(Path data, String cluster, Coordinator core) throws IOException {
        Path current = LogDirectories.group(data, cluster).resolve("current");
        if (!Files.isDirectory(current)) {
            return;
        }
        TornTail.cut(current, CommittedMark.read(data), core.index());
        StoredLog log = StoredLog.open(data, cluster);
        Optional<Long> first = log.firstIndex();
        if (first.isPresent() && first.get() > core.index() + 1) {
            throw new IOException("the log begins at " + first.get() + " and the newest usable checkpoint ends at "
                    + core.index() + ": entries are missing. Use another survivor, or restore a backup");
        }
        SkippedEntries skipped = SkippedEntries.load(data);
        IOException[] failure = new IOException[1];
        log.forEach(core.index() + 1, Long.MAX_VALUE, stored -> {
            try {
                if (failure[0] == null && stored.kind() == StoredEntry.Kind.COMMANDS) {
                    boolean skip = skipped.find(stored.term(), stored.index(), stored.data())
                            .isPresent();
                    core.apply(stored.index(), skip ? Entry.getDefaultInstance() : Entry.parseFrom(stored.data()));
                }
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }
}
