package io.coordinator.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NumberedTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 99_999, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void givesBackTheNumberThatAMessageCarries(long number) {
        assertThat(Numbered.of(Numbered.with(message(Numbered.SHORTEST), number)))
                .isEqualTo(number);
        assertThat(Numbered.of(Numbered.with(message(100), number))).isEqualTo(number);
    }

    @Test
    void leavesTheMessageAJsonStringOfTheSameLength() {
        byte[] original = message(20);

        assertThat(text(Numbered.with(original, 255))).isEqualTo("\"00000000000000ffxx\"");
        assertThat(text(original)).as("the original").isEqualTo("\"xxxxxxxxxxxxxxxxxx\"");
    }

    @Test
    void refusesWhatCarriesNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Numbered.of(message(17)));
        assertThatIllegalArgumentException().isThrownBy(() -> Numbered.of(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> Numbered.of(message(100)));
    }

    private static byte[] message(int length) {
        return ("\"" + "x".repeat(length - 2) + "\"").getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.US_ASCII);
    }
}
