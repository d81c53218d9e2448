package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.error.ValidationException;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigTest {
    @Test
    @Feature("PM-CONN-4")
    void environmentSetsWhatTheCodeDoesNot() {
        ClientConfig config = ClientConfig.builder()
                .environment(Map.of("COORD_ENDPOINTS", "a:1, b:2", "COORD_NAMESPACE", "ns", "COORD_CLUSTER", "c"))
                .namespace("mine")
                .build();

        assertThat(config.endpoints()).containsExactly("a:1", "b:2");
        assertThat(config.namespace()).isEqualTo("mine");
        assertThat(config.cluster()).isEqualTo("c");
        assertThat(config.authToken()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "COORD_ENDPOINT, COORD_ENDPOINTS",
        "COORD_END_POINTS, COORD_ENDPOINTS",
        "COORD_ENDPOITNS, COORD_ENDPOINTS",
        "coord_endpoints, COORD_ENDPOINTS",
        "COORD_CLUSTERS, COORD_CLUSTER",
        "COORD_NAMESPASE, COORD_NAMESPACE",
        "COORD_CLIENTNAME, COORD_CLIENT_NAME",
        "COORD_AUTH_TOKN, COORD_AUTH_TOKEN"
    })
    @Feature("C-53")
    void aMisspeltVariableIsRefusedAndNotPrinted(String variable, String meant) {
        assertThatThrownBy(() -> ClientConfig.builder().environment(Map.of(variable, "hunter2")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(variable)
                .hasMessageContaining("did you mean " + meant)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    @Feature("C-53")
    void variablesOfOtherProgramsAreNoMistakes() {
        ClientConfig config = ClientConfig.builder()
                .environment(
                        Map.of("COORD_ENDPOINTS", "a:1", "COORD_PEER_TOKEN", "x", "COORD_NODE", "y", "ENDPOINT", "z"))
                .build();

        assertThat(config.endpoints()).containsExactly("a:1");
    }

    @Test
    void keepAliveIsAThirdOfTheLease() {
        ClientConfig config = ClientConfig.builder()
                .endpoints("a:1")
                .sessionLease(Duration.ofSeconds(6))
                .build();

        assertThat(config.keepAliveInterval()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":1", "host:x", "host:65536", "a:1,b"})
    @Feature({"DJ-MGR-4", "JC-FAC-3"})
    void badEndpointsAreRefusedByName(String endpoints) {
        assertThatThrownBy(() -> ClientConfig.builder().endpoints(endpoints).build())
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("endpoints");
    }

    @ParameterizedTest(name = "{index}") // Reports cannot show all of these.
    @CsvSource({
        "http://a:1, scheme",
        "coordinator://a:1, scheme",
        "a:1/path, port",
        "a:1?x=y, port",
        "a/b:1, character",
        "user@a:1, character",
        "a b:1, character",
        "'a\tb:1', character",
        "'a\u00A0b:1', character",
        "'a\u200Bb:1', character",
        "'a\uD83D:1', character",
        "'\uDE00a:1', character",
        "'a\0:1', character",
        "a:0, port",
        "a:00000, port",
        "a:-1, port",
        "a:+1, port",
        "a: 1, port",
        "a:65536, port",
        "a:99999999999, port",
        "'a:\u0661', port",
        "a..b:1, empty part",
        ".a:1, empty part",
        "1.2.3.256:1, IPv4",
        "::1:2379, brackets",
        "[::1], port",
        "[::1]:, port",
        "[::1]:0, port",
        "[]:1, IPv6",
        "[a]:1, IPv6",
        "[1.2.3.4]:1, IPv6",
        "[::1:1, IPv6",
        "[::12345]:1, IPv6",
        "a:1:2, brackets"
    })
    @Feature({"U-14", "DJ-MGR-4", "C-40"})
    void endpointsNobodyCouldConnectToAreRefusedWithTheFormWanted(String endpoint, String fault) {
        ClientConfig.Builder config = ClientConfig.builder().endpoints(List.of("good:1", endpoint));
        assertThatThrownBy(config::build)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("'" + endpoint + "'")
                .hasMessageContaining("host:port")
                .hasMessageContaining("[::1]:2379")
                .hasMessageMatching("(?s).*': .*" + fault + ".*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:1",
                "node-1.coordinator_net.svc.cluster.local.:65535",
                "m\u00FCnchen.example:2379",
                "127.0.0.1:2379",
                "[::1]:2379",
                "[::]:1",
                "[::ffff:1.2.3.4]:443",
                "[fe80::1%eth0]:2379"
            })
    @Feature("U-14")
    void goodEndpointsAreTakenAsTheyAre(String endpoint) {
        assertThat(ClientConfig.builder().endpoints(endpoint).build().endpoints())
                .containsExactly(endpoint);
    }

    @Test
    @Feature("U-14")
    void aVeryLongEndpointIsRefusedWithoutRepeatingAllOfIt() {
        assertThatThrownBy(() -> ClientConfig.builder()
                        .endpoints("a".repeat(100_000) + ":1")
                        .build())
                .isInstanceOf(ValidationException.class)
                .hasMessageMatching(".{1,500}");
    }

    @Test
    void badSettingsAreRefusedByName() {
        assertRefused("sessionLease", config().sessionLease(Duration.ofSeconds(1)));
        assertRefused(
                "keepAliveInterval",
                config().sessionLease(Duration.ofSeconds(3)).keepAliveInterval(Duration.ofSeconds(3)));
        assertRefused("requestTimeout", config().requestTimeout(Duration.ZERO));
        assertRefused("backoffMax", config().connectionBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertRefused("namespace", config().namespace(""));
        assertRefused("pendingCallsMax", config().pendingCallsMax(0));
    }

    private static ClientConfig.Builder config() {
        return ClientConfig.builder().endpoints("a:1");
    }

    private static void assertRefused(String setting, ClientConfig.Builder config) {
        assertThatThrownBy(config::build)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(setting);
    }
}
