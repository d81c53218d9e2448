package io.coordinator.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.server.jvm.JvmOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's parts, each alone. */
class DemoPartsTest {
    @Test
    void resultIsOneLineOfJson() {
        assertThat(new DemoResult(3, 5, true, 1, 1, 1, 1234).toJson())
                .isEqualTo("{\"nodes\":3,\"workers\":5,\"leaderKilled\":true,\"executions\":1,\"committed\":1,"
                        + "\"distinctResults\":1,\"failoverMillis\":1234}");
    }

    @Test
    void onlyOneOfEachSucceeds() {
        assertThat(new DemoResult(3, 5, true, 1, 1, 1, 9).succeeded()).isTrue();
        assertThat(new DemoResult(3, 5, false, 1, 1, 1, 9).succeeded()).isFalse();
        assertThat(new DemoResult(3, 5, true, 2, 1, 1, 9).succeeded()).isFalse();
        assertThat(new DemoResult(3, 5, true, 1, 2, 1, 9).succeeded()).isFalse();
        assertThat(new DemoResult(3, 5, true, 1, 1, 2, 9).succeeded()).isFalse();
        assertThat(new DemoResult(3, 5, true, 1, 1, 0, 9).succeeded()).isFalse();
    }

    private static JobsResult jobs(int once, int lines, long counter) {
        return new JobsResult(200, 200, once, lines, counter, true, 4, 2, 1, 9, 3, 12_345);
    }

    @Test
    void everyEffectOnceAndNoneTwiceIsTheOnlySuccess() {
        assertThat(jobs(200, 200, 200).succeeded()).isTrue();
        assertThat(jobs(199, 200, 200).succeeded()).as("one missing, one twice").isFalse();
        assertThat(jobs(200, 201, 200).succeeded()).as("a line of nobody's").isFalse();
        assertThat(jobs(200, 200, 201).succeeded()).isFalse();
        assertThat(new JobsResult(200, 199, 200, 200, 200, true, 4, 2, 1, 9, 3, 1).succeeded())
                .as("a result is missing")
                .isFalse();
        assertThat(new JobsResult(200, 200, 200, 200, 200, false, 4, 2, 1, 9, 3, 1).succeeded())
                .isFalse();
        assertThat(new JobsResult(200, 200, 200, 200, 200, true, 4, 1, 1, 9, 3, 1).succeeded())
                .isFalse();
        assertThat(new JobsResult(200, 200, 200, 200, 200, true, 4, 2, 0, 9, 3, 1).succeeded())
                .isFalse();
    }

    @Test
    void whatTheJobsCameToIsToldInPlainWords() {
        assertThat(jobs(200, 200, 200).sentence())
                .isEqualTo("done: each effect happened exactly once: 200 of 200; 9 functions ran twice or more, "
                        + "3 late completions refused; 200 results received, in 12.3 s; "
                        + "the leader and 2 of 4 workers were killed, 1 paused");
        assertThat(jobs(199, 201, 202).sentence())
                .startsWith("FAILED: each effect happened exactly once: 199 of 200 "
                        + "(the document has 201 lines, the counter is at 202); ");
    }

    @Test
    void theOutcomeIsThatOfBothActs() {
        DemoResult good = new DemoResult(3, 5, true, 1, 1, 1, 9);
        assertThat(new DemoOutcome(good, jobs(200, 200, 200)).succeeded()).isTrue();
        assertThat(new DemoOutcome(good, jobs(200, 200, 201)).succeeded()).isFalse();
        DemoOutcome half = DemoOutcome.ofFirstAct(good);
        assertThat(half.succeeded()).isFalse();
        assertThat(half.toJson()).isEqualTo(good.toJson());
        assertThat(half.sentence()).isEqualTo(good.sentence());
        assertThat(new DemoOutcome(good, jobs(1, 2, 3)).toJson())
                .endsWith(",\"failoverMillis\":9,\"jobs\":" + jobs(1, 2, 3).toJson() + "}");
    }

