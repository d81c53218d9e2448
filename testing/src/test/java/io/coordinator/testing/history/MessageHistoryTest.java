package io.coordinator.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.history.MessageHistory.Delivered;
import io.coordinator.testing.history.MessageHistory.Seen;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check of topics notices each thing that must not be. */
@Feature({"B-25", "S-70"})
class MessageHistoryTest {
    private static final Seen FIRST = new Seen(1, "k", "a");
    private static final Seen SECOND = new Seen(2, "k", "b");
    private static final List<Seen> TOPIC = List.of(FIRST, SECOND);

    private final MessageHistory history = new MessageHistory();

    private void handled(Seen message, long token) {
        Delivered delivery = history.delivered(message, token, 1);
        delivery.acknowledging();
        delivery.acknowledged();
    }

    private void allIsWell() {
        for (Seen message : TOPIC) {
            history.published(message.id());
            history.read("reader", message);
            handled(message, message.offset());
        }
    }

    private void assertProblem(List<Seen> topic, String problem) {
        assertThat(history.problems(topic)).anySatisfy(told -> assertThat(told).contains(problem));
    }

    @Test
    void allIsWellWhenEverybodySawEverythingOnceAndInOrder() {
        allIsWell();
        assertThat(history.problems(TOPIC)).isEmpty();
    }

    @Test
    void anUnsettledDeliveryMayComeAgain() {
        history.delivered(FIRST, 1, 1);
        handled(FIRST, 2);
        handled(SECOND, 3);
        assertThat(history.problems(TOPIC)).isEmpty();
    }

    @Test
    void aLostMessageIsNoticed() {
        allIsWell();
        history.published("c");
        assertProblem(TOPIC, "published and not in the topic (1): c");
    }

    @Test
    void aMessageThatIsThereTwiceIsNoticed() {
        allIsWell();
        assertProblem(List.of(FIRST, SECOND, new Seen(3, "k", "a")), "twice in the topic (1)");
    }

    @Test
    void aGapInTheTopicIsNoticed() {
        assertProblem(List.of(FIRST, new Seen(3, "k", "c")), "offset 3 follows 1");
    }

    @Test
    void aReaderThatHearsTwiceOrLeavesOutIsNoticed() {
        allIsWell();
        history.read("reader", SECOND);
        assertProblem(TOPIC, "reader heard out of order (1)");
        history.read("another", FIRST);
        assertProblem(TOPIC, "another heard 1 messages of 2");
    }

    @Test
    void aReaderAheadOfTheLogIsNoticed() {
        allIsWell();
        history.read("reader", new Seen(3, "k", "never committed"));
        assertProblem(TOPIC, "reader was ahead of the log (1)");
    }

    @Test
    void aMemberAheadOfTheLogIsNoticed() {
        allIsWell();
        handled(new Seen(3, "k", "never committed"), 9);
        assertProblem(TOPIC, "the group was ahead of the log (1)");
    }

    @Test
    void aMessageThatNobodyAcknowledgedIsNoticed() {
        handled(FIRST, 1);
        history.delivered(SECOND, 2, 1);
        assertProblem(TOPIC, "never acknowledged (1)");
    }

    @Test
    void aDeliveryAfterTheAcknowledgementIsNoticed() {
        allIsWell();
        history.delivered(FIRST, 7, 2);
        assertProblem(TOPIC, "delivered after its acknowledgement (1): offset 1");
    }

    @Test
    void aKeyOutOfOrderIsNoticed() {
        Delivered first = history.delivered(FIRST, 1, 1);
        handled(SECOND, 2);
        first.acknowledging();
        first.acknowledged();
        assertProblem(TOPIC, "before an earlier one of its key was settled (1): offset 2");
    }

    @Test
    void tokensThatGoBackAreNoticed() {
        history.delivered(FIRST, 5, 1);
        history.delivered(FIRST, 4, 2);
        assertProblem(TOPIC, "tokens do not grow (1)");
    }
}
