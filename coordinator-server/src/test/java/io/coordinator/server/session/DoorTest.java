package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoorTest {
    private static final long HEARTBEAT_MILLIS = 300;
    private static final long NO_LEADER = -1;

    @ParameterizedTest(name = "waited {0} ms, new: {1}, leader silent for {2} ms: stays {3}")
    @CsvSource({
        // Heard of before the client came: the leader may be the one that it saw die.
        "0, false, 1, true",
        "100, false, 200, true",
        "-20, false, 10, true",
        // Heard of since.
        "100, false, 50, false",
        "100, false, 100, false",
        // A new client has seen nobody die.
        "0, true, 200, false",
        "0, true, 400, true",
        "350, true, 320, false",
        // Nobody leads: others are asked after a while, since this node may be the one that is cut off.
        "2999, false, -1, true",
        "2999, true, -1, true",
        "3000, false, -1, false",
        "3000, true, -1, false"
    })
    @Feature("C-14")
    void aClientStaysUntilThereIsNewsOfALeader(long waited, boolean isNew, long silence, boolean stays) {
        long silenceNanos = silence == NO_LEADER ? Long.MAX_VALUE : nanos(silence);
        assertThat(Door.mayLackLeader(nanos(waited), isNew, silenceNanos, nanos(HEARTBEAT_MILLIS)))
                .isEqualTo(stays);
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
