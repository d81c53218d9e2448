package io.coordinator.server.propose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {
    private final Gathering gathering = new Gathering();

    @Test
    void aSingleCallerNeverWaits() {
        assertThat(gathering.waitNanos(1, 1_000)).isZero();
        gathering.applied(1, 1_000_000, 1_000);
        assertThat(gathering.waitNanos(1, 1_000)).isZero();
    }

    @Test
    void afterALargeEntryTheNextWaitsForHalfAsManyCommands() {
        gathering.applied(64, 1_000_000, 1_000);
        assertThat(gathering.waitNanos(31, 1_000)).isEqualTo(250_000);
        assertThat(gathering.waitNanos(31, 101_000)).isEqualTo(150_000);
        assertThat(gathering.waitNanos(32, 1_000)).isZero();
    }

    @Test
    void theWaitEndsAndIsBoundedHoweverSlowTheDiskIs() {
        gathering.applied(64, 1_000_000_000, 0);
        assertThat(gathering.waitNanos(1, 0)).isEqualTo(500_000);
        assertThat(gathering.waitNanos(1, 500_000)).isZero();
    }
}
