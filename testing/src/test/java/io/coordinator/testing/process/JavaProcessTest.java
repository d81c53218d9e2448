package io.coordinator.testing.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JavaProcessTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void aPausedProcessStandsStillUntilItIsResumed() throws IOException {
        try (JavaProcess process = ticking()) {
            awaitProgress(0);
            process.pause();
            long stopped = count();
            await().during(Duration.ofMillis(200)).until(() -> count() == stopped);
            process.resume();
            awaitProgress(stopped);
        }
    }

    @Test
    void aKilledProcessIsGone() throws IOException {
        JavaProcess process = ticking();
        awaitProgress(0);
        process.pause();
        process.kill();
        assertThat(process.isAlive()).isFalse();
        assertThat(ProcessHandle.of(process.pid())).isEmpty();
    }

    @Test
    void aChildEndsWithItsParentHoweverThatEnds() throws IOException {
        JavaProcess parent = JavaProcess.start(
                "parent",
                directory.resolve("parent.log"),
                Launch.DEFAULT,
                Parent.class,
                List.of(counter().toString(), directory.resolve("child.log").toString()));
        awaitProgress(0);
        long child = Long.parseLong(parent.tail(1).substring("child ".length()));
        assertThat(ProcessHandle.of(child)).isPresent();
        parent.kill();
        await().until(() ->
                ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void whatAProcessPrintsIsKept() {
        JavaProcess process =
                JavaProcess.start("broken", directory.resolve("broken.log"), Launch.DEFAULT, Ticking.class, List.of());
        assertThat(process.awaitExit()).isEqualTo(1);
        assertThat(process.tail(50)).contains("ArrayIndexOutOfBoundsException");
    }

    private JavaProcess ticking() {
        return JavaProcess.start(
                "ticking",
                directory.resolve("ticking.log"),
                Launch.DEFAULT,
                Ticking.class,
                List.of(counter().toString()));
    }

    private Path counter() {
        return directory.resolve("counter");
    }

    private void awaitProgress(long from) {
        await().atMost(Duration.ofSeconds(20)).until(() -> count() > from);
    }

    private long count() throws IOException {
        String text = Files.exists(counter()) ? Files.readString(counter()) : "";
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
