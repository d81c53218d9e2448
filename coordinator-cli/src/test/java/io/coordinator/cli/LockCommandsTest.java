package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.lock.Permit;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands about locks, permits and elections against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockCommandsTest {
    private final Path directory;
    private final RealNode node;
    private final CoordinatorClient client;
    private TestConsole console = new TestConsole();

    LockCommandsTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        this.node = RealNode.start(directory);
        this.client = client("test");
    }

    @BeforeEach
    void newConsole() {
        console = new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
    }

    @AfterAll
    void stop() {
        client.close();
        node.close();
    }

    private CoordinatorClient client(String name) {
        return CoordinatorClient.connect(ClientConfig.builder()
                .endpoints(node.endpoint())
                .clientName(name)
                .build());
    }

    private Process start(Path files, String... arguments) throws Exception {
        return CliProcess.start(files, Map.of("COORD_ENDPOINTS", node.endpoint()), arguments);
    }

    private JsonNode json() {
        return Json.parse(console.out());
    }

    // ---- lock ----

    @Test
    @Feature({"B-07", "DL-MULTI-1"})
    void severalLocksAreHeldTogetherOrNotAtAll() throws Exception {
        Path file = directory.resolve("several");
        String script = "echo $COORD_LOCK_NAME $COORD_LOCK_TOKEN >" + file;
        assertThat(console.run("lock", "one", "--and", "two", "--and", "three", "--", "sh", "-c", script))
                .isZero();
        assertThat(Files.readString(file)).matches("one,two,three [1-9]\\d*\n");
        try (LockHandle held = client.lock("two").acquire()) {
            assertThat(console.run("lock", "one", "--and", "two", "--wait", "0", "--", "true"))
                    .isEqualTo(4);
            assertThat(console.err()).contains("'one', 'two' is held by another");
            assertThat(client.lock("one").inspect().holders()).isEmpty();
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    @Feature("B-19")
    void readersComeTogether() {
        try (LockHandle reader = client.readWriteLock("shared").readLock().acquire()) {
            assertThat(console.run("lock", "shared", "--shared", "--wait", "0", "--", "true"))
                    .isZero();
            assertThat(console.run("lock", "shared", "--wait", "0", "--", "true"))
                    .isEqualTo(4);
            assertThat(reader.isHeld()).isTrue();
        }
    }

    @Test
    @Feature("B-21")
    void soManyHoldersAtTheSameTime() {
        assertThat(console.run("lock", "few", "-n", "2", "--wait", "0", "--", "true"))
                .isZero();
        try (Permit one = client.semaphore("few", 2).acquire()) {
            assertThat(console.run("lock", "few", "-n", "2", "--wait", "0", "--", "true"))
                    .isZero();
            try (Permit two = client.semaphore("few", 2).acquire()) {
                assertThat(console.run("lock", "few", "-n", "2", "--wait", "0", "--", "true"))
                        .isEqualTo(4);
                assertThat(one.isHeld() && two.isHeld()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lock a --shared -n 2 -- true",
                "lock a -n 0 -- true",
                "lock a -n some -- true",
                "lock a --and a -n 2 -- true",
                "lock a --ttl 0 -- true",
                "elect a --listen --show",
                "elect a --show -- true",
                "elect a --value {",
                "elect",
                "locks show",
                "locks release a",
                "locks held me",
                "sem resize a",
                "sem resize a 0"
            })
    void wrongUsageIsTwoAndRunsNothing(String line) {
        assertThat(console.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).hasLineCount(1).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "lock waited/a -- true, 'coordinator lock: waits for ''waited/a'': place 1 of 1 in line, held by test (session"
                + " '",
        "lock waited/a --shared -- true, ': place 1 of 1 in line, held by test (session '",
        "lock waited/b --and waited/a -- true, ' in line, held by test (session '",
        "lock waited/a -n 1 -- true, ': place 1 of 1 in line, 1 of 1 permits are held by test (session '",
        "elect waited/a -- true, 'coordinator elect: waits for the election ''waited/a'': place 1 of 1 in line, held"
                + " by test'"
    })
    @Feature("U-19")
    void whoWaitsIsToldTheWay(String command, String told, @TempDir Path files) throws Exception {
        Process run;
        try (LockHandle held = client.lock("waited/a").acquire();
                Permit permit = client.semaphore("waited/a", 1).acquire()) {
            run = start(files, command.split(" ", -1));
            await().untilAsserted(() -> assertThat(CliProcess.err(files)).contains(told));
            assertThat(CliProcess.err(files)).hasLineCount(1).matches("(?s).*\\) for \\S+\n");
            assertThat(held.isHeld() && permit.isHeld()).isTrue();
        }
        assertThat(CliProcess.exitCode(run)).isZero();
    }

    @Test
    @Feature("U-19")
    void whoGetsItAtOnceIsToldNothing() {
        assertThat(console.run("lock", "free", "--", "sleep", "1.5")).isZero();
        assertThat(console.err()).isEmpty();
    }

    // ---- elect ----

    @Test
    @Feature("B-20")
    void aLeaderRunsItsCommandUntilItIsDeposed(@TempDir Path files) throws Exception {
        assertThat(console.run("elect", "job", "--show")).isEqualTo(3);
        assertThat(console.err()).contains("nobody leads 'job'");
        Process run = start(
                files,
                "elect",
                "job",
                "--value",
                "{\"zone\":1}",
                "--",
                "sh",
                "-c",
                "trap 'echo ended; exit 0' TERM; echo $COORD_ELECTION $COORD_EPOCH; while :; do sleep 0.05; done");
        await().until(() -> CliProcess.out(files).endsWith("\n"));
        long epoch = Long.parseLong(CliProcess.out(files).strip().split(" ", -1)[1]);
        assertThat(console.run("elect", "job", "--show", "-o", "json")).isZero();
        assertThat(json().path("leader").path("epoch").asLong()).isEqualTo(epoch);
        assertThat(json().path("leader").path("value")).isEqualTo(Json.parse("{\"zone\":1}"));
        assertThat(console.run("elect", "job", "--wait", "0", "--", "true")).isEqualTo(4);
        assertThat(console.run("locks", "release", "job", "--reason", "deposed"))
                .isZero();
        assertThat(CliProcess.exitCode(run)).isEqualTo(75);
        assertThat(CliProcess.out(files)).endsWith("ended\n");
        assertThat(CliProcess.err(files)).contains("lost the election 'job' (FORCED)");
    }

    @Test
    @Feature("B-20")
    void leadersAreListenedToAndLeadershipLastsWithoutACommand(@TempDir Path listening, @TempDir Path leading)
            throws Exception {
        Process listener = start(listening, "elect", "heard", "--listen");
        await().until(() -> CliProcess.out(listening).lines().count() == 1);
        Process leader = start(leading, "elect", "heard");
        await().until(() -> CliProcess.out(listening).lines().count() == 2);
        await().until(() -> CliProcess.out(leading).endsWith("\n"));
        CliProcess.signal("INT", leader);
        assertThat(CliProcess.exitCode(leader)).isEqualTo(130);
        await().until(() -> CliProcess.out(listening).lines().count() == 3);
        CliProcess.signal("INT", listener);
        assertThat(CliProcess.exitCode(listener)).isEqualTo(130);
        assertThat(CliProcess.out(listening).lines().map(Json::parse))
                .satisfiesExactly(
                        one -> assertThat(one).isEqualTo(Json.parse("{\"election\":\"heard\",\"leader\":null}")),
                        two -> assertThat(two.path("leader").path("epoch").asText())
                                .isEqualTo(text(leading)),
                        three -> assertThat(three.path("leader").isNull()).isTrue());
    }

    private static String text(Path files) throws Exception {
        return CliProcess.out(files).strip();
    }

    // ---- locks ----

    @Test
    @Feature({"B-30", "PM-CLI-2"})
    void holdersAndWaitersAreShown() {
        try (CoordinatorClient other = client("other");
                LockHandle held = client.lock("shown/a")
                        .acquire(LockOptions.defaults()
                                .ttl(Duration.ofMinutes(2))
                                .contents(Map.of("why", "test")))) {
            var waiter = other.async().lock("shown/a").acquire().toCompletableFuture();
            await().until(() -> client.lock("shown/a").inspect().waiterCount() == 1);
            assertThat(console.run("locks", "ls", "shown/")).isZero();
            assertThat(console.outLines()).hasSize(2);
            assertThat(console.outLines().get(0)).matches("NAMESPACE +NAME +HELD BY +MODE +TOKEN .*");
            assertThat(console.outLines().get(1))
                    .matches("default +shown/a +test +exclusive +" + held.token() + " +\\S+ +\\S+ +1 +\\S+");
            assertThat(console.run("locks", "-o", "json")).isZero();
            assertThat(json().findValuesAsText("name")).contains("shown/a");
            assertThat(console.run("locks", "show", "shown/a")).isZero();
            assertThat(console.outLines()).hasSize(3);
            assertThat(console.outLines().get(1)).startsWith("holds  test").endsWith("{\"why\":\"test\"}");
            assertThat(console.outLines().get(2)).startsWith("waits  other");
            assertThat(console.run("locks", "show", "shown/a", "-o", "json")).isZero();
            JsonNode shown = json();
            assertThat(shown.at("/holders/0/token").asLong()).isEqualTo(held.token());
            assertThat(shown.at("/holders/0/endsInMillis").asLong()).isBetween(1L, 120_000L);
            assertThat(shown.at("/waiters/0/waitingMillis").asLong()).isNotNegative();
            String session = shown.at("/holders/0/sessionId").asText();
            assertThat(console.run("locks", "held", session, "-o", "json")).isZero();
            assertThat(json().at("/held").findValuesAsText("name")).contains("shown/a");
            waiter.cancel(false);
        }
        assertThat(console.run("locks", "show", "shown/a")).isEqualTo(3);
        assertThat(console.err()).contains("nobody holds or waits for 'shown/a'");
    }

    @Test
    @Feature("B-31")
    void circlesOfWaitersAreShown() {
        assertThat(console.run("locks", "cycles")).isEqualTo(3);
        try (CoordinatorClient a = client("a");
                CoordinatorClient b = client("b")) {
            a.lock("circle/1").acquire();
            b.lock("circle/2").acquire();
            a.async().lock("circle/2").acquire();
            b.async().lock("circle/1").acquire();
            await().until(() -> client.lock("circle/1").inspect().waiterCount() == 1
                    && client.lock("circle/2").inspect().waiterCount() == 1);
            assertThat(console.run("locks", "cycles")).isZero();
            assertThat(console.outLines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("waits for lock default/circle/1 of", "waits for lock default/circle/2 of"));
            assertThat(console.run("locks", "cycles", "-o", "json")).isZero();
            assertThat(json().at("/0/members")).hasSize(2);
        }
    }

    @Test
    @Feature("B-31")
    void aForcedReleaseIsToldAndRecorded() {
        LockHandle stuck = client.lock("stuck").acquire();
        assertThat(console.run(
                        "locks", "release", "stuck", "--reason", "gone", "--token", Long.toString(stuck.token() + 1)))
                .isEqualTo(3);
        assertThat(stuck.isHeld()).isTrue();
        assertThat(console.run("locks", "release", "stuck", "--reason", "gone", "--operator", "alice"))
                .isZero();
        assertThat(console.out()).isEqualTo(stuck.token() + "\n");
        await().until(() -> stuck.lost().toCompletableFuture().isDone());
        assertThat(stuck.lost().toCompletableFuture()).isCompletedWithValue(LossReason.FORCED);
        assertThat(console.run("locks", "release", "stuck", "--reason", "gone")).isEqualTo(3);
        assertThat(console.run("locks", "audit", "--limit", "1", "-o", "json")).isZero();
        assertThat(json().at("/0/operator").asText()).isEqualTo("alice");
        assertThat(json().at("/0/reason").asText()).isEqualTo("gone");
        assertThat(json().at("/0/token").asLong()).isEqualTo(stuck.token());
    }

    @Test
    @Feature("U-07")
    void recordsOfForcedReleasesHaveDatesThatPeopleCanRead() {
        Instant before = Instant.now().minusSeconds(1);
        client.lock("dated").acquire();
        assertThat(console.run("locks", "release", "dated", "--reason", "gone", "--operator", "bob"))
                .isZero();
        assertThat(console.run("locks", "audit", "--limit", "1", "-o", "json")).isZero();
        assertThat(Instant.parse(json().at("/0/about").asText())).isBetween(before, Instant.now());
        assertThat(json().at("/0/agoMillis").asLong()).isBetween(0L, 60_000L);
        assertThat(console.run("locks", "audit")).isZero();
        assertThat(console.outLines().get(0)).startsWith("AGO ").contains("ABOUT");
        assertThat(console.outLines().get(1))
                .matches("\\S+ +" + LocalDate.now(ZoneOffset.UTC).getYear() + "-\\S+Z +default +dated .* bob +gone");
    }

    // ---- sem ----

    @Test
    @Feature("B-21")
    void semaphoresAreShownResizedAndForgotten() {
        assertThat(console.run("sem", "show", "pool")).isEqualTo(3);
        assertThat(console.run("sem", "resize", "pool", "5")).isZero();
        assertThat(console.out()).isEqualTo("5\n");
        try (Permit two = client.semaphore("pool").acquire(2)) {
            assertThat(console.run("sem", "ls", "po")).isZero();
            assertThat(console.outLines()).hasSize(2);
            assertThat(console.outLines().get(1)).matches("default +pool +2 +5 +0 +-");
            assertThat(console.run("sem", "show", "pool")).isZero();
            assertThat(console.out()).startsWith("2 of 5 permits are held\n").contains("holds  test");
            assertThat(console.run("sem", "show", "pool", "-o", "json")).isZero();
            assertThat(json().at("/holders/0/token").asLong()).isEqualTo(two.token());
        }
        assertThat(console.run("sem", "rm", "pool")).isZero();
        assertThat(console.run("sem", "rm", "pool")).isEqualTo(3);
        assertThat(console.run("sem", "-o", "json")).isZero();
        assertThat(json().findValuesAsText("name")).doesNotContain("pool");
    }
}
