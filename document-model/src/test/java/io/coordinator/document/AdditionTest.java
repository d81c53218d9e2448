package io.coordinator.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.testing.feature.Feature;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Feature({"A-18", "PM-ATOM-4"})
class AdditionTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1",
        "-0, 1, 1",
        "41, 1, 42",
        "-1, 1, 0",
        "999999999999999999, 1, 1000000000000000000",
        "9223372036854775806, 1, 9223372036854775807",
        "9223372036854775807, 1, EOVERFLOW",
        "-9223372036854775808, -1, EOVERFLOW",
        "-9223372036854775808, 1, -9223372036854775807",
        "9223372036854775808, 1, EOVERFLOW",
        "1.0, 1, 2",
        "1e3, 1, 1001",
        "10e-1, 1, 2",
        "1e400, 1, EOVERFLOW",
        "1e999999999, 1, EOVERFLOW",
        "0.5, 1, 1.5",
        "1e-7, 0, 1.0E-7",
        "0.5, 9223372036854775807, EOVERFLOW",
        "0.5, 9223372036854774784, 9.223372036854775E18",
        "-0.5, -9223372036854774784, -9.223372036854775E18",
        // In doubles it is the least long, but is written as less.
        "-0.5, -9223372036854775808, EOVERFLOW",
        "-2048.5, -9223372036854775808, EOVERFLOW",
        "9223372036854775807.5, 0, EOVERFLOW",
        "9223372036854775807.5, -9223372036854775807, 0.0",
        "-9223372036854777856.5, 0, EOVERFLOW",
        "123456789012345678901234567890.5, 1, EOVERFLOW",
        "0e999999999, 1, 1",
        "' 7 ', 1, 8",
        "007, 1, ENOTNUMBER",
        "-, 1, ENOTNUMBER",
        "+1, 1, ENOTNUMBER",
        "1x, 1, ENOTNUMBER",
        "null, 1, ENOTNUMBER",
        "'\"1\"', 1, ENOTNUMBER",
        "'', 1, ENOTNUMBER",
    })
    void addsWholeNumbers(String stored, long by, String expected) {
        assertThat(text(Addition.add(ByteString.copyFromUtf8(stored), by, Meter.UNMETERED)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2.0, 3",
        "9007199254740993, 2.0, 9007199254740995",
        "1, 0.5, 1.5",
        "0.1, 0.2, 0.30000000000000004",
        "1.5, 0.5, 2.0",
        "2.0, 1.0, 3",
        // Java before 19 writes some of these with other digits.
        "0, 2e-3, 0.002",
        "0, 2.2250738585072014E-308, 2.2250738585072014E-308",
        "0, 2e23, EOVERFLOW",
        "0.5, 2e23, 2.0E23",
        "0.5, 9.2e18, 9.2E18",
        "9223372036854775807.5, 9e18, 1.8223372036854776E19",
        "-9223372036854775807.5, -9e18, -1.8223372036854776E19",
        "1.7976931348623157E308, 1.7976931348623157E308, EOVERFLOW",
        "0.5, NaN, EOVERFLOW",
        "1, Infinity, EOVERFLOW",
        "true, 0.5, ENOTNUMBER",
    })
    void addsDecimals(String stored, double by, String expected) {
        assertThat(text(Addition.add(ByteString.copyFromUtf8(stored), by, Meter.UNMETERED)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {4_611_686_018_427_387_904L, 1, 0, -1, Long.MIN_VALUE / 2, Long.MAX_VALUE, Long.MIN_VALUE})
    void whoAddsALongCanReadTheSumAsOne(long by) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        BigDecimal end = new BigDecimal(2).pow(63);
        for (int i = 0; i < 1_000; i++) {
            String stored = random.nextLong() + "." + (1 + random.nextInt(9));
            if (Addition.add(ByteString.copyFromUtf8(stored), by, Meter.UNMETERED) instanceof Addition.Sum sum) {
                assertThat(new BigDecimal(sum.text().toStringUtf8()))
                        .as(stored + " and " + by + ", seed " + seed)
                        .isBetween(end.negate(), end.subtract(BigDecimal.ONE));
            }
        }
    }

    private static String text(Addition.Result result) {
        return result instanceof Addition.Sum sum
                ? sum.text().toStringUtf8()
                : ((Addition.Failure) result).code().name();
    }

    @ParameterizedTest
    @CsvSource({"EOVERFLOW, 1e999", "ENOTNUMBER, x"})
    void saysWhyNot(ErrorCode code, String stored) {
        assertThat(Addition.add(ByteString.copyFromUtf8(stored), 0.5, Meter.UNMETERED))
                .isEqualTo(new Addition.Failure(code));
    }

    @Test
    @Feature("C-04")
    void spaceAroundANumberIsCountedBeforeItIsRead() {
        ByteString spaced = ByteString.copyFromUtf8(" ".repeat(1 << 20) + Long.MAX_VALUE);
        Tally tally = Tally.unlimited();
        assertThat(Addition.add(spaced, 1, tally)).isEqualTo(new Addition.Failure(ErrorCode.EOVERFLOW));
        assertThat(tally.steps()).isGreaterThan(1 << 16);
        Tally usual = Tally.unlimited();
        Addition.add(ByteString.copyFromUtf8("12"), 1, usual);
        assertThat(usual.steps()).isZero();
    }
}
