package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/** {@code coordinator cache} and {@code coordinator build} against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CacheCommandsTest {
    private final RealNode node;
    private TestConsole console = new TestConsole();

    CacheCommandsTest(@TempDir Path directory) throws Exception {
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

    private String run(String... arguments) {
        assertThat(console.run(arguments)).as("%s", console.err()).isZero();
        return console.out().strip();
    }

    @Test
    @Feature({"PM-CACHE-1", "PM-ATOM-1", "PM-ATOM-6", "PM-ATOM-7", "PM-CACHE-8", "PM-CACHE-9"})
    void valuesAreReadWrittenCountedAndListed() {
        assertThat(console.run("cache", "get", "c/a")).isEqualTo(3);
        run("cache", "set", "c/a", "{\"n\":1}");
        assertThat(run("cache", "get", "c/a")).isEqualTo("{\"n\":1}");
        run("cache", "set", "c/slides", "1", "--ttl", "1h", "--sliding");
        assertThat(run("cache", "incr", "c/n")).isEqualTo("1");
        assertThat(run("cache", "incr", "c/n", "41")).isEqualTo("42");
        assertThat(console.run("cache", "incr", "c/a")).isEqualTo(1);
        assertThat(console.err()).contains("is not a number");
        run("cache", "cas", "c/n", "42", "43");
        assertThat(console.run("cache", "cas", "c/n", "42", "44")).isEqualTo(3);
        assertThat(console.err()).contains("it holds 43");
        assertThat(console.run("cache", "cas", "c/n", "absent", "1")).isEqualTo(3);
        assertThat(run("cache", "ls", "c/")).contains("c/a").contains("c/n").contains("43");
        assertThat(Json.parse(run("cache", "ls", "c/", "-o", "json"))).hasSize(3);
        run("cache", "cas", "c/n", "43", "delete");
        run("cache", "del", "c/slides");
        assertThat(run("cache", "clear", "c/")).isEqualTo("1");
        assertThat(console.run("cache", "set", "c/a", "oops")).isEqualTo(2);
    }

    @Test
    @Feature("U-18")
    void aTableCutsLongValuesAndLongLists() {
        String large = "x".repeat(900_000);
        console.input("\"" + large + "\"");
        run("cache", "set", "long/a", "-");
        run("cache", "set", "long/b", "2");
        run("cache", "set", "long/c", "3");
        assertThat(run("cache", "ls", "long/").lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(200))
                .anySatisfy(line -> assertThat(line).endsWith("xxx\u2026 (900,002 bytes)"));
        assertThat(console.err()).isEmpty();
        assertThat(Json.parse(run("cache", "ls", "long/", "-o", "json"))
                        .at("/0/value")
                        .asText())
                .isEqualTo(large);
        assertThat(run("cache", "ls", "long/b", "-o", "jsonl"))
                .startsWith("{\"key\":\"long/b\"")
                .hasLineCount(1);
        assertThat(run("cache", "ls", "long/", "--limit", "2").lines()).hasSize(3);
        assertThat(console.err())
                .isEqualTo(
                        "coordinator cache ls: these are the first 2; there are more: give --limit, or the beginning of"
                                + " the names\n");
        assertThat(Json.parse(run("cache", "ls", "none/", "-o", "json"))).isEmpty();
    }

    @Test
    @Feature("PM-CACHE-12")
    void aNamespaceIsBounded() {
        assertThat(run("cache", "bounds", "-N", "small")).isEqualTo("entries 0, bytes 0, ttl 0 ms");
        assertThat(run("cache", "bounds", "--entries", "2", "--ttl", "1m", "-N", "small"))
                .isEqualTo("entries 2, bytes 0, ttl 60000 ms");
        assertThat(run("cache", "bounds", "--bytes", "1000", "-N", "small", "-o", "json"))
                .isEqualTo("{\"maxEntries\":2,\"maxBytes\":1000,\"ttlMillis\":60000}");
        for (String key : List.of("a", "b", "c")) {
            run("cache", "set", key, "1", "-N", "small");
        }
        assertThat(console.run("cache", "get", "a", "-N", "small")).isEqualTo(3);
    }

    @Test
    @Feature({"JC-BOR-2", "JC-BOR-7", "JC-BOR-9"})
    void aCommandRunsOnceAndAllGetItsOutput(@TempDir Path files) throws Exception {
        Path runs = files.resolve("runs");
        Path go = files.resolve("go");
        String script = "echo run >>" + runs + "; while [ ! -e " + go
                + " ]; do sleep 0.05; done; echo \"$COORD_BUILD_KEY\"; printf 'ü, no line'";
        List<CompletableFuture<String>> outputs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            outputs.add(CompletableFuture.supplyAsync(() -> {
                TestConsole own = new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
                assertThat(own.run("build", "report", "--", "sh", "-c", script)).isZero();
                return own.out();
            }));
        }
        await().until(() -> Files.exists(runs));
        Files.createFile(go);
        for (CompletableFuture<String> output : outputs) {
            assertThat(output.get()).isEqualTo("report\nü, no line");
        }
        assertThat(run("build", "report", "--", "false")).isEqualTo("report\nü, no line");
        assertThat(Files.readAllLines(runs)).hasSize(1);

        assertThat(console.run("build", "failing", "--", "sh", "-c", "exit 7")).isEqualTo(7);
        assertThat(console.err()).contains("exit code 7");
        assertThat(run("build", "failing", "--ttl", "1h", "--", "echo", "now")).isEqualTo("now");
        assertThat(console.run("build", "missing", "--", "/no/such/program")).isEqualTo(126);
        assertThat(console.run("build", "binary", "--", "printf", "\\377")).isEqualTo(1);
        assertThat(console.err()).contains("is not UTF-8");
    }

    @Test
    @Feature("U-09")
    void buildsAreListedShownFollowedAndDeleted() throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        try (CoordinatorClient client = CoordinatorClient.connect(
                ClientConfig.builder().endpoints(node.endpoint()).build())) {
            CountDownLatch reported = new CountDownLatch(1);
            CompletableFuture<String> built = CompletableFuture.supplyAsync(() -> client.builds()
                    .getOrBuild(
                            "b/one",
                            String.class,
                            context -> {
                                context.progress(Map.of("step", 3));
                                reported.countDown();
                                return result.join();
                            },
                            BuildOptions.timeout(Duration.ofMinutes(1))));
            assertThat(reported.await(60, TimeUnit.SECONDS)).isTrue();
            await().until(() -> client.builds().status("b/one").progress().isPresent());
            assertThat(run("builds", "ls", "b/").lines().toList().get(1))
                    .matches("b/one +pending +0 +build +\\S+ +\\S+@\\S+");
            assertThat(run("builds", "progress", "b/one")).isEqualTo("{\"step\":3}");
            assertThat(Json.parse(run("builds", "progress", "b/one", "-o", "json")))
                    .isEqualTo(Json.parse("{\"key\":\"b/one\",\"waiters\":0,\"progress\":{\"step\":3}}"));
            assertThat(run("builds", "show", "b/one")).contains("pending").contains("{\"step\":3}");
            result.complete("x".repeat(1_000));
            assertThat(built.get()).hasSize(1_000);
        } finally {
            result.complete("too late");
        }
        assertThat(run("builds", "-o", "json")).contains("{\"key\":\"b/one\",\"state\":\"exists\",\"waiters\":0}");
        assertThat(run("builds", "show", "b/one")).endsWith("\u2026 (1,002 bytes)");
        assertThat(Json.parse(run("builds", "show", "b/one", "-o", "json"))
                        .path("result")
                        .asText())
                .hasSize(1_000);
        assertThat(console.run("builds", "progress", "b/one")).isEqualTo(3);
        assertThat(console.err()).contains("its result is there");
        run("builds", "rm", "b/one");
        assertThat(console.run("builds", "rm", "b/one")).isEqualTo(3);
        assertThat(console.run("builds", "show", "b/one")).isEqualTo(3);
        assertThat(console.err()).isEqualTo("coordinator builds show: no build 'b/one' in namespace 'default'\n");
    }

    @Test
    @Feature({"U-09", "U-18"})
    void allBuildsAreListedHoweverManyThereAre() {
        int count = 230; // more than two pages
        try (CoordinatorClient client = CoordinatorClient.connect(
                ClientConfig.builder().endpoints(node.endpoint()).build())) {
            List<CompletableFuture<?>> builds = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                builds.add(client.async()
                        .builds()
                        .getOrBuildAsync("many/" + i, String.class, context -> "built", Duration.ofMinutes(1))
                        .toCompletableFuture());
            }
            builds.forEach(CompletableFuture::join);
        }
        assertThat(Json.parse(run("builds", "ls", "many/", "-o", "json")).findValuesAsText("key"))
                .hasSize(count)
                .doesNotHaveDuplicates();
        assertThat(run("builds", "ls", "many/").lines()).hasSize(1 + count);
    }

    @Test
    @Feature("U-09")
    void whoLooksForTheWrongKindIsToldTheRightOne() {
        run("build", "kind/b", "--", "echo", "built");
        run("put", "kind/v", "1");
        run("doc", "open", "kind/d");
        run("sem", "resize", "kind/s", "3");
        assertThat(console.run("get", "kind/b")).isEqualTo(3);
        assertThat(console.err())
                .isEqualTo("coordinator get: no key 'kind/b' in namespace 'default'; there is a build of that name:"
                        + " coordinator builds show 'kind/b'\n");
        assertThat(console.run("builds", "show", "kind/v")).isEqualTo(3);
        assertThat(console.err()).endsWith("there is a value of that name: coordinator get 'kind/v'\n");
        assertThat(console.run("del", "kind/d")).isEqualTo(3);
        assertThat(console.err()).endsWith("coordinator doc get 'kind/d'\n");
        assertThat(console.run("doc", "get", "kind/s")).isEqualTo(3);
        assertThat(console.err()).endsWith("coordinator sem show 'kind/s'\n");
        assertThat(console.run("locks", "show", "kind/b")).isEqualTo(3);
        assertThat(console.err()).contains("nobody holds or waits for 'kind/b'").endsWith("builds show 'kind/b'\n");
    }

    @Test
    @Feature("C-49")
    void aBuildThatIsToldToEndLeavesNothingBehind(@TempDir Path files) throws Exception {
        Path child = files.resolve("child");
        Process build = CliProcess.start(
                files,
                Map.of("COORD_ENDPOINTS", node.endpoint()),
                "build",
                "ended",
                "--",
                "sh",
                "-c",
                "sleep 600 & echo $! >" + child + "; wait");
        await().until(() -> Files.exists(child) && Files.readString(child).endsWith("\n"));
        CliProcess.signal("TERM", build);
        assertThat(CliProcess.exitCode(build)).isEqualTo(128 + 15);
        Path proc = Path.of("/proc", Files.readString(child).strip(), "status");
        await().until(() -> !Files.exists(proc) || Files.readString(proc).contains("State:\tZ"));
        assertThat(run("build", "ended", "--", "echo", "again")).isEqualTo("again");
    }

    @Test
    void statsShowWhatIsKeptAndHowMuchMayBe() {
        run("cache", "set", "stats/a", "\"some text\"");
        assertThat(run("stats")).contains("cache entries").contains("CACHE").contains("state:");
        var stats = Json.parse(run("stats", "-o", "json"));
        assertThat(stats.get("cacheEntries").asLong()).isPositive();
        assertThat(stats.get("stateBytes").asLong()).isPositive();
        assertThat(stats.get("usage").get(0).get("bytes").asLong()).isPositive();
    }
}
