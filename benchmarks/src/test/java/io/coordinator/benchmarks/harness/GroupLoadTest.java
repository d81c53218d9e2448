package io.coordinator.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GroupLoadTest {
    private static final byte[] MESSAGE = new byte[Numbered.SHORTEST];

    private final Samples samples = new Samples();
    private final GroupLoad load = new GroupLoad(10, 2, samples);

    @Test
    void countsEachMessageOnceWhoeverGetsItAgain() throws Exception {
        receive(0, 3);
        receive(0, 3);
        receive(1, 3);

        assertThat(samples.completed()).isEqualTo(1);
        assertThat(samples.failed()).isEqualTo(2);
        assertThat(samples.firstFailure()).get().asString().contains("message 3 was consumed twice");
        assertThat(load.await(Duration.ZERO)).isFalse();
    }

    @Test
    void isWarmAfterAFifthAndEndsWithTheLastMessage() throws Exception {
        receive(0, 0);
        receive(0, 0);
        assertThat(load.awaitWarm(Duration.ZERO))
                .as("a message that came twice")
                .isFalse();
        receive(1, 9);
        assertThat(load.awaitWarm(Duration.ZERO)).isTrue();
        for (int number = 1; number < 8; number++) {
            receive(number % 2, number);
        }
        assertThat(load.await(Duration.ZERO)).isFalse();
        receive(0, 8);
        assertThat(load.await(Duration.ZERO)).isTrue();
        assertThat(samples.completed()).isEqualTo(10);
    }

    @Test
    void takesWhatWasNeverPublishedForAFailure() {
        receive(0, 10);
        receive(0, -1);
        load.received(0, new byte[0]);

        assertThat(samples.completed()).isZero();
        assertThat(samples.failed()).isEqualTo(3);
    }

    @Test
    void recordsWhereItIsTold() {
        Samples next = new Samples();
        receive(0, 1);
        load.recordInto(next);
        receive(0, 2);
        receive(0, 1);

        assertThat(samples.completed()).isEqualTo(1);
        assertThat(next.completed()).isEqualTo(1);
        assertThat(next.failed()).as("seen before the change").isEqualTo(1);
    }

    private void receive(int member, long number) {
        load.received(member, Numbered.with(MESSAGE, number));
    }
}
