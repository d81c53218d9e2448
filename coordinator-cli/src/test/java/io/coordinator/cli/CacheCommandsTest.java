package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.cli.console.Json;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
