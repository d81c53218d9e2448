package io.coordinator.cli.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockMode;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

@Feature("U-19")
class LineTest {
    private static LockInspection lock(int holders, int listed, int waiting) {
        return new LockInspection(
                LongStream.rangeClosed(1, holders)
                        .mapToObj(id -> new LockInspection.Hold(
                                id, "h" + id, id, LockMode.SHARED, "", 1, List.of("a"), 0, 5_000, 0, null))
                        .toList(),
                LongStream.rangeClosed(11, 10 + listed)
                        .mapToObj(id -> new LockInspection.Waiter(
                                id, "w" + id, LockMode.EXCLUSIVE, "", List.of("a"), 0, 0, null))
                        .toList(),
                waiting,
                205_000);
    }

    @Test
    void placeAndHoldersAreSaid() {
        assertThat(Line.of(lock(1, 3, 3), 12))
                .hasToString("Optional[place 2 of 3 in line, held by h1 (session 1) for 3m20s]");
        assertThat(Line.of(lock(5, 1, 1), 11).orElseThrow().holders())
                .isEqualTo("held by h1 (session 1), h2 (session 2), h3 (session 3) and 2 more");
        assertThat(Line.of(lock(0, 1, 1), 11)).hasToString("Optional[place 1 of 1 in line, held by nobody yet]");
    }

    @Test
    void whoIsNotAmongThoseListedStandsBehindThem() {
        assertThat(Line.of(lock(1, 2, 7), 99).orElseThrow().place()).isEqualTo("behind the first 2 of 7 in line");
    }

    @Test
    void whoDoesNotWaitAnyMoreHasNoPlace() {
        assertThat(Line.of(lock(1, 2, 2), 99)).isEmpty();
    }

    @Test
    void aLineIsNewsOnlyWhenItHasMoved() {
        Line told = Line.of(lock(1, 3, 3), 12).orElseThrow();
        Line later = new Line(told.place(), told.holders(), told.heldFor().map(time -> time + "later"));
        assertThat(later.saysAsMuchAs(told)).isTrue();
        assertThat(Line.of(lock(1, 3, 3), 11).orElseThrow().saysAsMuchAs(told)).isFalse();
        assertThat(Line.of(lock(2, 3, 3), 12).orElseThrow().saysAsMuchAs(told)).isFalse();
    }
}
