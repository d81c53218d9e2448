package io.coordinator.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.coordinator.server.support.LogCapture;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    @Test
    @Feature("PM-CFG-4")
    void aFlagWinsOverTheEnvironmentThatOverTheFileThatOverTheDefault(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("server.yaml");
        Files.writeString(file, """
                node: n1
                lease-millis: 100
                tick-millis: 10
                in-flight-max: 4
                """);
        ServerConfig config = ServerConfig.load(
                List.of("--config", file.toString(), "--in-flight-max", "16"),
                Map.of("COORD_IN_FLIGHT_MAX", "12", "COORD_TICK_MILLIS", "20"));

        assertThat(config.get(Keys.IN_FLIGHT_MAX)).isEqualTo(16);
        assertThat(config.get(Keys.TICK_MILLIS)).isEqualTo(20);
        assertThat(config.get(Keys.LEASE_MILLIS)).isEqualTo(100);
        assertThat(config.get(Keys.BATCH_BYTES_MAX)).isEqualTo(1 << 20);
    }

    @Test
    void membersGiveThePortsToBind() {
        ServerConfig config =
                ServerConfig.load(List.of("--node=n2", "--members=n1=a:1/a:2,n2=b:3/b:4"), NO_ENVIRONMENT);

        assertThat(config.self()).isEqualTo(new ClusterMember("n2", new HostPort("b", 3), new HostPort("b", 4)));
        assertThat(config.get(Keys.PEER_BIND)).isEqualTo(new HostPort("127.0.0.1", 3));
        assertThat(config.get(Keys.CLIENT_BIND)).isEqualTo(new HostPort("127.0.0.1", 4));
    }

    @Test
    void aNodeAloneIsItsOwnCluster() {
        ServerConfig config = ServerConfig.load(List.of("--node", "n1"), NO_ENVIRONMENT);

        assertThat(config.members()).containsExactly(config.self());
        assertThat(config.self().client()).isEqualTo(new HostPort("127.0.0.1", 7400));
    }

    @Test
    void problemsNameTheirKey(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("server.yaml");
        Files.writeString(file, "leese-millis: 100\n");

        refused("leese-millis", "--config", file.toString());
        refused("wrong", "--wrong", "1");
        refused("tick-millis", "--tick-millis", "soon");
        refused("tick-millis", "--tick-millis", "0");
        refused("tick-millis", "--tick-millis");
        refused("reads", "--reads", "stale");
        refused("auth-token", "--auth-token", "two words");
        refused("auth-token", "--auth-token", "s\u00E9same");
        refused("members", "--members", "n1=a:1");
        refused("members", "--members", "n1=a:1/a:2,n1=b:1/b:2");
        refused("node", "--node", "n9", "--members", "n1=a:1/a:2");
        refused("client-bind", "--client-bind", "nowhere");
        refused("election-timeout-min-millis", "--election-timeout-min-millis", "2000");
        refused("value-bytes-max", "--value-bytes-max", "2000000", "--request-bytes-max", "1000000");
        refused("config", "--config", directory.resolve("missing.yaml").toString());
    }

    @Test
    @Feature("C-53")
    void aMisspeltVariableStopsTheStartAndNamesTheOneThatWasMeant() {
        misspelt("COORD_DATADIR", "COORD_DATA_DIR");
        misspelt("COORD_DATA_DIRS", "COORD_DATA_DIR");
        misspelt("coord_data_dir", "COORD_DATA_DIR");
        misspelt("COORD_MEMBER", "COORD_MEMBERS");
        misspelt("COORD_HTTP_BNID", "COORD_HTTP_BIND");
        misspelt("COORD_CONFIGS", "COORD_CONFIG");
        misspelt("COORD_AUTHTOKEN", "COORD_AUTH_TOKEN");
    }

    private static void misspelt(String variable, String meant) {
        assertThatThrownBy(() -> ServerConfig.load(List.of("--node", "n1"), Map.of(variable, "hunter2")))
                .as(variable)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(variable)
                .hasMessageContaining("did you mean " + meant + "?")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    @Feature("C-53")
    void everyVariableOfAnyProgramIsKnownAndNoneIsTakenForAnother() {
        Map<String, String> all = new java.util.TreeMap<>();
        for (String name : List.of(
                "COORD_ENDPOINTS",
                "COORD_NAMESPACE",
                "COORD_CLIENT_NAME",
                "COORD_JAVA_HOME",
                "COORD_JDK_DIRS",
                "COORD_LOCK_NAME",
                "COORD_LOCK_TOKEN",
                "COORD_BUILD_KEY",
                "COORD_BUILD_TOKEN",
                "COORD_ELECTION",
                "COORD_EPOCH")) {
            all.put(name, "x");
        }
        try (LogCapture log = LogCapture.of(ConfigSources.class)) {
            ServerConfig.load(List.of("--node", "n1"), all);
            assertThat(log.events()).isEmpty();
        }
    }

    @Test
    @Feature("C-53")
    void aStrangeVariableIsReportedWithoutItsValueAndIgnored() {
        Map<String, String> environment =
                Map.of("COORD_PORT_7400_TCP", "hunter2", "COORD_NAMSPACE", "x", "COORDINATOR_SERVICE_HOST", "y");
        try (LogCapture log = LogCapture.of(ConfigSources.class)) {
            ServerConfig.load(List.of("--node", "n1"), environment);
            assertThat(log.events()).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage())
                        .contains("COORD_NAMSPACE, COORD_PORT_7400_TCP")
                        .doesNotContain("hunter2", "COORDINATOR");
            });
        }
    }

    @Test
    @Feature("C-53")
    void anUnknownKeyOfAFileOrAFlagNamesTheOneThatWasMeant(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("server.yaml"), "data_dir: /srv\n");
        assertThatThrownBy(() -> ServerConfig.load(List.of("--config", file.toString()), NO_ENVIRONMENT))
                .hasMessageContaining("data_dir: unknown key; did you mean data-dir?");
        assertThatThrownBy(() -> ServerConfig.load(List.of("--datadir", "/srv"), NO_ENVIRONMENT))
                .hasMessageContaining("did you mean data-dir?");
        assertThatThrownBy(() -> ServerConfig.load(List.of("--wrong", "1"), NO_ENVIRONMENT))
                .hasMessageContaining("wrong: unknown key; docs");
        // The working directory is nobody's data directory.
        assertThatThrownBy(() -> ServerConfig.load(List.of("--node", "n1"), Map.of("COORD_DATA_DIR", "")))
                .hasMessageContaining("data-dir: must not be empty");
    }

    @Test
    void anotherAddressThanLoopbackMustBeAskedForExplicitly() {
        assertThatThrownBy(() -> ServerConfig.load(List.of("--node", "n1", "--client-bind", "0.0.0.0:7400"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("client-bind")
                .hasMessageContaining("no TLS")
                .hasMessageContaining("insecure");

        ServerConfig config = ServerConfig.load(
                List.of("--node", "n1", "--client-bind", "0.0.0.0:7400", "--insecure", "--peer-token", TOKEN),
                NO_ENVIRONMENT);
        assertThat(config.get(Keys.CLIENT_BIND).host()).isEqualTo("0.0.0.0");
    }

    @Test
    @Feature("C-12")
    void beyondLoopbackTheMembersMustProveWhoTheyAre() {
        for (String bind : List.of("client-bind", "peer-bind", "http-bind")) {
            refused("peer-token", "--" + bind, "0.0.0.0:7400", "--insecure");
        }
        assertThat(ServerConfig.load(List.of("--node", "n1"), NO_ENVIRONMENT).get(Keys.PEER_TOKEN))
                .isEmpty();
        ServerConfig config = ServerConfig.load(
                List.of("--node", "n1", "--peer-bind", "0.0.0.0:7401", "--insecure"),
                Map.of("COORD_PEER_TOKEN", TOKEN));
        assertThat(config.get(Keys.PEER_TOKEN)).contains(TOKEN);
    }

    @Test
    @Feature("C-12")
    void aPeerTokenCanBeReadFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        ServerConfig config =
                ServerConfig.load(List.of("--node", "n1", "--peer-token-file", file.toString()), NO_ENVIRONMENT);
        assertThat(config.get(Keys.PEER_TOKEN)).contains(TOKEN);

        refused("peer-token-file", "--peer-token-file", file.toString(), "--peer-token", TOKEN);
        refused(
                "peer-token-file",
                "--peer-token-file",
                directory.resolve("none").toString());
        Files.writeString(file, "\n");
        refused("peer-token-file", "--peer-token-file", file.toString());
    }

    @Test
    @Feature("C-12")
    void aRefusedPeerTokenIsNeverPrinted() {
        String weak = "hunter2";
        assertThatThrownBy(() -> ServerConfig.load(List.of("--node", "n1", "--peer-token", weak), NO_ENVIRONMENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("peer-token")
                .hasMessageContaining("openssl rand")
                .hasMessageNotContaining(weak);
        refused("peer-token", "--peer-token", "with blanks with blanks");
    }

    @Test
    void everyKeyHasAMeaningAndAUsableDefault() {
        for (Key<?> key : Keys.all()) {
            assertThat(key.doc()).as(key.name()).isNotBlank().doesNotContain("|");
            assertThat(key.name()).matches("[a-z-]+");
        }
        assertThat(Keys.all().stream().map(Key::name)).doesNotHaveDuplicates();
    }

    private static void refused(String key, String... args) {
        List<String> all = new java.util.ArrayList<>(List.of(args));
        if (!all.contains("--node")) {
            all.addAll(List.of("--node", "n1"));
        }
        assertThatThrownBy(() -> ServerConfig.load(all, NO_ENVIRONMENT))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
    }
}
