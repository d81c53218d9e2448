package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElapsedTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0ms",
        "0, 0ms",
        "999, 999ms",
        "1000, 1.0s",
        "59999, 59.9s",
        "60000, 1m00s",
        "200000, 3m20s",
        "3600000, 1h00m",
        "18420000, 5h07m",
        "86400000, 1d00h",
        "183600000, 2d03h"
    })
    void timesAreOneOrTwoUnits(long millis, String text) {
        assertThat(Elapsed.text(millis)).isEqualTo(text);
    }
}
