package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.ports.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of docs/disaster.md, in its order, on a cluster to which all of that happens. */
@Feature({"B-16", "B-34", "PM-FENCE-8", "G-8"})
class DisasterPageTest {
    private static final String PAGE = "disaster.md";

    private final TestConsole console = new TestConsole();
    private final Path directory;
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Map<String, CoordinatorServer> running = new LinkedHashMap<>();
    private final List<String> done = new ArrayList<>();

    DisasterPageTest(@TempDir Path temporary) {
        directory = temporary;
    }

    @BeforeEach
    void threeNodes() throws Exception {
        for (String host : List.of("host1", "host2", "host3", "elsewhere")) {
            for (String port : List.of("7400", "7401", "7402")) {
                places.put(host + ":" + port, FreePorts.address());
            }
        }
        places.put("/var/lib/coordinator", directory.toString());
        places.put("/tmp/elsewhere", directory.resolve("elsewhere").toString());
        places.put("backup.snapshot", directory.resolve("backup.snapshot").toString());
        for (int i = 1; i <= 3; i++) {
            startOld(i);
        }
        await().until(() ->
                running.values().stream().anyMatch(node -> node.status().getServing()));
    }

    @AfterEach
    void stop() {
        running.values().forEach(CoordinatorServer::abort);
    }

    private CoordinatorServer startOld(int number) throws Exception {
        String node = "n" + number;
        String host = "host" + number;
        CoordinatorServer server = start(List.of(
                "--node=" + node,
                "--data-dir=" + directory.resolve(node),
                "--client-bind=" + place(host + ":7400"),
                "--peer-bind=" + place(host + ":7401"),
                "--http-bind=" + place(host + ":7402"),
                "--members=" + members()));
        running.put(node, server);
        return server;
    }

    private String place(String onPage) {
        return places.getOrDefault(onPage, onPage);
    }

