package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Feature("PM-CLI-5")
class FailuresTest {
    @ParameterizedTest
    @CsvSource({
        "EDISCONNECTED,5",
        "ENOLEADER,5",
        "ETIMEOUT,4",
        "ELOCKTIMEOUT,4",
        "ELOCKHELD,4",
        "EAUTH,6",
        "EACCES,6",
        "EINVAL,2",
        "EKEYNOTFOUND,3",
        "ECONFLICT,3",
        "ETOOLARGE,1",
        "EFENCED,1",
        "ESESSION,1",
        "EBROKER,1"
    })
    void eachCodeHasItsNumber(ErrorCode code, int exitCode) {
        assertThat(Failures.exitCode(code)).isEqualTo(exitCode);
    }

    @Test
    void messageOfTheClientIsKept() {
        CliException told =
                Failures.explain(new DisconnectedException("no node answered; check --endpoints", false, null));
        assertThat(told.getMessage()).isEqualTo("EDISCONNECTED: no node answered; check --endpoints");
        assertThat(told.exitCode()).isEqualTo(ExitCode.NO_QUORUM);
    }

    @Test
    void unknownOutcomeIsSaid() {
        assertThat(Failures.explain(new RequestTimeoutException("no answer", true, null)))
                .hasMessageContaining("may or may not have been applied");
    }

    @Test
    void unexpectedFailureKeepsItsName() {
        CliException told = Failures.explain(new IllegalStateException("broken"));
        assertThat(told).hasMessageContaining("IllegalStateException: broken").hasMessageContaining("--verbose");
        assertThat(told.exitCode()).isEqualTo(ExitCode.ERROR);
    }
}
