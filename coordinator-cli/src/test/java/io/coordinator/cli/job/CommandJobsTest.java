package io.coordinator.cli.job;

import static io.coordinator.cli.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.process.CommandRuns;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.testing.feature.Feature;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker makes of a command: real processes, and attempts of the test's own. */
@Feature("B-26")
class CommandJobsTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AttemptForTest attempt = new AttemptForTest();
    private @Nullable String told;

    private CommandRuns runs(Duration grace, String... words) {
        return new CommandRuns(
                new CommandRuns.Settings(List.of(words), Map.of("EXTRA", "e"), grace, CommandResults.OUTPUT_MAX, false),
                new PrintStream(err, true, UTF_8),
                "job");
    }

    private @Nullable Object does(CommandRuns runs) {
        return new CommandJobs(runs, why -> told = why).run(attempt);
    }

    /** The result of a job that is done. */
    private JsonNode result(String script) {
        try (CommandRuns runs = runs(Duration.ofSeconds(4), "sh", "-c", script)) {
            assertThat(does(runs)).isNull();
        }
        assertThat(attempt.results).hasSize(1);
        return Json.parse(Json.line(attempt.results.get(0)));
    }

    private CompletableFuture<@Nullable Object> begin(CommandRuns runs) {
        return CompletableFuture.supplyAsync(() -> does(runs));
    }

    // ---- in and out ----

    @Test
    void thePayloadComesInAndTheResultGoesOut() {
        assertThat(result("cat")).isEqualTo(attempt.payload());
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void theCommandSeesWhatItWorksOn() {
        attempt.remaining = Optional.of(Duration.ofSeconds(7));
        assertThat(result("printf '%s|' \"$COORD_JOB_QUEUE\" \"$COORD_JOB_ID\" \"$COORD_JOB_KEY\" $COORD_JOB_ATTEMPT"
                                + " $COORD_JOB_ATTEMPTS_MAX $COORD_JOB_TOKEN $COORD_JOB_SUBMITTED_AT"
                                + " $COORD_JOB_TIMEOUT_MILLIS $EXTRA")
                        .asText())
                .isEqualTo("mail|welcome 7|k|2|5|18446744073709551615|2026-11-30T10:00:00Z|7000|e|");
    }

    @Test
    void withoutALimitThereIsNoTime() {
        assertThat(result("echo ${COORD_JOB_TIMEOUT_MILLIS-none}").asText()).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | null",
                "printf ' \\n\\n' | null",
                "echo 12 | 12",
                "printf '[1,\\n2]' | [1,2]",
                "echo oops | \"oops\"",
                "printf 'a\\nb\\n\\n' | \"a\\nb\"",
                "echo '1 2' | \"1 2\"",
                "exec <&-; echo 1 | 1",
                "exec >&-; echo lost >&2 | null",
                "sleep 600 & echo 1 | 1"
            })
    void whatADoneCommandWroteIsItsResult(String script, String json) {
        assertThat(result(script)).isEqualTo(Json.parse(json));
    }

    @Test
    void aLargePayloadThatNobodyReadsIsNoFailure() {
        attempt.payload = Json.mapper().getNodeFactory().textNode("x".repeat(1 << 20));
        assertThat(result("echo 1")).isEqualTo(Json.parse("1"));
    }

    @Test
    void aLargePayloadComesBackWhole() {
        attempt.payload = Json.mapper().getNodeFactory().textNode("x".repeat(900_000));
        assertThat(result("cat")).isEqualTo(attempt.payload);
    }

    /** The job is done, and must not be done again because of its output. */
    @Test
    void ofTooMuchOrBinaryOutputTheBeginningIsTheResult() {
        JsonNode much = result("head -c 30000000 /dev/zero | tr '\\0' a; echo end >&2");
        assertThat(much.get("bytes").asLong()).isEqualTo(30_000_000);
        assertThat(much.get("beginning").asText()).isEqualTo("a".repeat(16_384));
        assertThat(err.toString(UTF_8)).isEqualTo("end\n");
    }

    @Test
    void whatWasCutIsNotTakenForAllOfIt() {
        assertThat(result("printf 1; head -c 2000000 /dev/zero | tr '\\0' ' '; printf 2")
                        .get("bytes")
                        .asLong())
                .isEqualTo(2_000_002);
    }

    @Test
    void whatIsNotUtf8IsShownAsFarAsItIsText() {
        assertThat(result("printf 'ok\\377\\000'"))
                .isEqualTo(Json.parse("{\"bytes\":4,\"beginning\":\"ok\ufffd\\u0000\"}"));
    }

    @Test
    void whatIsTooLargeAsJsonAloneIsCutToo() {
        JsonNode quotes = result("head -c 600000 /dev/zero | tr '\\0' '\"'");
        assertThat(quotes.get("bytes").asLong()).isEqualTo(600_000);
    }

    @Test
    void whatADaemonLeavesOpenDoesNotHoldUpTheJob(@TempDir Path files) {
        Path up = files.resolve("up");
        String daemon = "setsid sh -c 'touch " + up + "; sleep 10' & until [ -e " + up + " ]; do sleep 0.05; done; ";
        assertThat(result(daemon + "echo 1")).isEqualTo(Json.parse("1"));
    }

    // ---- failures ----

    @ParameterizedTest
    @CsvSource({
        "echo why >&2; exit 3, 3: why",
        "exit 1, '1, and wrote nothing to standard error'",
        "kill -KILL $$, '137, and wrote nothing to standard error'",
        "echo 1; exit 2, '2, and wrote nothing to standard error'"
    })
    void anotherExitCodeFailsTheAttempt(String script, String message) {
        assertThatThrownBy(() -> result(script))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("'sh' ended with exit code " + message);
        assertThat(attempt.results).isEmpty();
    }

    @Test
    void sixtyFiveIsForGood() {
        assertThatThrownBy(() -> result("echo no address >&2; exit 65"))
                .isInstanceOf(PermanentJobException.class)
                .hasMessage("'sh' ended with exit code 65: no address");
    }

    @Test
    void ofMuchThatWasSaidTheEndIsTold() {
        assertThatThrownBy(() -> result("head -c 300000 /dev/zero | tr '\\0' x >&2; echo end >&2; exit 1"))
                .hasMessageEndingWith("xend")
                .satisfies(failure ->
                        assertThat(String.valueOf(failure.getMessage())).hasSizeBetween(4_000, 4_200));
    }

    @Test
    void aProgramThatIsGoneIsTold() {
        try (CommandRuns runs = runs(Duration.ZERO, "no-such-program")) {
            assertThatThrownBy(() -> does(runs)).hasMessageContaining("cannot run 'no-such-program'");
        }
        assertThat(told).startsWith("cannot run 'no-such-program'");
    }

    // ---- the end before the end ----

    @Test
    void aJobThatIsCancelledEndsItsCommandAndIsNotDone(@TempDir Path files) {
        Path up = files.resolve("up");
        Path ended = files.resolve("ended");
        String script = "trap 'touch " + ended + "; exit 0' TERM; touch " + up + "; while :; do sleep 0.05; done";
        try (CommandRuns runs = runs(Duration.ofSeconds(30), "sh", "-c", script)) {
            CompletableFuture<@Nullable Object> running = begin(runs);
            await().until(() -> Files.exists(up));
            attempt.cancelled.complete(null);
            assertThatThrownBy(() -> running.orTimeout(60, TimeUnit.SECONDS).join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseInstanceOf(CommandFailure.class);
            assertThat(ended).exists();
        }
        assertThat(attempt.results).as("also though its exit code was 0").isEmpty();
    }

    @Test
    void whatIgnoresTermIsKilledAfterTheGrace(@TempDir Path files) throws Exception {
        Path up = files.resolve("up");
        String script = "trap '' TERM; echo $$ >" + up + "; while :; do sleep 0.05; done";
        try (CommandRuns runs = runs(Duration.ofMillis(300), "sh", "-c", script)) {
            CompletableFuture<@Nullable Object> running = begin(runs);
            await().until(() -> Files.exists(up) && !Files.readString(up).isBlank());
            long pid = Long.parseLong(Files.readString(up).strip());
            attempt.cancelled.complete(null);
            assertThatThrownBy(() -> running.orTimeout(60, TimeUnit.SECONDS).join())
                    .hasRootCauseMessage("'sh' was told to end before it had");
            await().until(() ->
                    ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    @Test
    void anInterruptDoesNotUndoWhatIsDone() {
        Thread.currentThread().interrupt();
        assertThat(result("echo 1")).isEqualTo(Json.parse("1"));
        assertThat(Thread.interrupted()).isTrue();
    }
}
