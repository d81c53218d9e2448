package io.coordinator.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.testing.feature.Feature;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

@Feature("U-07")
class DatesTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-30T10:00:00Z, 2026-11-30T10:00:00Z",
        "2026-11-30T11:00:00+01:00, 2026-11-30T10:00:00Z",
        "2026-11-30T10:00Z, 2026-11-30T10:00:00Z"
    })
    void aDateHasItsOffset(String text, Instant date) {
        assertThat(new Dates().convert(text)).isEqualTo(date);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2026-11-30", "2026-11-30T10:00:00", "2026-13-01T00:00:00Z", "1"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> new Dates().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "' is no date; write for example 2026-11-30T10:00:00Z");
    }

    @Test
    void peopleReadSeconds() {
        assertThat(Dates.text(Instant.parse("2026-11-30T10:00:00.123Z"))).isEqualTo("2026-11-30T10:00:00Z");
    }
}
