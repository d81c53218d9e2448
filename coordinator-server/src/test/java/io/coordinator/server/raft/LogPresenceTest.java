package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Feature("C-12")
class LogPresenceTest {
    private final AtomicBoolean served = new AtomicBoolean(true);
    private final AtomicLong written = new AtomicLong(12);

    private final Path directory;
    private final Path current;
    private final LogPresence presence;

    /** A log of two segments. */
    LogPresenceTest(@TempDir Path temporary) throws Exception {
        directory = temporary;
        current = Files.createDirectory(directory.resolve("current"));
        Files.createFile(current.resolve("raft-meta"));
        Files.createFile(current.resolve("log_0-9"));
        Files.createFile(current.resolve("log_inprogress_10"));
        presence = LogPresence.of(current, served::get, () -> OptionalLong.of(written.get()));
        assertThat(presence.missing()).isEmpty();
    }

    @Test
    void aDeletedOrReplacedDirectoryIsMissedAtOnce() throws Exception {
        Files.move(current, directory.resolve("elsewhere"));
        assertThat(presence.missing())
                .hasValueSatisfying(what -> assertThat(what).contains("deleted"));
        Files.createDirectory(current);
        assertThat(presence.missing())
                .hasValueSatisfying(what -> assertThat(what).contains("replaced"));
    }

    @Test
    void aRemovedGroupIsMissedAtOnce() {
        served.set(false);
        assertThat(presence.missing())
                .hasValueSatisfying(what -> assertThat(what).contains("removed"));
    }

    @Test
    void aFileIsMissedWhenItIsGoneTwice() throws Exception {
        Files.delete(current.resolve("raft-meta"));
        assertThat(presence.missing()).isEmpty();
        assertThat(presence.missing())
                .hasValueSatisfying(what -> assertThat(what).contains("raft-meta"));
    }

    @Test
    void theSegmentThatIsWrittenIsMissedWhenItIsGoneTwice() throws Exception {
        Files.delete(current.resolve("log_inprogress_10"));
        assertThat(presence.missing()).isEmpty();
        assertThat(presence.missing())
                .hasValueSatisfying(what -> assertThat(what).contains("entry 12"));
    }

    @Test
    void aSegmentThatIsRolledMeanwhileIsNotMissed() throws Exception {
        Files.move(current.resolve("log_inprogress_10"), directory.resolve("moving"));
        assertThat(presence.missing()).isEmpty();
        Files.move(directory.resolve("moving"), current.resolve("log_10-14"));
        assertThat(presence.missing()).isEmpty();
        written.set(15);
        assertThat(presence.missing()).isEmpty();
        Files.createFile(current.resolve("log_inprogress_15"));
        assertThat(presence.missing()).isEmpty();
        assertThat(presence.missing()).isEmpty();
    }
}
