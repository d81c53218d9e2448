package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code coordinator rpc} against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpcCommandsTest {
    private final RealNode node;
    private final CoordinatorClient client;
    private TestConsole console = new TestConsole();

    RpcCommandsTest(@TempDir Path directory) throws Exception {
        this.node = RealNode.start(directory);
        this.client = CoordinatorClient.connect(
                ClientConfig.builder().endpoints(node.endpoint()).build());
    }

    @BeforeEach
    void newConsole() {
        console = console();
    }

    @AfterAll
    void stop() {
        client.close();
        node.close();
    }

    private TestConsole console() {
        return new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
    }

    private String run(String... arguments) {
        assertThat(console.run(arguments)).as("%s", console.err()).isZero();
        return console.out().strip();
    }

    // ---- call ----

    @Test
    @Feature({"PM-RPC-3", "PM-RPC-6"})
    void aCallPrintsTheResultOrTheFailure() {
        try (RpcWorker echo = client.rpc().register("echo", request -> request.arguments());
                RpcWorker bad = client.rpc().register("bad", request -> {
                    throw new RpcFailure("ELIMIT", "at most 10\u001b[0m\n");
                })) {
            assertThat(run("rpc", "call", "echo", "{\"n\": 1.50}")).isEqualTo("{\"n\":1.50}");
            assertThat(run("rpc", "call", "echo")).isEqualTo("null");
            assertThat(run("rpc", "call", "echo", "hello", "--string", "--idempotent"))
                    .isEqualTo("\"hello\"");
            assertThat(run("rpc", "call", "echo", "7", "--ephemeral")).isEqualTo("7");
            console.input("[1,\n2]");
            assertThat(run("rpc", "call", "echo", "-")).isEqualTo("[1,2]");
            assertThat(console.run("rpc", "call", "bad")).isEqualTo(1);
            assertThat(console.out()).isEmpty();
            assertThat(console.err()).isEqualTo("coordinator rpc call: ELIMIT: at most 10?[0m\n");
            assertThat(echo.isRegistered() && bad.isRegistered()).isTrue();
        }
    }

    @Test
    @Feature({"PM-RPC-5", "PM-RPC-10"})
    void nobodyIsOneAndTooLateIsFour() throws Exception {
        assertThat(console.run("rpc", "call", "nobody")).isEqualTo(1);
        assertThat(console.err())
                .startsWith("coordinator rpc call: ENOHANDLER: ")
                .hasLineCount(1);
        TestConsole waiting = console();
        CompletableFuture<Integer> waited = CompletableFuture.supplyAsync(
                () -> waiting.run("rpc", "call", "later", "7", "--wait", "60s", "--timeout", "60s"));
        CountDownLatch cancelled = new CountDownLatch(1);
        try (RpcWorker later = client.rpc().register("later", request -> request.arguments());
                RpcWorker slow = client.rpc().register("slow", RpcHandler.staged(request -> {
                    request.onCancel(cancelled::countDown);
                    return new CompletableFuture<String>();
                }))) {
            assertThat(waited.orTimeout(60, TimeUnit.SECONDS).join()).isZero();
            assertThat(waiting.out()).isEqualTo("7\n");
            assertThat(console.run("rpc", "call", "slow", "--timeout", "1s")).isEqualTo(4);
            assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(later.isRegistered() && slow.isRegistered()).isTrue();
        }
    }

    // ---- ls and show ----

    @Test
    @Feature({"PM-RPC-13", "U-07"})
    void namesAreListedWithTheirWorkersAndCalls() {
        assertThat(console.run("rpc", "show", "listed/b")).isEqualTo(3);
        assertThat(console.err())
                .isEqualTo("coordinator rpc show: nobody serves or calls 'listed/b' in namespace 'default'; see"
                        + " 'coordinator rpc ls'\n");
        newConsole();
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (RpcWorker idle = client.rpc().register("listed/a", request -> 1);
                RpcWorker busy = client.rpc()
                        .register(
                                "listed/b",
                                RpcHandler.staged(request -> answer),
                                WorkerOptions.defaults().concurrency(1).backlogMax(7))) {
            var calls = List.of(
                    client.async().rpc().call("listed/b", 1, String.class).toCompletableFuture(),
                    client.async().rpc().call("listed/b", 2, String.class).toCompletableFuture());
            await().until(() -> run("rpc", "show", "listed/b", "-o", "json").contains("\"backlog\":1,"));
            JsonNode shown = Json.parse(run("rpc", "show", "listed/b", "-o", "json"));
            assertThat(shown.get("inFlight").asInt()).isEqualTo(1);
            assertThat(shown.get("backlogMax").asInt()).isEqualTo(7);
            assertThat(shown.get("pendingCalls").asInt()).isEqualTo(2);
            assertThat(shown.get("workerList")).hasSize(1);
            assertThat(shown.get("workerList").get(0).get("concurrency").asInt())
                    .isEqualTo(1);
            assertThat(run("rpc", "show", "listed/b")).contains("BACKLOG MAX", "LONGEST WAIT", "CLIENT");
            assertThat(run("rpc", "ls", "listed/").lines().map(line -> line.split(" +", -1)[0]))
                    .containsExactly("NAME", "listed/a", "listed/b");
            assertThat(Json.parse(run("rpc", "ls", "listed/b", "-o", "json"))).hasSize(1);
            assertThat(run("stats")).contains("PROCEDURE");
            JsonNode busiest =
                    Json.parse(run("stats", "-o", "json")).get("procedureList").get(0);
            assertThat(busiest.get("name").asText()).isEqualTo("listed/b");
            assertThat(busiest.get("pendingCalls").asInt()).isEqualTo(2);
            answer.complete("done");
            assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo("done"));
            assertThat(idle.isRegistered() && busy.isRegistered()).isTrue();
        }
    }

    // ---- worker ----

    @Test
    @Feature({"PM-RPC-1", "PM-RPC-2", "PM-RPC-6"})
    void aWorkerRunsItsCommandForEachCallAndDrains(@TempDir Path files) throws Exception {
        Path started = files.resolve("started");
        Path go = files.resolve("go");
        String script = "read -r line; case $line in"
                + " 0) echo 'too small' >&2; exit 3;;"
                + " *) echo . >>" + started + "; until [ -e " + go + " ]; do sleep 0.05; done;"
                + " echo \"{\\\"got\\\": $line, \\\"name\\\": \\\"$COORD_RPC_NAME\\\"}\";; esac";
        Process worker = CliProcess.start(
                files,
                Map.of("COORD_ENDPOINTS", node.endpoint()),
                "rpc",
                "worker",
                "shell",
                "-n",
                "2",
                "--",
                "sh",
                "-c",
                script);
        await().until(() -> CliProcess.err(files).contains("serves 'shell'"));
        assertThat(console.run("rpc", "call", "shell", "0")).isEqualTo(1);
        assertThat(console.err()).isEqualTo("coordinator rpc call: EHANDLER: 'sh' ended with exit code 3: too small\n");
        CallOptions patient = CallOptions.defaults().timeout(Duration.ofSeconds(60));
        List<CompletableFuture<JsonNode>> calls = List.of(1, 2).stream()
                .map(n -> client.async()
                        .rpc()
                        .call("shell", n, JsonNode.class, patient)
                        .toCompletableFuture())
                .toList();
        await().until(() -> Files.exists(started) && Files.readString(started).equals(".\n.\n"));
        CliProcess.signal("TERM", worker);
        await().until(() -> CliProcess.err(files).contains("ends; calls that are not done: 2"));
        Files.createFile(go);
        assertThat(CliProcess.exitCode(worker)).isZero();
        assertThat(calls.get(0).join()).isEqualTo(Json.parse("{\"got\":1,\"name\":\"shell\"}"));
        assertThat(calls.get(1).join()).isEqualTo(Json.parse("{\"got\":2,\"name\":\"shell\"}"));
        assertThat(CliProcess.err(files)).contains("too small");
    }

    @Test
    void aWorkerWithoutItsCommandFailsTheCallAndEnds() {
        TestConsole serving = console();
        CompletableFuture<Integer> worker =
                CompletableFuture.supplyAsync(() -> serving.run("rpc", "worker", "missing", "--", "no-such-program"));
        assertThat(console.run("rpc", "call", "missing", "--wait", "60s", "--timeout", "60s"))
                .isEqualTo(1);
        assertThat(console.err()).contains("cannot run 'no-such-program'");
        assertThat(worker.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(126);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rpc fly",
                "rpc call",
                "rpc call a oops",
                "rpc call a 1 --wait soon",
                "rpc worker a",
                "rpc worker a -n some -- true",
                "rpc worker a -n 0 -- true"
            })
    void wrongUsageIsTwo(String line) {
        assertThat(console.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).hasLineCount(1).doesNotContain("\tat ");
    }
}
