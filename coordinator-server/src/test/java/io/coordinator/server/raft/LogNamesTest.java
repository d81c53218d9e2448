package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Feature("PM-PERS-2")
class LogNamesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private final List<Path> forced = new ArrayList<>();
    private boolean failing;

    private Path current() {
        return data.resolve("raft").resolve("group").resolve("current");
    }

    private LogNames names() {
        return new LogNames(data, current(), directory -> {
            if (failing) {
                throw new IOException("Input/output error");
            }
            forced.add(directory);
        });
    }

    @BeforeEach
    void directories() throws IOException {
        Files.createDirectories(current());
    }

    @Test
    void theFirstTimeEveryDirectoryUpToTheNodesIsForced() {
        names().forceIfChanged();
        assertThat(forced).containsExactlyInAnyOrder(current(), data, data.resolve("raft"), data.resolve("raft/group"));
    }

    @Test
    void namesThatAreTheSameCostNothing() throws IOException {
        Files.createFile(current().resolve("log_inprogress_0"));
        LogNames names = names();
        names.forceIfChanged();
        forced.clear();
        for (int i = 0; i < 1_000; i++) {
            names.forceIfChanged();
        }
        assertThat(forced).isEmpty();
    }

    /** However fast one follows the other: the time of a directory has a coarse clock on some file systems. */
    @Test
    void eachChangeIsForcedOnce() throws IOException {
        LogNames names = names();
        names.forceIfChanged();
        for (int i = 0; i < 200; i++) {
            forced.clear();
            Path open = Files.createFile(current().resolve("log_inprogress_" + i));
            names.forceIfChanged();
            names.forceIfChanged();
            Files.move(open, current().resolve("log_" + i));
            names.forceIfChanged();
            assertThat(forced).containsExactly(current(), current());
        }
    }

    @Test
    void aFileThatReplacesAnotherIsAChange() throws Exception {
        Path vote = Files.createFile(current().resolve("raft-meta"));
        LogNames names = names();
        names.forceIfChanged();
        forced.clear();
        Object before = Files.getLastModifiedTime(current());
        while (Files.getLastModifiedTime(current()).equals(before)) {
            Files.move(Files.createFile(current().resolve("raft-meta.tmp")), vote, StandardCopyOption.REPLACE_EXISTING);
        }
        names.forceIfChanged();
        assertThat(forced).containsExactly(current());
    }

    @Test
    void aVoteIsForcedWhateverTheNamesAre() {
        LogNames names = names();
        names.force();
        forced.clear();
        names.force();
        assertThat(forced).containsExactly(current());
    }

    @Test
    void whatCouldNotBeForcedIsForcedTheNextTime() {
        LogNames names = names();
        failing = true;
        assertThatThrownBy(names::forceIfChanged)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(current().toString());
        failing = false;
        names.forceIfChanged();
        assertThat(forced).hasSize(4);
    }
}
