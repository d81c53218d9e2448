package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    private final DurationConverter converter = new DurationConverter();

    @ParameterizedTest
    @CsvSource({"250ms,250", "10s,10000", "1.5m,90000", "2h,7200000", "7d,604800000", "0s,0", "0.4ms,1", "1.1s,1100"})
    void numberAndUnit(String text, long millis) {
        assertThat(converter.convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    @Feature("C-23")
    void whatIsHugeIsTheLongest() {
        assertThat(converter.convert("999999999999d")).isEqualTo(Duration.ofMillis(Long.MAX_VALUE));
    }

    @Test
    void zeroNeedsNoUnit() {
        assertThat(converter.convert("0")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "10 s", "10S", "1e3s", "PT10S", "99999999999999s"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("10s");
    }
}
