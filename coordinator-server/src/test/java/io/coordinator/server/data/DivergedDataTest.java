package io.coordinator.server.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Feature("B-18")
class DivergedDataTest {
    private static final Instant NOW = Instant.parse("2030-02-03T04:05:06Z");
    private static final String ASIDE = "diverged-20300203-040506";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectories(data.resolve("raft/group"));
        Files.writeString(data.resolve("raft/group/log"), "entries");
        Files.writeString(data.resolve("identity"), "mine");
        Files.writeString(data.resolve("lock"), "");
        Files.createDirectories(data.resolve("diverged-20290101-000000"));
    }

    @Test
    void dataWithoutAMarkStayWhereTheyAre() throws IOException {
        DivergedData.complete(data);
        assertThat(data.resolve("identity")).exists();
    }

    @Test
    void allButTheLockAndWhatWasSetAsideBeforeIsMovedAndTheReasonWithIt() throws IOException {
        DivergedData.mark(data, NOW, "it differs");
        DivergedData.mark(data, NOW.plusSeconds(9), "marked already");
        DivergedData.complete(data);
        assertThat(data.toFile().list()).containsExactlyInAnyOrder(ASIDE, "lock", "diverged-20290101-000000");
        assertThat(data.resolve(ASIDE).resolve("raft/group/log")).hasContent("entries");
        assertThat(data.resolve(ASIDE).resolve("why")).content().contains("it differs");
    }

    /** A crash after some of it was moved. */
    @Test
    void aMoveThatWasInterruptedIsGoneOnWith() throws IOException {
        DivergedData.mark(data, NOW, "it differs");
        Files.createDirectories(data.resolve(ASIDE));
        Files.move(data.resolve("identity"), data.resolve(ASIDE).resolve("identity"));
        DivergedData.complete(data);
        assertThat(data.resolve(ASIDE).toFile().list()).containsExactlyInAnyOrder("identity", "raft", "why");
        assertThat(data.resolve("raft")).doesNotExist();
    }

    @Test
    void aMarkThatCannotBeReadStopsTheNode() throws IOException {
        Files.writeString(data.resolve("diverged"), "../elsewhere\n");
        assertThatThrownBy(() -> DivergedData.complete(data))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("move everything but the lock file");
        assertThat(data.resolve("identity")).exists();
    }
}
