package io.coordinator.state.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has been sent and is kept until the other side says that it has it. */
@Feature({"G-5", "G-6"})
class UnacknowledgedTest {
    private static final int SIZE = 10;

    private final List<String> forgotten = new ArrayList<>();

    /** Numbers from {@code first} to {@code last}, each message the text of its number. */
    private static Unacknowledged<String> messages(long first, long last) {
        Unacknowledged<String> messages = new Unacknowledged<>(first - 1);
        for (long number = first; number <= last; number++) {
            messages.append(Long.toString(number), 1L << number % 60, SIZE);
        }
        return messages;
    }

    private boolean acknowledge(Unacknowledged<String> messages, long number) {
        forgotten.clear();
        return messages.acknowledge(number, forgotten::add);
    }

    private static void holds(Unacknowledged<String> messages, long first, long last) {
        List<String> expected = new ArrayList<>();
        long digest = 0;
        for (long number = first; number <= last; number++) {
            String text = Long.toString(number);
            assertThat(messages.get(number)).isEqualTo(text);
            expected.add(text);
            digest += 1L << number % 60;
        }
        assertThat(messages.after(0)).isEqualTo(expected);
        assertThat(messages.get(first - 1)).isNull();
        assertThat(messages.get(last + 1)).isNull();
        assertThat(messages.acknowledged()).isEqualTo(first - 1);
        assertThat(messages.last()).isEqualTo(last);
        assertThat(messages.size()).isEqualTo(expected.size());
        assertThat(messages.bytes()).isEqualTo((long) SIZE * expected.size());
        assertThat(messages.digest()).isEqualTo(digest);
    }

    @Test
    void numbersGoOnBehindThoseThatWereAcknowledgedBefore() {
        holds(new Unacknowledged<>(41), 42, 41);
        holds(messages(42, 45), 42, 45);
    }

    /** Rings double: at their edges, and with a first message anywhere in them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 16, 17, 1_000, 1_024, 1_025, 3_000})
    void keepsAllInTheirPlacesHoweverManyTheyAre(int count) {
        for (long first : new long[] {1, 2, 8, 1_023}) {
            holds(messages(first, first + count - 1), first, first + count - 1);
        }
    }

    @Test
    void forgetsWhatIsAcknowledgedInItsOrder() {
        Unacknowledged<String> messages = messages(1, 20);
        assertThat(acknowledge(messages, 3)).isTrue();
        assertThat(forgotten).containsExactly("1", "2", "3");
        holds(messages, 4, 20);

        messages.append("21", 1L << 21, SIZE);
        assertThat(acknowledge(messages, 20)).isTrue();
        holds(messages, 21, 21);
    }

    @Test
    void forgetsNothingTwiceAndNothingThatIsYetToCome() {
        Unacknowledged<String> messages = messages(1, 5);
        assertThat(acknowledge(messages, 0)).isFalse();
        assertThat(acknowledge(messages, 2)).isTrue();
        assertThat(acknowledge(messages, 2)).isFalse();
        assertThat(acknowledge(messages, 1)).isFalse();
        assertThat(forgotten).isEmpty();
        assertThat(acknowledge(messages, Long.MAX_VALUE)).isTrue();
        assertThat(forgotten).containsExactly("3", "4", "5");
        holds(messages, 6, 5);
        messages.append("6", 1L << 6, SIZE);
        holds(messages, 6, 6);
    }

    @Test
    void theLastOneIsTakenBackAsIfItHadNotBeen() {
        Unacknowledged<String> messages = messages(1, 9);
        messages.removeLast();
        holds(messages, 1, 8);
        messages.append("9", 1L << 9, SIZE);
        holds(messages, 1, 9);
    }

    @Test
    void thoseBehindANumberAreToldInTheirOrder() {
        Unacknowledged<String> messages = messages(1, 6);
        acknowledge(messages, 2);
        assertThat(messages.after(2)).containsExactly("3", "4", "5", "6");
        assertThat(messages.after(4)).containsExactly("5", "6");
        assertThat(messages.after(6)).isEmpty();
        assertThat(messages.after(99)).isEmpty();
    }

    @Test
    void goesOnAfterALargeRingHasBeenEmptied() {
        Unacknowledged<String> messages = messages(1, 5_000);
        acknowledge(messages, 4_999);
        holds(messages, 5_000, 5_000);
        acknowledge(messages, 5_000);
        for (long number = 5_001; number <= 5_100; number++) {
            messages.append(Long.toString(number), 1L << number % 60, SIZE);
        }
        holds(messages, 5_001, 5_100);
    }
}
