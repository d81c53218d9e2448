package io.coordinator.cli.rpc;

import static io.coordinator.cli.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcRequest;
import io.coordinator.testing.feature.Feature;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallCommandTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Call call = new Call();
    private @Nullable String told;

    private CallCommand command(String... words) {
        return new CallCommand(
                List.of(words), Map.of("EXTRA", "e"), new PrintStream(err, true, UTF_8), why -> told = why);
    }

    private @Nullable Object shell(String script) {
        try (CallCommand command = command("sh", "-c", script)) {
            return command.handle(call);
        }
    }

    @Test
    @Feature("PM-RPC-3")
    void argumentsComeInAndTheResultGoesOut() {
        assertThat(shell("cat")).isEqualTo(call.arguments());
        assertThat(shell("true")).isNull();
        String print = "printf '[\"%s\",%s,%s,\"%s\"]'";
        assertThat(shell(print + " $COORD_RPC_NAME $COORD_RPC_ATTEMPT $COORD_RPC_TIMEOUT_MILLIS $EXTRA"))
                .isEqualTo(Json.parse("[\"name\",1,5000,\"e\"]"));
    }

    @Test
    void largeArgumentsAndResultsPassEachOther() {
        call.arguments = Json.mapper().getNodeFactory().textNode("x".repeat(1 << 20));
        assertThat(shell("cat")).isEqualTo(call.arguments);
        assertThat(shell("echo 1")).isEqualTo(Json.parse("1"));
    }

    @ParameterizedTest
    @CsvSource({
        "echo oops, EHANDLER, wrote something that is not JSON",
        "printf '\\377', EHANDLER, wrote something that is not UTF-8",
        "echo 1; echo why >&2; exit 3, EHANDLER, ended with exit code 3: why",
        "kill -KILL $$, EHANDLER, 'ended with exit code 137, and wrote nothing to standard error'",
        "head -c 17000000 /dev/zero, ETOOLARGE, wrote more than 16777216 bytes"
    })
    @Feature("PM-RPC-6")
    void whatGoesWrongIsTheFailure(String script, String code, String message) {
        assertThatThrownBy(() -> shell(script))
                .isInstanceOfSatisfying(
                        RpcFailure.class, failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessageContaining("'sh' " + message);
    }

    @Test
    @Feature("PM-RPC-6")
    void ofMuchThatWasSaidTheEndIsTold() {
        String script = "i=0; while [ $i -lt 2000 ]; do echo äää; i=$((i+1)); done >&2; echo end >&2; exit 1";
        assertThatThrownBy(() -> shell(script))
                .hasMessageMatching("(?s)'sh' ended with exit code 1: \u00e4.*\nend")
                .satisfies(failure -> assertThat(
                                String.valueOf(failure.getMessage()).getBytes(UTF_8).length)
                        .isBetween(4_000, 4_200));
        assertThat(err.size()).isEqualTo(2_000 * 7 + 4);
    }

    @Test
    void aProgramThatIsNotThereIsTold() {
        try (CallCommand command = command("no-such-program")) {
            assertThatThrownBy(() -> command.handle(call)).hasMessageContaining("cannot run 'no-such-program'");
        }
        assertThat(told).startsWith("cannot run 'no-such-program'");
    }

    @Test
    @Feature("PM-RPC-10")
    void aCallThatIsGivenUpEndsItsCommand(@TempDir Path files) {
        Path up = files.resolve("up");
        Path ended = files.resolve("ended");
        try (CallCommand command = command(
                "sh",
                "-c",
                "trap 'touch " + ended + "; exit 0' TERM; touch " + up + "; while :; do sleep 0.05; done")) {
            CompletableFuture<@Nullable Object> running = CompletableFuture.supplyAsync(() -> command.handle(call));
            await().until(() -> Files.exists(up));
            call.cancelled.complete(null);
            assertThat(running.orTimeout(30, TimeUnit.SECONDS).join()).isNull();
            assertThat(ended).exists();
        }
    }

    @Test
    @Feature("PM-RPC-2")
    void closingEndsWhatRuns(@TempDir Path files) {
        Path up = files.resolve("up");
        CallCommand command = command("sh", "-c", "sleep 600 & touch " + up + "; wait");
        CompletableFuture<@Nullable Object> running = CompletableFuture.supplyAsync(() -> command.handle(call));
        await().until(() -> Files.exists(up));
        command.close();
        assertThatThrownBy(() -> running.orTimeout(30, TimeUnit.SECONDS).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(RpcFailure.class);
    }

    @Test
    void whatACommandLeavesBehindDoesNotHoldUpItsResult() {
        assertThat(shell("sleep 600 & echo 1")).isEqualTo(Json.parse("1"));
    }

    @Test
    void anInterruptIsNoFailure() {
        Thread.currentThread().interrupt();
        assertThat(shell("echo 1")).isEqualTo(Json.parse("1"));
        assertThat(Thread.interrupted()).isTrue();
    }

    /** A call of a test's own. */
    private static final class Call implements RpcRequest {
        private final CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();
        private JsonNode arguments = Json.parse("{\"n\":1.50,\"text\":\"\u00e4\"}");

        @Override
        public String name() {
            return "name";
        }

        @Override
        public JsonNode arguments() {
            return arguments;
        }

        @Override
        public <T> @Nullable T arguments(Class<T> type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> @Nullable T arguments(TypeReference<T> type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Duration remaining() {
            return Duration.ofSeconds(5);
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public String callerName() {
            return "caller";
        }

        @Override
        public boolean isCancelled() {
            return cancelled.isDone();
        }

        @Override
        public void onCancel(Runnable action) {
            var unused = cancelled.thenRun(action);
        }

        @Override
        public void progress(@Nullable Object progress) {
            throw new UnsupportedOperationException();
        }
    }
}
