package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Query;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Queries wait for commands that come, in a queue whose cost is that of what it hands out. */
@Feature("C-08")
class ReadQueueTest {
    private static final int WAITING = 65_536;
    private static final long APPLIED = 1_000_000;
    /** Far longer than it takes; a look at all that wait, each time, takes minutes. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ReadQueue queue = new ReadQueue();

    @Test
    void whatWaitsGoesOnInTheOrderOfItsCommandsThenOfItsArrival() {
        queue.applied(1);
        assertThat(ids(queue.admit(List.of(query(1, 3), query(2, 2), query(3, 0), query(4, 2)))))
                .containsExactly(3L);
        assertThat(queue.takeReady()).isEmpty();
        queue.applied(2);
        assertThat(ids(queue.takeReady())).containsExactly(2L, 4L);
        queue.applied(7);
        assertThat(ids(queue.takeReady())).containsExactly(1L);
        assertThat(ids(queue.admit(List.of(query(5, 7))))).containsExactly(5L);
    }

    @Test
    @Feature("G-2")
    void aQueryWaitsForTheVeryCommandThatItNames() {
        queue.applied(1);
        assertThat(queue.admit(List.of(query(1, 2)))).isEmpty();
        queue.applied(2);
        assertThat(ids(queue.takeReady())).containsExactly(1L);
    }

    @Test
    void aQueryForACommandThatHasNotComeIsRefused() {
        assertThat(ReadQueue.refuse(query(1, 0), 0)).isEmpty();
        assertThat(ReadQueue.refuse(query(1, 7), 7)).isEmpty();
        for (long afterSeq : List.of(8L, 1L << 60, -1L)) {
            assertThat(ReadQueue.refuse(query(1, afterSeq), 7).orElseThrow().getCode())
                    .isEqualTo(ErrorCode.EINVAL);
        }
    }

    @Test
    void thoseThatWaitOnAreNotLookedAt() {
        queue.admit(queries(WAITING, APPLIED));
        assertTimeoutPreemptively(SOON, () -> {
            for (long seq = 1; seq < APPLIED; seq++) {
                queue.applied(seq);
                if (!queue.takeReady().isEmpty()) {
                    throw new AssertionError("went on after " + seq);
                }
            }
        });
        queue.applied(APPLIED);
        assertThat(queue.takeReady()).hasSize(WAITING);
        assertThat(queue.takeReady()).isEmpty();
    }

    private static List<Query> queries(int count, long afterSeq) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(id -> query(id, afterSeq))
                .toList();
    }

    private static Query query(long id, long afterSeq) {
        return Query.newBuilder().setId(id).setAfterSeq(afterSeq).build();
    }

    private static List<Long> ids(List<Query> queries) {
        List<Long> ids = new ArrayList<>();
        queries.forEach(query -> ids.add(query.getId()));
        return ids;
    }
}