    private String members() {
        List<String> members = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            members.add("n" + i + "=" + place("host" + i + ":7401") + "/" + place("host" + i + ":7400"));
        }
        return String.join(",", members);
    }

    private static CoordinatorServer start(List<String> flags) throws Exception {
        return CoordinatorServer.start(ServerConfig.load(flags, Map.of()));
    }

    @Test
    void theWholePage() throws Exception {
        Runbook book = Runbook.of(PAGE, places);
        assertThat(console.run("put", "precious", "\"gold\"", "-e", endpoints()))
                .isZero();
        long tokenBefore = mintedToken(endpoints());

        section(book, "Before");
        assertThat(console.out()).contains("whole: checksum");
        JsonNode backup = inspected();
        assertThat(backup.path("lastToken").asLong()).isGreaterThanOrEqualTo(tokenBefore);
        assertThat(backup.path("node").asText()).as("a follower gave it").isNotEqualTo(leader());

        section(book, "One node is lost");
        assertThat(console.run("del", "precious", "-e", endpoints())).isZero();
        long seen = mintedToken(endpoints());

        section(book, "Something was deleted by mistake");
        assertThat(console.run("get", "precious", "-e", endpoints())).isZero();
        assertThat(mintedToken(place("elsewhere:7400"))).isGreaterThan(seen);

        assertRefusedWhileAnotherLives(book);
        running.remove("n2").abort();
        running.remove("n3").abort();
        assertRefusedWhileSomebodyListens(book);
        section(book, "The majority is lost for good");
        assertThat(console.run("get", "precious", "-e", place("host1:7400"))).isZero();
        long forced = mintedToken(place("host1:7400"));
        assertThat(forced).isGreaterThan(seen);
        assertThat(directory.resolve("n1/forced")).content().contains("burnt");
        assertThat(directory.resolve("n1/before")).isNotEmptyDirectory();
        assertThatAMemberOfBeforeIsToldAndStops();

        running.remove("n1").abort();
        section(book, "All is lost");
        assertThat(console.run("get", "precious", "-e", place("host1:7400"))).isZero();
        assertThat(mintedToken(place("host1:7400"))).isGreaterThan(seen);
        assertThat(done).containsExactlyElementsOf(book.sections());
    }

    private void assertRefusedWhileAnotherLives(Runbook book) {
        running.remove("n1").abort();
        List<String> force = book.commands("The majority is lost for good").get(0);
        await().untilAsserted(() -> {
            assertThat(console.run(force.toArray(String[]::new))).isEqualTo(1);
            assertThat(console.err()).contains("is alive at").contains("nothing was changed");
        });
        List<String> alone = new ArrayList<>(force);
        alone.set(
                alone.indexOf("--members") + 1,
                alone.get(alone.indexOf("--members") + 1).split(",", -1)[0]);
        await().untilAsserted(() -> {
            assertThat(console.run(alone.toArray(String[]::new))).isEqualTo(1);
            assertThat(console.err()).contains("is alive at").contains("nothing was changed");
        });
        List<String> unsure = new ArrayList<>(force);
        unsure.remove("--yes-i-lost-the-majority");
        assertThat(console.run(unsure.toArray(String[]::new))).isEqualTo(2);
        assertThat(directory.resolve("n1/before")).doesNotExist();
    }

    /** As a paused process does. */
    private void assertRefusedWhileSomebodyListens(Runbook book) throws IOException {
        List<String> force = book.commands("The majority is lost for good").get(0);
        HostPort address = HostPort.parse(place("host2:7400"));
        try (ServerSocket paused = new ServerSocket()) {
            paused.setReuseAddress(true);
            paused.bind(new InetSocketAddress(address.host(), address.port()));
            assertThat(console.run(force.toArray(String[]::new))).isEqualTo(1);
            assertThat(console.err()).contains("EBUSY").contains("--ignore-listening");
        }
    }

    private void assertThatAMemberOfBeforeIsToldAndStops() throws Exception {
        CoordinatorServer old = startOld(2);
        assertThatThrownBy(() -> old.terminated().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("empty");
        running.remove("n2");
    }

    /** Runs the commands of a section; each must succeed. */
    private void section(Runbook book, String name) throws Exception {
        for (List<String> command : book.commands(name)) {
            if (command.get(0).equals("serve")) {
                serve(command.subList(1, command.size()));
            } else {
                await().untilAsserted(() -> assertThat(console.run(command.toArray(String[]::new)))
                        .as("%s%n%s", command, console.err())
                        .isZero());
            }
        }
        done.add(name);
    }

    private void serve(List<String> words) throws Exception {
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < words.size(); i += 2) {
            flags.add(words.get(i) + "=" + words.get(i + 1));
        }
        CoordinatorServer server = start(flags);
        running.put(words.get(words.indexOf("--node") + 1), server);
        await().until(() -> server.status().getServing());
    }

    private long mintedToken(String endpoints) {
        assertThat(console.run("lock", "a-lock", "-e", endpoints, "--", "true"))
                .as(console.err())
                .isZero();
        assertThat(console.run("stats", "-o", "json", "-e", endpoints)).isZero();
        return Json.parse(console.out()).path("lastToken").asLong();
    }

    private JsonNode inspected() {
        assertThat(console.run("snapshot", "inspect", place("backup.snapshot"), "-o", "json"))
                .isZero();
        return Json.parse(console.out());
    }

    private String leader() {
        return running.values().iterator().next().status().getLeader();
    }

    private String endpoints() {
        return place("host1:7400") + "," + place("host2:7400") + "," + place("host3:7400");
    }

    @Test
    void aBackupThatIsDamagedCutOffOrNoneIsRefused() throws Exception {
        String file = place("backup.snapshot");
        assertThat(console.run("snapshot", "save", file, "-e", endpoints())).isZero();
        assertThat(console.run("snapshot", "save", file, "-e", endpoints())).isEqualTo(2);
        assertThat(console.err()).contains("is there already");
        byte[] whole = Files.readAllBytes(Path.of(file));

        byte[] flipped = whole.clone();
        flipped[flipped.length / 2] ^= 1;
        assertThat(outcome("verify", flipped)).isEqualTo(1);
        assertThat(outcome("verify", java.util.Arrays.copyOf(whole, whole.length - 1)))
                .isEqualTo(1);
        assertThat(outcome("inspect", "nothing of the kind".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo(2);

        Path target = directory.resolve("restored");
        Files.write(directory.resolve("bad"), flipped);
        assertThat(restore("bad", target)).isEqualTo(1);
        assertThat(target.resolve("identity")).doesNotExist();
        assertThat(restore("backup.snapshot", target)).isZero();
        assertThat(restore("backup.snapshot", target)).isEqualTo(2);
        assertThat(console.err()).contains("is not empty");
    }

    private int outcome(String command, byte[] bytes) throws Exception {
        Path file = Files.write(directory.resolve("bad"), bytes);
        return console.run("snapshot", command, file.toString());
    }

    private int restore(String file, Path target) {
        return console.run(
                "snapshot",
                "restore",
                directory.resolve(file).toString(),
                "--data-dir",
                target.toString(),
                "--node",
                "n1");
    }
}
