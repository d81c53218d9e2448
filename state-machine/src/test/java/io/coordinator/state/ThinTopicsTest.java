package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.TopicEvent;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics when one thing is done in each entry: what is gone is gone at once, and nothing is delivered twice. */
@Feature({"C-09", "B-25"})
class ThinTopicsTest extends TopicScript {
    private static final int FEW = 8;
    private static final GroupSettings.Builder PLAIN = GroupSettings.newBuilder();

    @BeforeEach
    void oneThingAtATime() {
        at(1_000);
        for (String name : List.of("a", "w", "v")) {
            session(name);
        }
        cutSlices(1);
    }

    private static String[] few() {
        String[] values = new String[FEW];
        Arrays.setAll(values, Integer::toString);
        return values;
    }

    /** A group of one member that has a few messages. */
    private List<LeasedMessage> delivered(GroupSettings.Builder settings) {
        group("a", "t", "g", settings);
        join("w", "t", "g", FEW);
        publish("a", "t", few());
        drain();
        return delivered("w", few());
    }

    @Test
    void messagesAreDeliveredOneByOneAndOnce() {
        List<LeasedMessage> messages = delivered(PLAIN);
        assertThat(messages).extracting(LeasedMessage::getToken).doesNotHaveDuplicates();
        for (LeasedMessage message : messages) {
            acknowledge("w", "t", "g", message);
        }
        drain();
        assertThat(summary("t", "g").getLag()).isZero();
    }

    @Test
    void aPurgeHidesAllAtOnce() {
        publish("a", "t", few());
        drain();
        purge("a", "t", 0);
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(read("t", 0).getMessagesList()).isEmpty();
        assertThat(inspectTopic("t").getSummary().getBytes()).isZero();
        publish("a", "t", "9");
        assertThat(values(read("t", 0))).containsExactly("9");
        drain();
        assertThat(values(read("t", 0))).containsExactly("9");
        assertThat(count("topicMessages")).isEqualTo(1);
    }

    @Test
    void fewerMessagesAreKeptAtOnce() {
        publish("a", "t", few());
        configure("a", "t", TopicSettings.newBuilder().setMessagesMax(2));
        assertThat(values(read("t", 0))).containsExactly("6", "7");
        drain();
        assertThat(count("topicMessages")).isEqualTo(2);
    }

    @Test
    void aMoveTakesBackAllAtOnce() {
        List<LeasedMessage> messages = delivered(PLAIN);
        seek("a", "t", "g", PLAIN, FEW);
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(acknowledge("w", "t", "g", messages.get(FEW - 1))).isFalse();
        join("v", "t", "g", 1);
        assertThat(session("v").heard()).isEmpty();
        seek("a", "t", "g", PLAIN, 0);
        drain();
        assertThat(delivered("w")).hasSize(FEW - 1);
        assertThat(delivered("v")).hasSize(1);
        assertThat(summary("t", "g").getLag()).isEqualTo(FEW);
    }

    @Test
    void whatASessionHadGoesToAnotherAndCounts() {
        delivered(GroupSettings.newBuilder().setAttemptsMax(2));
        expire("w");
        join("v", "t", "g", FEW);
        drain();
        assertThat(delivered("v")).hasSize(FEW).allMatch(message -> message.getAttempt() == 2);
        expire("v");
        drain();
        assertThat(read("t.g.dead", 0).getMessagesCount()).isEqualTo(FEW);
        assertThat(count("unsettledDeliveries")).isZero();
    }

    @Test
    void whoLeavesHandsBackAll() {
        delivered(GroupSettings.newBuilder().setAttemptsMax(1));
        assertThat(leave("w", "t", "g", 1, false)).isTrue();
        join("v", "t", "g", FEW);
        drain();
        assertThat(delivered("v")).hasSize(FEW).allMatch(message -> message.getAttempt() == 1);
        assertThat(summary("t", "g").getMembers()).isEqualTo(1);
    }

    @Test
    void whatIsBuriedAtOnceIsBuriedBitByBit() {
        List<Settlement.Builder> all = new ArrayList<>();
        delivered(PLAIN).forEach(message -> all.add(settlement(message, Settlement.Kind.BURY)));
        settle("w", "t", "g", all.toArray(new Settlement.Builder[0]));
        assertThat(summary("t", "g").getWaiting()).isPositive();
        drain();
        assertThat(read("t.g.dead", 0).getMessagesCount()).isEqualTo(FEW);
        assertThat(count("unsettledDeliveries")).isZero();
        assertThat(session("w").heard()).isEmpty();
    }

    @Test
    void aGroupIsGoneAtOnceAndItsMembersAreTold() {
        List<LeasedMessage> messages = delivered(PLAIN);
        deleteGroup("a", "t", "g");
        assertThat(inspectGroup("t", "g").getExists()).isFalse();
        join("v", "t", "g", FEW);
        publish("a", "t", "9");
        assertThat(acknowledge("w", "t", "g", messages.get(0))).isFalse();
        drain();
        delivered("v", "9");
        session("w").hears(TopicEvent.OutcomeCase.ENDED);
        assertThat(count("unsettledDeliveries")).isEqualTo(1);
        assertThat(count("groupMembers")).isEqualTo(1);
    }

    @Test
    void aTopicIsGoneAtOnceAndItsNameIsFree() {
        group("a", "t", "g", GroupSettings.newBuilder().setExclusive(true).setOrderedByKey(true));
        join("w", "t", "g", FEW);
        publishKeyed("a", "t", "k", few());
        drain();
        produce("a", "t", "p", 1, few());
        deleteTopic("a", "t");
        assertThat(offsets(produce("a", "t", "p", 1, "1"))).containsExactly(1L);
        drain();
        assertThat(values(read("t", 0))).containsExactly("1");
        assertThat(count("topicMessages")).isEqualTo(1);
        assertThat(count("groupMembers")).isZero();
        assertThat(core().hasWorkLeft()).isFalse();
    }

    @Test
    void theLastDeliveryOfOneWhoDrainsIsBuriedWhenItsTimeIsOver() {
        group("a", "t", "g", GroupSettings.newBuilder().setAttemptsMax(1).setVisibilityMillis(500));
        join("w", "t", "g", 1);
        publish("a", "t", "1");
        drain();
        assertThat(leave("w", "t", "g", 1, true)).isTrue();
        at(1_500).tick();
        assertThat(last().defects()).isEmpty();
        drain();
        assertThat(values(read("t.g.dead", 0))).containsExactly("1");
        assertThat(count("unsettledDeliveries") + count("groupMembers")).isZero();
    }
}