    @Test
    void effectsThatAreMissingOrDoubleAreFound() {
        List<String> jobs = List.of("a/1", "a/2", "a/3");
        assertThat(JobEffects.Found.of(jobs, List.of("a/2", "a/1", "a/3"), 3)).isEqualTo(new JobEffects.Found(3, 3, 3));
        assertThat(JobEffects.Found.of(jobs, List.of("a/1", "a/1", "a/3"), 3))
                .as("one twice, one not at all")
                .isEqualTo(new JobEffects.Found(1, 3, 3));
        assertThat(DemoSubmitterCommand.jobs("a", 3)).isEqualTo(jobs);
    }

    @Test
    void theTallyOfJobsWaitsForEverythingThatIsToGoWrong() {
        JobsTally tally = new JobsTally(2, 1);
        tally.ready("s");
        tally.ready("w");
        assertThat(tally.canBegin()).isFalse();
        tally.allServe();
        assertThat(tally.canBegin()).isTrue();
        assertThat(tally.completed("s/1")).isEqualTo(1);
        assertThat(tally.completed("s/1")).as("told twice").isEqualTo(1);
        tally.results("s", 1);
        tally.leaderKilled("n1");
        tally.failedOver();
        tally.paused();
        assertThat(tally.complete()).isFalse();
        tally.resumed();
        assertThat(tally.complete()).isTrue();
        tally.workerKilled("w");
        assertThat(List.of("n1", "w", "s")).allMatch(tally::mayEnd);
        assertThat(tally.mayEnd("n2")).isFalse();
        tally.refused();
        assertThat(tally.result(new JobEffects.Found(1, 1, 1), 4, 5))
                .isEqualTo(new JobsResult(1, 1, 1, 1, 1, true, JobsAct.WORKERS, 1, 1, 4, 1, 5));
    }

