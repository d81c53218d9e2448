package io.coordinator.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {
    private static final int NUMBERS = 200_000;

    @ParameterizedTest
    @CsvSource({
        "1,1.00,true",
        "1,10e-1,true",
        "1,0.1E1,true",
        "0,-0,true",
        "0,0.000e7,true",
        "-0.0,0e5,true",
        "90,9e1,true",
        "0.9,9e-1,true",
        "1e12,1000000000000,true",
        "1e0000000000000000000012,1e12,true",
        "1e-12,0.000000000001,true",
        "100,1e2,true",
        "100,1e+02,true",
        "0.001,1e-3,true",
        "12.50,125e-1,true",
        "1e99999999999,10e99999999998,true",
        "-1.5,-15e-1,true",
        "1,-1,false",
        "1,0,false",
        "0,1,false",
        "1,10,false",
        "1,1.0000001,false",
        "12,21,false",
        "0,-1,false",
        "9,0,false",
        "19,9,false",
        "91,1,false",
        "1e12,1e2,false",
        "1e99999999999999999,1e99999999999999998,false",
        "1.5,15,false",
        "0.1,0.01,false",
        "1e5,1e-5,false",
        "1e999999999999999999999,1e999999999999999999998,false"
    })
    @Feature("G-9")
    void numbersAreComparedByWhatTheyMean(String one, String other, boolean same) {
        assertThat(Decimals.same(ascii(one), ascii(other))).isEqualTo(same);
        assertThat(Decimals.same(ascii(other), ascii(one))).isEqualTo(same);
    }

    @Test
    @Tag("slow")
    @Feature("G-9")
    void agreesWithBigDecimal() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("DecimalsTest runs with -Dseed=" + seed);
        Random random = new Random(seed);
        int equal = 0;
        for (int i = 0; i < NUMBERS; i++) {
            String one = number(random);
            String other = number(random);
            boolean same = new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
            assertThat(Decimals.same(ascii(one), ascii(other)))
                    .as("%s and %s", one, other)
                    .isEqualTo(same);
            equal += same ? 1 : 0;
        }
        assertThat(equal).as("pairs that were equal").isGreaterThan(NUMBERS / 100);
    }

    /** Of few digits, so that many are equal. */
    private static String number(Random random) {
        StringBuilder text = new StringBuilder(random.nextInt(5) == 0 ? "-" : "");
        text.append(random.nextInt(3) == 0 ? "0" : random.nextBoolean() ? "1" : "10" + "0".repeat(random.nextInt(3)));
        if (random.nextBoolean()) {
            text.append('.').append("0".repeat(random.nextInt(3))).append(random.nextInt(2));
        }
        if (random.nextBoolean()) {
            text.append(random.nextBoolean() ? 'e' : 'E');
            text.append(new String[] {"", "+", "-"}[random.nextInt(3)]).append(random.nextInt(4));
        }
        return text.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
