package io.coordinator.server.propose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightWindowTest {
    private final InFlightWindow window = new InFlightWindow(4);

    @Test
    void theFirstEntryGoesAtOnceHoweverSmall() {
        assertThat(window.admits(0, 0, 0)).isTrue();
        assertThat(window.admits(0, 0, 1)).isTrue();
    }

    @Test
    void furtherEntriesMustBringAsMuchAsIsInFlight() {
        assertThat(window.admits(1, 400, 399)).isFalse();
        assertThat(window.admits(1, 400, 400)).isTrue();
        assertThat(window.admits(1, 1, 1)).isTrue();
    }

    @Test
    void theWindowIsNeverExceeded() {
        assertThat(window.admits(4, 4, 1_000_000)).isFalse();
    }
}
