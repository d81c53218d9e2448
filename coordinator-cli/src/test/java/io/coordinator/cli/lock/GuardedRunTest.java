package io.coordinator.cli.lock;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.cli.CliProcess;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.client.lock.LossReason;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedRunTest {
    private final CompletableFuture<LossReason> loss = new CompletableFuture<>();
    private final Path file;

    GuardedRunTest(@TempDir Path directory) {
        this.file = directory.resolve("file");
    }

    private static GuardedRun shell(String script, Map<String, String> environment, Duration grace) {
        return new GuardedRun(List.of("sh", "-c", script), environment, grace, false);
    }

    private static GuardedRun shell(String script) {
        return shell(script, Map.of(), Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 75, 255})
    void exitCodeIsTheCommands(int code) throws Exception {
        GuardedRun run = shell("exit " + code);
        assertThat(run.whileHeld(loss)).isEqualTo(code);
        assertThat(run.lossReason()).isEmpty();
    }

    @Test
    void commandEndedBySignalIsReportedAsShellsDo() throws Exception {
        assertThat(shell("kill -KILL $$").whileHeld(loss)).isEqualTo(128 + 9);
    }

    @Test
    void environmentIsAdded() throws Exception {
        GuardedRun run = shell("echo \"$COORD_LOCK_TOKEN\" >" + file, Map.of("COORD_LOCK_TOKEN", "7"), Duration.ZERO);
        assertThat(run.whileHeld(loss)).isZero();
        assertThat(Files.readString(file)).isEqualTo("7\n");
    }

    @Test
    void unknownProgramIsSaidByName() {
        GuardedRun run = new GuardedRun(List.of("no-such-program"), Map.of(), Duration.ZERO, false);
        assertThatThrownBy(() -> run.whileHeld(loss))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("cannot run 'no-such-program'");
    }

    @Test
    void lossEndsTheCommandWithTerm() throws Exception {
        GuardedRun run = shell(
                "trap 'echo term >>" + file + "; exit 0' TERM; echo up >" + file + "; while :; do sleep 0.05; done");
        CompletableFuture<Integer> exitCode = inBackground(run);
        await().until(() -> Files.exists(file));
        loss.complete(LossReason.TTL_ELAPSED);
        assertThat(exitCode.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.LOCK_LOST);
        assertThat(Files.readString(file)).isEqualTo("up\nterm\n");
        assertThat(run.lossReason()).contains(LossReason.TTL_ELAPSED);
    }

    @Test
    void commandThatIgnoresTermIsKilledWithItsChildrenAfterTheGrace() throws Exception {
        GuardedRun run = shell(
                "trap '' TERM; sleep 600 & echo $! $$ >" + file + "; while :; do sleep 0.05; done",
                Map.of(),
                Duration.ofMillis(200));
        CompletableFuture<Integer> exitCode = inBackground(run);
        await().until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        loss.complete(LossReason.TTL_ELAPSED);
        assertThat(exitCode.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.LOCK_LOST);
        for (String pid : Files.readString(file).strip().split(" ", -1)) {
            await().until(() -> ProcessHandle.of(Long.parseLong(pid))
                    .filter(ProcessHandle::isAlive)
                    .isEmpty());
        }
    }

    @Test
    @Feature("C-49")
    void lossEndsWhatTheCommandHasStartedAlsoIfItsParentIsGone() throws Exception {
        GuardedRun run = shell("(sleep 600 & echo $! >" + file + "); sleep 600");
        CompletableFuture<Integer> exitCode = inBackground(run);
        long orphan = pids().get(0);
        loss.complete(LossReason.TTL_ELAPSED);
        assertThat(exitCode.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.LOCK_LOST);
        assertThat(isAlive(orphan)).isFalse();
    }

    @Test
    @Feature("C-49")
    void whatTheCommandLeavesBehindEndsBeforeItsExitCodeIsKnown() throws Exception {
        // Told to end, it takes its time; the other one must be killed.
        String slow = "trap 'exit 0' TERM; while :; do sleep 0.05; done";
        String deaf = "trap '' TERM; while :; do sleep 0.05; done";
        GuardedRun run = shell(
                "(" + slow + ") & echo $! >" + file + "; (" + deaf + ") & echo $! >>" + file + "; exit 7",
                Map.of(),
                Duration.ofMillis(500));
        assertThat(run.whileHeld(loss)).isEqualTo(7);
        assertThat(pids()).hasSize(2).noneMatch(GuardedRunTest::isAlive);
        assertThat(run.lossReason()).isEmpty();
    }

    @Test
    @Feature("C-49")
    void aDaemonWithASessionOfItsOwnIsMeantToStay() throws Exception {
        assertThat(shell("setsid sh -c 'echo $$ >" + file + "; sleep 600' & until [ -s " + file
                                + " ]; do sleep 0.01; done")
                        .whileHeld(loss))
                .isZero();
        long daemon = pids().get(0);
        try {
            assertThat(isAlive(daemon)).isTrue();
        } finally {
            ProcessHandle.of(daemon).ifPresent(process -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            });
        }
    }

    @Test
    @Feature("C-49")
    void onATerminalTheDescendantsThatWereSeenEndToo() throws Exception {
        GuardedRun run = new GuardedRun(
                List.of("sh", "-c", "sh -c 'sleep 600 & echo $! >" + file + "; wait' & wait"),
                Map.of(),
                Duration.ofSeconds(10),
                true);
        CompletableFuture<Integer> exitCode = inBackground(run);
        long grandchild = pids().get(0);
        loss.complete(LossReason.TTL_ELAPSED);
        assertThat(exitCode.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.LOCK_LOST);
        assertThat(isAlive(grandchild)).isFalse();
    }

    private List<Long> pids() throws IOException {
        await().until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        return Files.readString(file).lines().map(Long::parseLong).toList();
    }

    /** A zombie is not: there may be no init here that would bury it. */
    private static boolean isAlive(long pid) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(pid), "status"))
                    .contains("State:\tZ");
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    @Feature("C-49")
    void aSignalEndsTheCommandAndItsChildrenWhateverTheyIgnore(String signal) throws Exception {
        // A shell has its children in the background ignore INT.
        Process process = signalled("sleep 600 & echo $! >" + file + "; wait", signal);
        try {
            long child = pids().get(0);
            CliProcess.signal(signal, process);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isGreaterThan(128);
            assertThat(isAlive(child)).isFalse();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void signalReachesTheCommandWhoseExitCodeCounts(String signal) throws Exception {
        Process process =
                signalled("trap 'exit 33' " + signal + "; echo up >" + file + "; while :; do sleep 0.05; done", signal);
        try {
            await().until(() -> Files.exists(file));
            CliProcess.signal(signal, process);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(33);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /**
     * A shell without job control starts background jobs with INT ignored, and so would these be, if it ran the
     * tests.
     */
    private static Process signalled(String script, String signal) throws IOException {
        return new ProcessBuilder(
                        "env",
                        "--default-signal=" + signal,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SignalledRun.class.getName(),
                        script)
                .inheritIO()
                .start();
    }

    private CompletableFuture<Integer> inBackground(GuardedRun run) {
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        exitCode.complete(run.whileHeld(loss));
                    } catch (Throwable e) {
                        exitCode.completeExceptionally(e);
                    }
                })
                .start();
        return exitCode;
    }
}