    @Test
    void aPausedProcessGoesOnWhenItIsToldTo() throws Exception {
        Children children = new Children();
        try {
            Process echo = children.start(new ProcessBuilder("cat"));
            PausedProcess paused = PausedProcess.stop(echo, children);
            echo.getOutputStream().write("word\n".getBytes(UTF_8));
            echo.getOutputStream().close();
            assertThat(echo.waitFor(200, TimeUnit.MILLISECONDS))
                    .as("it stands still")
                    .isFalse();
            paused.resume();
            assertThat(echo.inputReader(UTF_8).readLine()).isEqualTo("word");
            assertThat(echo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            children.killAll();
        }
    }

    @Test
    void whatCannotBePausedIsToldOf() throws Exception {
        Children children = new Children();
        Process gone = children.start(new ProcessBuilder("true"));
        assertThat(gone.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> PausedProcess.stop(gone, children))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be paused");
    }

    @Test
    void tallyCountsWhatEachSideSaw() {
        DemoTally tally = new DemoTally(2);
        tally.leaderKilled("n1");
        tally.failedOver(5);
        tally.result("w1", "1");
        tally.committed(10L);
        tally.committed(10L);
        assertThat(tally.complete()).isFalse();
        assertThat(tally.result(3, 1).distinctResults())
                .as("one worker has no result")
                .isZero();
        tally.result("w2", "2");
        assertThat(tally.complete()).isTrue();
        assertThat(tally.result(3, 1)).isEqualTo(new DemoResult(3, 2, true, 1, 1, 2, 5));
        tally.committed("w1");
        tally.committed("w2");
        assertThat(tally.result(3, 1).committed())
                .as("two workers say that theirs was committed")
                .isEqualTo(2);
    }

    @Test
    void onlyTheKilledLeaderAndFinishedWorkersMayEnd() {
        DemoTally tally = new DemoTally(2);
        tally.leaderKilled("n1");
        tally.result("w1", "1");
        assertThat(tally.mayEnd("n1")).isTrue();
        assertThat(tally.mayEnd("n2")).isFalse();
        assertThat(tally.mayEnd("w1")).isTrue();
        assertThat(tally.mayEnd("w2")).isFalse();
    }

    @Test
    void reportsSurviveTheirLine() {
        for (WorkerReport.Kind kind : WorkerReport.Kind.values()) {
            WorkerReport report = new WorkerReport(kind, "{\"a\": 1}");
            assertThat(WorkerReport.parse(report.line())).contains(report);
        }
        assertThat(WorkerReport.parse(new WorkerReport(WorkerReport.Kind.READY, "").line()))
                .contains(new WorkerReport(WorkerReport.Kind.READY, ""));
        assertThat(new WorkerReport(WorkerReport.Kind.FAILED, "a\nb").line()).isEqualTo("failed a b");
        assertThat(WorkerReport.parse("WARNING: something")).isEmpty();
    }

    @Test
    void portsAreDifferentAndFree() throws IOException {
        List<Integer> ports = DemoPorts.find(9, new Random(42));
        assertThat(ports).hasSize(9).doesNotHaveDuplicates().allMatch(port -> port >= 20_000 && port < 32_000);
    }

    @Test
    void directoryGoesWithEverythingInIt() throws IOException {
        DemoDirectory directory = DemoDirectory.create();
        Files.createDirectories(directory.data("n1").resolve("deep"));
        Files.writeString(directory.data("n1").resolve("deep/file"), "x");
        assertThat(directory.temporary()).isDirectory();
        assertThat(directory.peerToken()).content().hasSize(64);
        directory.delete();
        assertThat(directory.path()).doesNotExist();
        directory.delete();
    }

    @Test
    void executionsAreCountedOnDisk(@TempDir Path path) throws IOException {
        ExecutionLog log = DemoDirectory.of(path).executions();
        assertThat(log.count()).isZero();
        log.add("w1", 7);
        log.add("w2", 8);
        assertThat(log.count()).isEqualTo(2);
        assertThat(log.lines()).containsExactly("w1 7", "w2 8");
        assertThat(log.repeated()).isZero();
        log.add("w2", "7");
        log.add("w1", "7");
        assertThat(log.repeated()).as("things, not repetitions").isEqualTo(1);
    }

    @Test
    void pipeSaysItsWordThenThatTheParentIsGone() throws Exception {
        PipedOutputStream parent = new PipedOutputStream();
        CountDownLatch gone = new CountDownLatch(1);
        ParentPipe pipe = ParentPipe.watch(new PipedInputStream(parent), gone::countDown);
        parent.write("go\n".getBytes(UTF_8));
        parent.flush();
        assertThat(pipe.await()).isEqualTo("go");
        assertThat(gone.getCount()).isEqualTo(1);
        parent.close();
        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void killedChildrenAreGoneAndNoneIsStartedAfterwards() throws IOException {
        Children children = new Children();
        Process child = children.start(new ProcessBuilder("sleep", "600"));
        children.killAll();
        assertThat(child.isAlive()).isFalse();
        assertThatThrownBy(() -> children.start(new ProcessBuilder("sleep", "600")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void optionsOfTheUserComeLastInTheProcessesOfTheDemoToo() {
        assertThat(ChildJvm.flags(JvmOptions.ofShortClient(), " -Xmx64m -XX:+UseG1GC "))
                .contains("-XX:TieredStopAtLevel=1", "-Xmx256m")
                .doesNotContain("-XX:+UseSerialGC")
                .endsWith("-Xmx64m", "-XX:+UseG1GC");
        assertThat(ChildJvm.flags(JvmOptions.ofShortClient(), "")).endsWith("-XX:+UseSerialGC");
    }

    @Test
    void narratorRewritesItsLineOnlyOnATerminal() {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        Narrator toFile = new Narrator(new PrintStream(plain, true, UTF_8), false);
        toFile.tick("10 %");
        toFile.tell("done");
        assertThat(plain.toString(UTF_8)).matches("\\[ +\\d+\\.\\d s\\] 10 %\\R\\[ +\\d+\\.\\d s\\] done\\R");
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        new Narrator(new PrintStream(screen, true, UTF_8), true).tick("10 %");
        assertThat(screen.toString(UTF_8)).startsWith("\r").doesNotContain("\n");
    }
}
