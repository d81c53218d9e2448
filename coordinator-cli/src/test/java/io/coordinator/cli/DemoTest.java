package io.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole demo, as users run it, and what it leaves behind: nothing. */
@Feature("JC-BOR-2")
class DemoTest {
    /** Three nodes and five workers. */
    private static final int PROCESSES = 8;

    /** Three nodes, five submitters and four workers. */
    private static final int PROCESSES_OF_JOBS = 12;

    /** Each act gives up by itself after two minutes; a busy machine may need most of that. */
    private static final Duration BOTH_ACTS = Duration.ofMinutes(5);

    private final Path home;
    private final Path temporary;
    private final List<Process> demos = new ArrayList<>();

    DemoTest(@TempDir Path home) throws IOException {
        this.home = home;
        this.temporary = Files.createDirectory(home.resolve("tmp"));
    }

    /** One that a failed test has left. */
    @AfterEach
    void endDemos() throws Exception {
        for (Process demo : demos) {
            demo.destroyForcibly().waitFor();
        }
    }

    @Test
    @Feature({"JC-BOR-2", "B-26"})
    void bothActsComeToTheirEndWhateverIsKilled() throws Exception {
        Process demo = start();
        assertThat(demo.waitFor(BOTH_ACTS.toSeconds(), TimeUnit.SECONDS))
                .as("it ended")
                .isTrue();
        int exitCode = demo.exitValue();
        String story = CliProcess.err(temporary);
        assertThat(exitCode).as(story).isZero();
        List<String> lines = CliProcess.out(temporary).lines().toList();
        assertThat(lines.get(lines.size() - 1))
                .matches("\\{\"nodes\":3,\"workers\":5,\"leaderKilled\":true,\"executions\":1,\"committed\":1,"
                        + "\"distinctResults\":1,\"failoverMillis\":\\d+,"
                        + "\"jobs\":\\{\"submitted\":200,\"results\":200,\"effectsOnce\":200,\"effects\":200,"
                        + "\"counter\":200,\"leaderKilled\":true,\"workers\":4,\"workersKilled\":2,"
                        + "\"workersPaused\":1,\"ranAgain\":[1-9]\\d*,\"refused\":\\d+,\"millis\":\\d+}}");
        assertThat(story).contains("kill -9 n", "leads in term", "a result is committed", "worker-5 has the result");
        assertThat(story)
                .contains(
                        "kill -STOP job-worker-4",
                        "kill -9 job-worker-1",
                        "kill -9 job-worker-2",
                        "job-worker-4 goes on",
                        "submitter-5 has all its results");
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "KILL"})
    void interruptedDemoLeavesNothingBehind(String signal) throws Exception {
        Process demo = start();
        await().atMost(Duration.ofSeconds(30)).until(() -> demo.children().count() == PROCESSES);
        List<ProcessHandle> children = demo.children().toList();
        CliProcess.signal(signal, demo);
        CliProcess.exitCode(demo);
        await().atMost(Duration.ofSeconds(20)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(this::nothingIsLeft);
        assertThat(CliProcess.err(temporary)).doesNotContain("Exception", "\tat ");
    }

    /** Also a process that stands still ends with the demo. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "KILL"})
    void interruptedSecondActLeavesNothingBehind(String signal) throws Exception {
        Process demo = start();
        await().atMost(BOTH_ACTS).until(() -> CliProcess.err(temporary).contains("kill -STOP"));
        List<ProcessHandle> children = demo.children().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(PROCESSES_OF_JOBS);
        CliProcess.signal(signal, demo);
        CliProcess.exitCode(demo);
        await().atMost(Duration.ofSeconds(20)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(this::nothingIsLeft);
        assertThat(CliProcess.err(temporary)).doesNotContain("Exception", "\tat ");
    }

    private Process start() throws IOException {
        Process demo = CliProcess.start(temporary, Map.of(), "demo", "--json");
        demos.add(demo);
        return demo;
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("stdout", "stderr");
        }
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(home.toString())))
                .isEmpty();
    }
}
