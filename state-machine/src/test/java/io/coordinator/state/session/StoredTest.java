package io.coordinator.state.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rows of replies and events a snapshot deletes and writes. */
@Feature({"G-5", "G-12"})
class StoredTest {
    private static Unacknowledged<Long> messages(long acknowledged, long last) {
        Unacknowledged<Long> messages = new Unacknowledged<>(acknowledged);
        LongStream.rangeClosed(acknowledged + 1, last).forEach(number -> messages.append(number, number, 1));
        return messages;
    }

    private static List<Long> numbers(long after, long to) {
        return LongStream.rangeClosed(after + 1, to).boxed().toList();
    }

    /** Rows {@code after + 1 … last} are stored; what goes or comes is told by the number before it and its last. */
    @ParameterizedTest
    @CsvSource({
        // after, last | acknowledged, last now | deleted | written
        "0, 0,  0, 0,  0, 0,  0, 0",
        "0, 0,  0, 3,  0, 0,  0, 3",
        "0, 3,  0, 3,  0, 0,  3, 3",
        "0, 3,  2, 5,  0, 2,  3, 5",
        "0, 3,  3, 5,  0, 3,  3, 5",
        "0, 3,  4, 6,  0, 3,  4, 6",
        "2, 5,  5, 5,  2, 5,  5, 5",
        "2, 5,  9, 9,  2, 5,  9, 9",
    })
    void whatWasAcknowledgedGoesAndWhatIsNewComes(
            long after, long last, long acked, long lastNow, long deletedAfter, long deletedTo, long from, long to) {
        Stored.Change<Long> change = new Stored(after, last).next(messages(acked, lastNow), false);
        assertThat(numbers(change.deletedAfter(), change.deletedTo())).isEqualTo(numbers(deletedAfter, deletedTo));
        assertThat(change.writtenAfter()).isEqualTo(from);
        assertThat(change.written()).isEqualTo(numbers(from, to));
        assertThat(change.size()).isEqualTo((deletedTo - deletedAfter) + (to - from));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 2", "0, 3, 1, 5", "2, 5, 9, 9"})
    void allThatWasStoredGoesWithTheSession(long after, long last, long acked, long lastNow) {
        Stored.Change<Long> change = new Stored(after, last).next(messages(acked, lastNow), true);
        assertThat(numbers(change.deletedAfter(), change.deletedTo())).isEqualTo(numbers(after, last));
        assertThat(change.written()).isEmpty();
        assertThat(change.size()).isEqualTo(last - after);
    }
}
