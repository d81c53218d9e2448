package io.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code coordinator upgrade} against a real node, before and after it has a newer version. */
@Feature("B-29")
class UpgradeCommandsTest {
    private static final Path PAGE = Path.of("..", "docs", "upgrading.md");
    /** A line of a block of commands. */
    private static final Pattern COMMAND = Pattern.compile("(?m)^ *\\./coordinator ([a-z ]+)$");

    private TestConsole console = new TestConsole();

    @Test
    void anUpgradeIsSeenAndFinalized(@TempDir Path directory) throws Exception {
        try (RealNode old = RealNode.start(directory, "--version-max=1")) {
            at(old);
            assertThat(console.run("upgrade", "status")).as(console::err).isZero();
            assertThat(console.out()).contains("n1", "0.1.0", "core version 1, the newest that its members know");
            assertThat(console.run("upgrade", "finalize")).isZero();
            assertThat(console.out()).isEqualTo("1\n");
        }
        try (RealNode upgraded = RealNode.start(directory)) {
            at(upgraded);
            JsonNode before = json();
            assertThat(before.get("activeVersion").asInt()).isEqualTo(1);
            assertThat(before.get("newestVersion").asInt()).isEqualTo(2);
            assertThat(before.get("finalizable").asBoolean()).isTrue();
            assertThat(before.get("obstacles")).isEmpty();
            assertThat(before.get("members").get(0).get("coreVersion").asInt()).isEqualTo(2);
            assertThat(console.run("upgrade")).isZero();
            assertThat(console.out()).contains("all members know 2", "coordinator upgrade finalize");

            assertThat(console.run("upgrade", "finalize", "-o", "json")).isZero();
            assertThat(console.out()).isEqualTo("{\"activeVersion\":2,\"newestVersion\":2}\n");
            JsonNode after = json();
            assertThat(after.get("activeVersion").asInt()).isEqualTo(2);
            assertThat(after.get("finalizable").asBoolean()).isFalse();
        }
    }

    /** In the order of the page, on a node that was upgraded and not finalized. */
    @Test
    void theCommandsOfThePageDoWhatItSays(@TempDir Path directory) throws Exception {
        RealNode.start(directory, "--version-max=1").close();
        try (RealNode upgraded = RealNode.start(directory)) {
            at(upgraded);
            List<String> commands = COMMAND.matcher(Files.readString(PAGE))
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(commands).contains("status", "upgrade status").endsWith("upgrade finalize");
            for (String command : commands) {
                assertThat(console.run(command.split(" ")))
                        .as("%s: %s", command, console.err())
                        .isZero();
                assertThat(console.out()).as(command).isNotEmpty();
            }
            assertThat(json().get("activeVersion").asInt()).isEqualTo(2);
        }
    }

    @Test
    void withoutALeaderItIsFive() {
        console.set("COORD_ENDPOINTS", "127.0.0.1:1");
        for (String command : new String[] {"status", "finalize"}) {
            assertThat(console.run("upgrade", command, "--timeout", "300ms")).isEqualTo(5);
            assertThat(console.err()).startsWith("coordinator upgrade " + command + ": no leader serves");
            assertThat(console.out()).isEmpty();
        }
    }

    private void at(RealNode node) {
        console = new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
    }

    private JsonNode json() {
        assertThat(console.run("upgrade", "status", "-o", "json"))
                .as(console::err)
                .isZero();
        return Json.parse(console.out());
    }
}
