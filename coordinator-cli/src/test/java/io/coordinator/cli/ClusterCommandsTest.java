package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The client commands against a real node: what they print, and how they exit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterCommandsTest {
    private final Path directory;
    private final RealNode node;
    private TestConsole console = new TestConsole();

    ClusterCommandsTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        this.node = RealNode.start(directory);
    }

    @BeforeEach
    void newConsole() {
        console = new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
    }

    @AfterAll
    void stop() {
        node.close();
    }

    private CoordinatorClient client() {
        return CoordinatorClient.connect(
                ClientConfig.builder().endpoints(node.endpoint()).build());
    }

    @Test
    void valuesArePutReadAndRemoved() {
        assertThat(console.run("put", "a/key", "{\"n\": 1.50, \"text\": \"ä\"}"))
                .isZero();
        long revision = Long.parseLong(console.out().strip());
        assertThat(console.run("get", "a/key")).isZero();
        assertThat(console.out()).isEqualTo("{\"n\":1.50,\"text\":\"ä\"}\n");
        assertThat(console.run("get", "a/key", "-o", "json")).isZero();
        assertThat(Json.parse(console.out()))
                .isEqualTo(Json.parse("{\"key\":\"a/key\",\"value\":{\"n\":1.50,\"text\":\"ä\"},\"revision\":"
                        + revision + ",\"createRevision\":" + revision + ",\"version\":1}"));
        assertThat(console.run("del", "a/key")).isZero();
        assertThat(console.out()).isEmpty();
        assertThat(console.run("get", "a/key")).isEqualTo(3);
        assertThat(console.err()).isEqualTo("coordinator get: no key 'a/key' in namespace 'default'\n");
        assertThat(console.run("del", "a/key")).isEqualTo(3);
    }

    @Test
    void textAndStandardInput() {
        console.run("put", "text", "--string", "hello world");
        console.run("get", "text");
        assertThat(console.out()).isEqualTo("\"hello world\"\n");
        console.input("[1, 2]").run("put", "text", "-");
        console.run("get", "text");
        assertThat(console.out()).isEqualTo("[1,2]\n");
    }

    @Test
    void conditionsThatDoNotHoldAreThree() {
        assertThat(console.run("put", "once", "1", "--if-absent")).isZero();
        String revision = console.out().strip();
        assertThat(console.run("put", "once", "2", "--if-absent")).isEqualTo(3);
        assertThat(console.err()).contains("it is at revision " + revision);
        assertThat(console.run("put", "once", "2", "--if-revision", revision)).isZero();
        assertThat(console.run("put", "once", "3", "--if-revision", revision)).isEqualTo(3);
        console.run("get", "once");
        assertThat(console.out()).isEqualTo("2\n");
    }

    @Test
    void namespacesAreApart() {
        console.run("put", "shared", "1", "--namespace", "blue");
        assertThat(console.run("get", "shared")).isEqualTo(3);
        assertThat(console.run("-N", "blue", "get", "shared")).isZero();
        assertThat(console.set("COORD_NAMESPACE", "blue").run("get", "shared")).isZero();
    }

    @Test
    void ttlEndsAKey() {
        console.run("put", "long", "1", "--ttl", "1h");
        console.run("get", "long", "-o", "json");
        assertThat(Json.parse(console.out()).path("expiresAtMillis").asLong()).isPositive();
        console.run("put", "short", "1", "--ttl", "300ms");
        await().until(() -> console.run("get", "short") == 3);
    }

    @Test
    @Feature("PM-CLI-2")
    void statusOfACompleteClusterIsZero() {
        assertThat(console.run("status")).isZero();
        assertThat(console.outLines()).hasSize(2);
        assertThat(console.outLines().get(1)).matches("n1\\s+" + node.endpoint() + "\\s+leader .*");
        assertThat(console.run("status", "-o", "json")).isZero();
        assertThat(Json.parse(console.out()).path("quorum").asBoolean()).isTrue();
        assertThat(console.run("status", "-e", node.endpoint() + ",127.0.0.1:1"))
                .isZero();
        assertThat(console.outLines()).hasSize(3);
    }

    @Test
    @Feature({"PM-CLI-2", "S-80"})
    void statusOfNobodyIsFive() {
        assertThat(console.run("status", "-e", "127.0.0.1:1")).isEqualTo(5);
        assertThat(console.out()).contains("cannot be reached: nothing listens there");
        assertThat(console.err()).contains("no quorum: no node answered");
    }

    @Test
    @Feature("U-14")
    void whatIsFoundAtAWrongAddressIsToldInOneLine(@TempDir Path files) throws Exception {
        assertThat(told(files, "http://" + node.endpoint(), 2)).contains("it has a scheme, which is left out");
        assertThat(told(files, node.httpAddress(), 5))
                .contains(
                        node.httpAddress() + ": an HTTP server answers there, perhaps that of a node (http-bind); give"
                                + " the client port");
        assertThat(told(files, node.peerAddress(), 5)).contains("serves no clients, perhaps the peer port");
        assertThat(told(files, "no-such-host.invalid:7400", 5))
                .contains("the name no-such-host.invalid cannot be resolved");
        assertThat(console.run("status", "-e", node.httpAddress())).isEqualTo(5);
        assertThat(console.out()).contains("an HTTP server answers there");
        assertThat(console.run("status", "-e", "http://" + node.endpoint())).isEqualTo(2);
        assertThat(console.err()).contains("it has a scheme").hasLineCount(1);
    }

    /** All that a process says on stderr, its log included. */
    private static String told(Path files, String endpoint, int exitCode) throws Exception {
        Process get = CliProcess.start(files, Map.of(), "get", "a", "-e", endpoint, "--timeout", "5s");
        assertThat(CliProcess.exitCode(get)).isEqualTo(exitCode);
        assertThat(CliProcess.err(files)).startsWith("coordinator get: ").hasLineCount(1);
        return CliProcess.err(files);
    }

    @Test
    void handingOverIsNoConcernOfANodeThatDoesNotLead() {
        assertThat(console.run("status", "-o", "json")).isZero();
        assertThat(console.run("transfer", "--from", "another")).isZero();
        assertThat(console.out()).isEqualTo("n1\n");
    }

    @Test
    @Feature("U-16")
    void handingOverToNobodyIsAMistakeThatNamesTheMembers() {
        assertThat(console.run("status", "-o", "json")).isZero();
        assertThat(console.run("transfer", "nope")).isEqualTo(2);
        assertThat(console.err()).contains("there is no member 'nope'; the members are n1");
        assertThat(console.run("transfer", "")).isEqualTo(2);
        assertThat(console.err()).contains("NODE is empty");
        assertThat(console.run("transfer")).isEqualTo(2);
        assertThat(console.err()).contains("n1 is the only member");
        assertThat(console.run("transfer", "n1")).isZero();
        assertThat(console.out()).isEqualTo("n1\n");
    }

    @Test
    @Feature("B-12")
    void theMembersAreListedChangesAreRefusedWithTheReasonAndTheTrailTells() {
        await().until(() ->
                console.run("member", "list") == 0 && console.outLines().size() == 2);
        assertThat(console.outLines().get(1)).matches("n1 +voter .*");
        assertThat(console.run("member", "remove", "nope")).isEqualTo(3);
        assertThat(console.err()).contains("there is no member 'nope'; the members are n1");
        assertThat(console.run("member", "remove", "n1")).isEqualTo(2);
        assertThat(console.err()).contains("the only one with a vote");
        assertThat(console.run("member", "add", "n4", "--voter")).isEqualTo(2);
        assertThat(console.err()).contains("n4 has not been heard of");
        assertThat(console.run("member", "add", "n4", "--wait", "1s")).isEqualTo(2);
        assertThat(console.err()).contains("add --voter");
        assertThat(console.run("member", "add", "n1", "--voter")).isEqualTo(2);
        assertThat(console.run("member", "add", "n1", "--voter", "--wait", "10s"))
                .as("as after an interruption")
                .isZero();
        assertThat(console.run("member", "move", "n1", node.endpoint(), "--actor", "alice", "--reason", "a drill"))
                .isZero();
        assertThat(console.out()).isEqualTo("n1 moved\n");
        assertThat(console.run("member", "audit", "-o", "jsonl", "--limit", "1"))
                .isZero();
        JsonNode act = Json.parse(console.out());
        assertThat(act.path("actor").asText()).isEqualTo("alice");
        assertThat(act.path("action").asText()).isEqualTo("move");
        assertThat(act.path("subject").asText()).isEqualTo("n1");
        assertThat(act.path("reason").asText()).isEqualTo("a drill");
    }

    @Test
    @Feature("PM-CLI-4")
    void aNodeIsStoppedOnlyByItsNameOrAsTheOnlyOneThatIsAddressed() {
        String two = node.endpoint() + ",127.0.0.1:1";
        assertThat(console.run("stop", "-e", two)).isEqualTo(2);
        assertThat(console.err()).contains("there are 2 endpoints");
        assertThat(console.run("stop", "nope")).isEqualTo(2);
        assertThat(console.err()).contains("there is no node 'nope'; the nodes are n1");
        assertThat(console.run("stop", "")).isEqualTo(2);
        assertThat(console.run("stop", "--cluster", "n1")).isEqualTo(2);
        assertThat(console.run("stop", "-e", "127.0.0.1:1")).isEqualTo(1);
        assertThat(console.err()).contains("no node answered at 127.0.0.1:1");
        assertThat(console.run("status")).isZero();
    }

    @Test
    @Feature("PM-CLI-4")
    void aNodeIsStopped(@TempDir Path own) throws Exception {
        try (RealNode stopped = RealNode.start(own, "--auth-token=stop-secret-0123456789")) {
            assertThat(console.run("stop", "-e", stopped.endpoint())).isNotZero();
            assertThat(console.run(
                            "stop", "-e", stopped.endpoint(), "--auth-token", "stop-secret-0123456789", "-o", "json"))
                    .isZero();
            assertThat(console.out()).isEqualTo("{\"stopped\":[\"n1\"]}\n");
            await().until(stopped::isTerminated);
        }
        try (RealNode whole = RealNode.start(own)) {
            assertThat(console.run("stop", "--cluster", "-e", whole.endpoint())).isZero();
            assertThat(console.out()).isEqualTo("n1\n");
        }
    }

    @Test
    @Feature("U-08")
    void whoIsConnectedIsListed() {
        try (CoordinatorClient named = CoordinatorClient.connect(ClientConfig.builder()
                        .endpoints(node.endpoint())
                        .clientName("worker")
                        .build());
                CoordinatorClient unnamed = client();
                LockHandle held = unnamed.lock("listed").acquire()) {
            assertThat(console.run("sessions", "-o", "json")).isZero();
            assertThat(Json.parse(console.out()).findValuesAsText("clientName"))
                    .contains("worker", ClientConfig.processName(), ClientConfig.processName() + "/cli");
            assertThat(Json.parse(console.out()).findValuesAsText("sessionId"))
                    .contains(Long.toString(named.sessionId()), Long.toString(unnamed.sessionId()));
            assertThat(console.run("sessions", "ls")).isZero();
            assertThat(console.outLines().get(0)).matches("SESSION +CLIENT +OPEN FOR +LEASE +UNACKNOWLEDGED");
            assertThat(console.out()).containsPattern(named.sessionId() + " +worker +\\S+ +10\\.0s +\\d+\n");
            assertThat(console.run("sessions", "ls", "--limit", "1")).isZero();
            assertThat(console.outLines()).hasSize(2);
            assertThat(console.err()).contains("there are more");
            assertThat(console.run("locks", "show", "listed")).isZero();
            assertThat(console.out()).contains(" " + ClientConfig.processName() + " ");
            assertThat(held.isHeld()).isTrue();
        }
        console.set("COORD_CLIENT_NAME", "the operator");
        assertThat(console.run("sessions", "-o", "json")).isZero();
        assertThat(Json.parse(console.out()).findValuesAsText("clientName"))
                .contains("the operator")
                .doesNotContain("worker");
    }

    @Test
    void watchStreamsLinesUntilInterrupted(@TempDir Path files) throws Exception {
        assertThat(console.run("put", "watched/a", "1")).isZero();
        String first = console.out().strip();
        Process watch = CliProcess.start(
                files,
                Map.of("COORD_ENDPOINTS", node.endpoint()),
                "watch",
                "watched/",
                "--prefix",
                "--from-revision",
                first);
        await().until(() -> CliProcess.out(files).lines().count() == 1);
        console.run("put", "watched/b", "{\"x\":null}");
        console.run("put", "unwatched", "0");
        console.run("del", "watched/a");
        await().until(() -> CliProcess.out(files).lines().count() == 3);
        CliProcess.signal("INT", watch);
        assertThat(CliProcess.exitCode(watch)).isEqualTo(130);
        assertThat(CliProcess.out(files).lines().map(line -> Json.parse(line)))
                .satisfiesExactly(
                        one -> assertThat(one)
                                .isEqualTo(Json.parse("{\"revision\":" + first + ",\"data\":\"cache\",\"kind\":\"put\","
                                        + "\"namespace\":\"default\",\"key\":\"watched/a\",\"value\":1}")),
                        two -> assertThat(two.path("value")).isEqualTo(Json.parse("{\"x\":null}")),
                        three -> {
                            assertThat(three.path("kind").asText()).isEqualTo("deleted");
                            assertThat(three.has("value")).isFalse();
                        });
        assertThat(CliProcess.err(files)).isEmpty();
    }

    @Test
    void lockRunsTheCommandWithTheTokenAndPassesItsExitCode() throws Exception {
        Path file = directory.resolve("environment");
        String script = "echo $COORD_LOCK_NAME $COORD_LOCK_TOKEN $COORD_ENDPOINTS >" + file + "; exit 17";
        assertThat(console.run("lock", "job", "--", "sh", "-c", script)).isEqualTo(17);
        String[] seen = Files.readString(file).strip().split(" ", -1);
        assertThat(seen).hasSize(3);
        assertThat(seen[0]).isEqualTo("job");
        assertThat(Long.parseLong(seen[1])).isPositive();
        assertThat(seen[2]).isEqualTo(node.endpoint());
        assertThat(console.err()).isEmpty();
    }

    @Test
    void tokenIsLiveWhileTheCommandRunsAndTheLockIsFreeAfterwards(@TempDir Path files) throws Exception {
        Process run = CliProcess.start(
                files,
                Map.of("COORD_ENDPOINTS", node.endpoint()),
                "lock",
                "live",
                "--",
                "sh",
                "-c",
                "echo $COORD_LOCK_TOKEN; sleep 600");
        await().until(() -> CliProcess.out(files).endsWith("\n"));
        try (CoordinatorClient client = client()) {
            long token = Long.parseLong(CliProcess.out(files).strip());
            assertThat(client.lock("live").verify(token)).isTrue();
            assertThat(client.lock("live")
                            .inspect()
                            .holder()
                            .orElseThrow()
                            .description()
                            .orElseThrow()
                            .path("command")
                            .asText())
                    .isEqualTo("sh");
            CliProcess.signal("TERM", run);
            assertThat(CliProcess.exitCode(run)).isEqualTo(128 + 15);
            assertThat(client.lock("live").tryAcquire()).isPresent();
        }
    }

    @Test
    void lockHeldByAnotherIsFourAndTheCommandDoesNotRun() {
        Path file = directory.resolve("ran");
        try (CoordinatorClient client = client();
                LockHandle held = client.lock("taken").acquire()) {
            assertThat(console.run("lock", "taken", "--wait", "0", "--", "touch", file.toString()))
                    .isEqualTo(4);
            assertThat(console.run("lock", "taken", "--wait", "200ms", "--", "touch", file.toString()))
                    .isEqualTo(4);
            assertThat(held.isHeld()).isTrue();
        }
        assertThat(file).doesNotExist();
        assertThat(console.err()).contains("'taken' is held by another").contains("200 ms");
    }

    @Test
    void optionsOfTheCommandAreItsOwn() throws Exception {
        Path file = directory.resolve("arguments");
        assertThat(console.run(
                        "lock",
                        "x",
                        "--ttl",
                        "5s",
                        "--",
                        "sh",
                        "-c",
                        "echo \"$@\" >" + file,
                        "sh",
                        "--ttl",
                        "-o",
                        "--help"))
                .isZero();
        assertThat(Files.readString(file)).isEqualTo("--ttl -o --help\n");
    }

    @Test
    void commandThatIsNotThereIsSaidAndTheLockIsFree() {
        assertThat(console.run("lock", "y", "--", "no-such-program")).isEqualTo(126);
        assertThat(console.err()).contains("cannot run 'no-such-program'");
        assertThat(console.run("lock", "y", "--wait", "0", "--", "true")).isZero();
    }

    @Test
    void wrongTokenIsSix(@TempDir Path files) throws Exception {
        try (RealNode guarded = RealNode.start(files, "--auth-token=secret")) {
            assertThat(console.run("get", "a", "-e", guarded.endpoint(), "--auth-token", "guessed"))
                    .isEqualTo(6);
            assertThat(console.err()).contains("EAUTH").doesNotContain("guessed", "secret");
            assertThat(console.run("get", "a", "-e", guarded.endpoint())).isEqualTo(6);
            console.set("COORD_AUTH_TOKEN", "secret");
            assertThat(console.run("get", "a", "-e", guarded.endpoint())).isEqualTo(3);
        }
    }

    @Test
    @Feature("C-11")
    void statusShowsTheToken(@TempDir Path files) throws Exception {
        try (RealNode guarded = RealNode.start(files, "--auth-token=secret")) {
            assertThat(console.run("status", "-e", guarded.endpoint())).isEqualTo(5);
            assertThat(console.out() + console.err()).contains("auth token");
            assertThat(console.run("status", "-e", guarded.endpoint(), "--auth-token", "secret"))
                    .isZero();
        }
    }

    @Test
    void lostLockEndsTheCommandWithSeventyFive(@TempDir Path files) throws Exception {
        Path up = files.resolve("up");
        RealNode doomed = RealNode.start(files);
        Process run = CliProcess.start(
                files,
                Map.of("COORD_ENDPOINTS", doomed.endpoint()),
                "lock",
                "z",
                "--session",
                "6s", // On a slow machine the command must be up before it could be lost.
                "--",
                "sh",
                "-c",
                "trap 'echo ended; exit 0' TERM; touch " + up + "; while :; do sleep 0.05; done");
        await().until(() -> Files.exists(up));
        doomed.abort();
        assertThat(CliProcess.exitCode(run)).isEqualTo(75);
        assertThat(CliProcess.out(files)).isEqualTo("ended\n");
        assertThat(CliProcess.err(files)).contains("coordinator lock: lost 'z'");
    }
}
