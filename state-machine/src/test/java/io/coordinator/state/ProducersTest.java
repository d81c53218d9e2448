package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a producer publishes twice is kept once, within bounds. */
@Feature({"PM-N-2", "PM-N-3"})
class ProducersTest extends TopicScript {
    private static final int WINDOW = 1_024;

    private long produce(long sequence) {
        return offsets(produce("a", "t", "p", sequence, "1")).get(0);
    }

    @Test
    void aNumberIsPublishedOnceWhateverTheSession() {
        assertThat(produce(1)).isEqualTo(1);
        assertThat(produce(1)).isZero();
        session("a").close();
        assertThat(offsets(produce("b", "t", "p", 1, "1", "2"))).containsExactly(0L, 2L);
        assertThat(offsets(produce("b", "t", "q", 1, "1"))).containsExactly(3L);
        assertThat(inspectTopic("t").getSummary().getDuplicates()).isEqualTo(2);
        assertThat(inspectTopic("t").getSummary().getProducers()).isEqualTo(2);
        assertThat(produce("b", "t", "p", 2, "2").made()).isEmpty();
    }

    @Test
    void aNumberThatWasLeftOutMayStillCome() {
        produce(10);
        assertThat(produce(5)).isEqualTo(2);
        assertThat(produce(5)).isZero();
        assertThat(offsets(produce("a", "t", "p", 4, "4", "5", "6"))).containsExactly(3L, 0L, 4L);
    }

    @Test
    void ofANumberTooFarBackNobodyCanTell() {
        produce(5);
        produce(WINDOW + 5);
        produce("a", "t", "p", 5, "1").refused(ErrorCode.ECONFLICT);
        assertThat(produce(6)).isEqualTo(3);
        produce("a", "t", "p", 4, "1", "2", "3").refused(ErrorCode.ECONFLICT).changes();
        produce(WINDOW + 6);
        produce("a", "t", "p", 6, "1").refused(ErrorCode.ECONFLICT);
        assertThat(produce(7)).isEqualTo(5);
        assertThat(produce(100_000_000_000L)).isEqualTo(6);
        assertThat(produce(100_000_000_000L - 1)).isEqualTo(7);
        produce("a", "t", "p", WINDOW + 6, "1").refused(ErrorCode.ECONFLICT);
    }

    @Test
    void numbersEndBeforeALongDoes() {
        produce("a", "t", "p", 0, "1").refused(ErrorCode.EINVAL);
        produce("a", "t", "p", -1, "1").refused(ErrorCode.EINVAL);
        produce("a", "t", "p", Long.MAX_VALUE, "1").refused(ErrorCode.EINVAL);
        produce("a", "t", "", 1, "1").refused(ErrorCode.EINVAL);
        assertThat(produce(Long.MAX_VALUE - 1)).isEqualTo(1);
        assertThat(produce(Long.MAX_VALUE - 1)).isZero();
        assertThat(produce(Long.MAX_VALUE - 2)).isEqualTo(2);
        for (long sequence : new long[] {0, -1, Long.MAX_VALUE}) {
            session("a")
                    .force(publishCommand("t", "1")
                            .setTopic(publishCommand("t", "1")
                                    .getTopicBuilder()
                                    .setPublish(
                                            messages("", "1").setProducer("p").setSequence(sequence))))
                    .refused(ErrorCode.EINVAL);
        }
    }

    @Test
    void aProducerIsForgottenAfterAWhile() {
        at(1_000);
        configure("a", "t", TopicSettings.newBuilder().setDedupMillis(500));
        produce(1);
        at(1_400);
        assertThat(produce(1)).isZero();
        at(1_899);
        assertThat(produce(1)).isZero();
        at(2_398).tick();
        assertThat(inspectTopic("t").getSummary().getProducers()).isEqualTo(1);
        at(2_399).tick();
        assertThat(inspectTopic("t").getSummary().getProducers()).isZero();
        assertThat(produce(1)).isEqualTo(2);
        configure("a", "t", TopicSettings.newBuilder());
        at(3_000);
        produce(2);
        at(602_999);
        assertThat(produce(2)).isZero();
    }

    @Test
    void producersOfATopicThatIsGoneAreGone() {
        produce(1);
        deleteTopic("a", "t");
        assertThat(produce(1)).isEqualTo(1);
        drain();
        assertThat(inspectTopic("t").getSummary().getProducers()).isEqualTo(1);
        assertThat(produce(1)).isZero();
    }

    @Test
    void anyOrderIsKnownAsASetOfNumbersKnowsIt() {
        Random random = Seeds.random("ProducersTest");
        configure("a", "t", TopicSettings.newBuilder().setMessagesMax(10));
        Set<Long> published = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 400; i++) {
            int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 1_000 : 4);
            long first = Math.max(1, last + random.nextInt(random.nextInt(10) == 0 ? 3_000 : 60) - 30);
            Outcome outcome = produce("a", "t", "p", first, "1".repeat(count).split(""));
            if (first <= last - WINDOW) {
                outcome.refused(ErrorCode.ECONFLICT);
                continue;
            }
            List<Boolean> fresh = new ArrayList<>();
            for (long number = first; number < first + count; number++) {
                fresh.add(published.add(number));
            }
            assertThat(offsets(outcome)).extracting(offset -> offset != 0).isEqualTo(fresh);
            last = Math.max(last, first + count - 1);
        }
    }
}
