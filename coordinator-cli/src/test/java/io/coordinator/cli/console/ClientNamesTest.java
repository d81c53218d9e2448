package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Feature("U-08")
class ClientNamesTest {
    @ParameterizedTest
    @CsvSource({
        "ann@host-7:4711, host-7",
        "ann@host-7.example.org:4711/cli, host-7.example.org",
        "reports ann@host-7:4711, host-7",
        "team/reports ann@host-7:4711 blue, host-7",
        "cli, ''",
        "ann@host-7, ''",
        "mail to ann@example.org, ''",
        "'', ''"
    })
    void aNameTellsTheHostIfItIsOfTheUsualKind(String name, String host) {
        assertThat(ClientNames.host(name)).isEqualTo(host);
    }
}
