package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.cli.console.Json;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code coordinator doc} against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentCommandsTest {
    private final RealNode node;
    private TestConsole console = new TestConsole();

    DocumentCommandsTest(@TempDir Path directory) throws Exception {
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
    @Feature({"DJ-SET-1", "DJ-PUSH-1", "B-23"})
    void documentsAreOpenedEditedAndRemoved() {
        assertThat(console.run("doc", "get", "d")).isEqualTo(3);
        assertThat(run("doc", "open", "d", "{\"users\":[]}")).isEqualTo("created");
        assertThat(run("doc", "open", "d")).isEqualTo("exists");
        assertThat(run("doc", "push", "d", "users", "{\"id\":1}", "2")).isEqualTo("2");
        run("doc", "set", "d", "users.1", "\"two\"");
        run("doc", "set", "d", "/a~1b", "1.50");
        run("doc", "set", "d", "x.y.z", "true", "--create-path");
        assertThat(run("doc", "get", "d"))
                .isEqualTo("{\"users\":[{\"id\":1},\"two\"],\"a/b\":1.50,\"x\":{\"y\":{\"z\":true}}}");
        assertThat(run("doc", "get", "d", "users.0.id")).isEqualTo("1");
        assertThat(console.run("doc", "get", "d", "users.7")).isEqualTo(3);
        assertThat(console.err()).contains("nothing at 'users.7'");
        assertThat(console.run("doc", "push", "d", "x", "1")).isEqualTo(3);
        assertThat(console.err()).contains("NOT_AN_ARRAY");
        long revision = Long.parseLong(run("doc", "patch", "d", "[{\"op\":\"remove\",\"path\":\"/x\"}]"));
        assertThat(Long.parseLong(run("doc", "patch", "d", "{\"a/b\":null}", "--merge")))
                .isEqualTo(revision + 1);
        assertThat(console.run("doc", "patch", "d", "[{\"op\":\"test\",\"path\":\"/users\",\"value\":1}]"))
                .isEqualTo(3);
        assertThat(console.err()).contains("TEST_FAILED");
        assertThat(Json.parse(run("doc", "get", "d", "-o", "json"))
                        .at("/version")
                        .asInt())
                .isEqualTo(8);
        run("doc", "set", "d", "", "0");
        assertThat(run("doc", "get", "d")).isEqualTo("0");
        run("doc", "rm", "d");
        assertThat(console.run("doc", "rm", "d")).isEqualTo(3);
        assertThat(console.run("doc", "set", "d", "a", "1")).isEqualTo(3);
        assertThat(console.run("doc", "set", "d", "a", "oops")).isEqualTo(2);
        assertThat(console.run("doc", "get", "d", "/~2")).isEqualTo(2);
    }

    @Test
    @Feature({"DJ-SRC-2", "A-02"})
    void filesAreImportedAndExported(@TempDir Path files) throws Exception {
        Path file = Files.writeString(files.resolve("in.json"), "{\"b\": 1, \"a\": [ ] }");
        String id = run("doc", "import", file.toString());
        assertThat(id).isEqualTo(file.toAbsolutePath().toString());
        Files.writeString(file, "[2]");
        run("doc", "import", file.toString());
        assertThat(run("doc", "get", id)).isEqualTo("[2]");
        Path out = files.resolve("out.json");
        run("doc", "export", id, out.toString());
        assertThat(Json.parse(Files.readString(out))).isEqualTo(Json.parse("[2]"));
        run("doc", "import", file.toString(), "--id", "listed/a");
        run("doc", "open", "listed/b", "1");
        assertThat(run("doc", "ls", "listed/").lines()).hasSize(3);
        assertThat(Json.parse(run("doc", "ls", "listed/", "-o", "json")).findValuesAsText("kind"))
                .containsExactly("file", "durable");
        assertThat(console.run("doc", "import", files.resolve("missing.json").toString()))
                .isEqualTo(1);
        assertThat(console.run("doc", "export", "nothing")).isEqualTo(3);
    }

    @Test
    @Feature("B-09")
    void changesArePrintedAsPatches(@TempDir Path files) throws Exception {
        Process watch =
                CliProcess.start(files, Map.of("COORD_ENDPOINTS", node.endpoint()), "doc", "watch", "w/", "--prefix");
        await().until(() -> {
            console.run("doc", "open", "w/" + System.nanoTime());
            return CliProcess.out(files).lines().count() > 0;
        });
        run("doc", "open", "w/d", "[]");
        run("doc", "push", "w/d", "", "1");
        await().until(() -> CliProcess.out(files).contains("EDITED")
                || CliProcess.out(files).contains("edited"));
        CliProcess.signal("INT", watch);
        assertThat(CliProcess.exitCode(watch)).isEqualTo(130);
        String last = CliProcess.out(files).lines().reduce((one, two) -> two).orElseThrow();
        assertThat(Json.parse(last).path("value"))
                .isEqualTo(Json.parse("[{\"op\":\"add\",\"path\":\"/-\",\"value\":1}]"));
    }
}
