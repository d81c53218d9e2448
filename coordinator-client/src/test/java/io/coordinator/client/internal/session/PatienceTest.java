package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@Feature("C-13")
class PatienceTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Patience patience = new Patience();

    @Test
    void withoutExperienceItIsTheLeast() {
        assertThat(patience.nanos(250, 1_000)).isEqualTo(250);
    }

    @Test
    void itGrowsWithWhatAnswersTakeAndShrinksAgain() {
        answers(20, 1 * MILLI);
        assertThat(patience.nanos(250 * MILLI, 3_333 * MILLI)).isEqualTo(250 * MILLI);
        answers(1, 2_000 * MILLI);
        assertThat(patience.nanos(250 * MILLI, 60_000 * MILLI)).isGreaterThan(4_000 * MILLI);
        answers(100, 1 * MILLI);
        assertThat(patience.nanos(250 * MILLI, 60_000 * MILLI)).isEqualTo(250 * MILLI);
    }

    @Test
    void itStaysWithinItsBounds() {
        answers(5, 2_000 * MILLI);
        assertThat(patience.nanos(250 * MILLI, 3_333 * MILLI)).isEqualTo(3_333 * MILLI);
        assertThat(patience.nanos(250 * MILLI, 100 * MILLI)).isEqualTo(250 * MILLI);
    }

    private void answers(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            patience.answered(nanos);
        }
    }
}
