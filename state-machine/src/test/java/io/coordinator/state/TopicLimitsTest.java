package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.GroupSummary;
import io.coordinator.protocol.JoinGroup;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.Stats;
import io.coordinator.protocol.TopicReply;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.testing.feature.Feature;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Topics and groups at their limits. */
@Feature("B-25")
class TopicLimitsTest extends TopicScript {
    private static final GroupSettings.Builder PLAIN = GroupSettings.newBuilder();

    private Outcome joining(String topic, String group, int capacity) {
        return topic(
                "a",
                topic,
                b -> b.setJoin(JoinGroup.newBuilder().setGroup(group).setCapacity(capacity)));
    }

    @Test
    void aTopicHasAHundredGroups() {
        for (int i = 0; i < 100; i++) {
            group("a", "t", "g" + i, PLAIN).gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
        }
        group("a", "t", "g100", PLAIN).refused(ErrorCode.ENOSPACE);
        joining("t", "g100", 1).refused(ErrorCode.ENOSPACE);
        group("a", "t", "g99", PLAIN).gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
        deleteGroup("a", "t", "g0");
        joining("t", "g100", 1).gives(TopicReply.OutcomeCase.JOINED);
    }

    @Test
    void aLargeMessageReachesManyGroupsBitByBit() {
        withoutShadow();
        for (int i = 0; i < 60; i++) {
            join("w", "t", "g" + i, 1);
        }
        publish("a", "t", '"' + "x".repeat(600_000) + '"').gives(TopicReply.OutcomeCase.PUBLISHED);
        assertThat(steps()).isLessThan(Budget.STEPS_MAX);
        int heard = session("w").heard().size();
        assertThat(heard).isBetween(1, 10);
        while (core().hasWorkLeft()) {
            tick();
            assertThat(steps()).isLessThan(4 * Budget.SLICE_STEPS);
            List<Event> events = session("w").heard();
            heard += events.size();
            if (events.isEmpty()) {
                // It has been told as much as a session may leave unacknowledged.
                assertThat(heard * 600_000L).isGreaterThanOrEqualTo(EventCredit.BYTES_MAX);
                break;
            }
            assertThat(events).hasSizeLessThan(4);
        }
        assertThat(heard).isLessThan(60);
        session("w").acksEvents(heard).acknowledge();
        for (int i = 0; i < 60; i++) {
            settle("w", "t", "g" + i);
        }
        drain();
        assertThat(heard + session("w").heard().size()).isGreaterThan(50);
    }

    /** As much as a session may leave unacknowledged, and some more. */
    private void publishLarge(int messages, int topics) {
        String large = '"' + "x".repeat(1_000_000) + '"';
        for (int i = 0; i < messages; i++) {
            session("p").acks(session("p").sent().getSeq());
            publish("p", "t" + i % topics, large).gives(TopicReply.OutcomeCase.PUBLISHED);
        }
    }

    private void acknowledgeEvents(String session) {
        var pending = core().pendingEvents(session(session).id());
        session(session).acksEvents(pending.get(pending.size() - 1).getNumber()).acknowledge();
    }

    @Test
    @Feature("C-06")
    void whoAcknowledgesNothingGetsNoMessagesUntilItDoes() {
        withoutShadow();
        group("a", "t0", "g", PLAIN);
        group("a", "t0", "turns", GroupSettings.newBuilder().setExclusive(true));
        publishLarge(12, 1);
        join("w", "t0", "g", 100);
        join("w", "t0", "turns", 100);
        drain();
        session("w").heard();
        assertThat(count("unsettledDeliveries")).isBetween(12L, 20L);
        acknowledgeEvents("w");
        drain();
        assertThat(delivered("w")).hasSizeGreaterThan(3);
        assertThat(count("unsettledDeliveries")).isEqualTo(24);
    }

    @Test
    @Feature({"C-06", "C-09", "G-12"})
    void allGroupsOfASessionThatHearsAgainGoOnBitByBit() {
        withoutShadow();
        cutSlices(1);
        for (int i = 0; i < 4; i++) {
            group("a", "t" + i, "g", PLAIN);
            join("w", "t" + i, "g", 100);
        }
        publishLarge(24, 4);
        drain();
        assertThat(delivered("w")).hasSize(17);
        acknowledgeEvents("w");
        assertThat(drain()).isGreaterThan(4);
        assertThat(delivered("w")).hasSize(7);
        assertThat(count("unsettledDeliveries")).isEqualTo(24);
    }

    @Test
    void oneBusyKeyDoesNotHoldUpOthersButForSoMany() {
        withoutShadow();
        configure("a", "t", TopicSettings.newBuilder().setMessagesMax(20_000));
        group("a", "t", "g", GroupSettings.newBuilder().setOrderedByKey(true));
        join("w", "t", "g", 2);
        String[] values = new String[1_000];
        Arrays.fill(values, "1");
        for (int i = 0; i < 10; i++) {
            publishKeyed("a", "t", "k", values);
        }
        publishKeyed("a", "t", "other", "2");
        drain();
        LeasedMessage first = delivered("w").get(0);
        assertThat(count("unsettledDeliveries")).isEqualTo(10_000);
        assertThat(summary("t", "g").getLag()).isEqualTo(10_001);
        acknowledge("w", "t", "g", first);
        drain();
        assertThat(delivered("w", "1", "2").get(1).getMessage().getKey()).isEqualTo("other");
        // What all of it takes with the session, or without the order, is done in slices.
        group("a", "t", "g", PLAIN).gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
        seek("a", "t", "g", PLAIN, 1).gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
        assertThat(core().hasWorkLeft()).isTrue();
        drain();
        assertThat(delivered("w")).hasSize(2);
        assertThat(count("unsettledDeliveries")).isEqualTo(2);
    }

    @Test
    void manyDeliveriesOfOneSessionEndInSlices() {
        withoutShadow();
        group("a", "t", "g", GroupSettings.newBuilder().setAttemptsMax(1));
        long member = join("w", "t", "g", 10_000);
        String[] values = new String[1_000];
        Arrays.fill(values, "1");
        for (int i = 0; i < 4; i++) {
            publish("a", "t", values);
        }
        drain();
        assertThat(delivered("w")).hasSize(4_000);
        assertThat(leave("w", "t", "g", member, false)).isTrue();
        assertThat(core().hasWorkLeft()).isTrue();
        drain();
        join("v", "t", "g", 10_000);
        drain();
        assertThat(delivered("v")).hasSize(4_000);
        expire("v");
        while (core().hasWorkLeft()) {
            tick();
            assertThat(steps()).isLessThan(4 * Budget.SLICE_STEPS);
        }
        assertThat(inspectTopic("t.g.dead").getSummary().getNextOffset()).isEqualTo(4_001);
        assertThat(count("unsettledDeliveries")).isZero();
        assertThat(count("groupMembers")).isZero();
    }

    @Test
    void aGroupThatNamesItsTopicOfDeadLettersIsUsedWhateverTheNameOfAnotherWouldBe() {
        String topic = "t".repeat(1_000);
        String name = "g".repeat(20);
        group("a", topic, name, from(0), false).refused(ErrorCode.ETOOLARGE, "dead letters");
        joining(topic, name, 1).refused(ErrorCode.ETOOLARGE, "dead letters");
        assertThat(inspectTopic(topic).getExists()).isFalse();

        group("a", topic, name, GroupSettings.newBuilder().setDeadLetterTopic("d"));
        joining(topic, name, 1).gives(TopicReply.OutcomeCase.JOINED);
        group("a", topic, name, from(0), true).gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
        group("a", topic, name, PLAIN).refused(ErrorCode.ETOOLARGE);
        assertThat(inspectGroup(topic, name).getSettings().getDeadLetterTopic()).isEqualTo("d");
    }

    @Test
    @Feature("C-06")
    void theGroupsThatAreFurthestBehindAreNamedAndAllAreSummedUp() {
        withoutShadow();
        at(1_000);
        for (int i = 0; i < 25; i++) {
            group("a", "t" + i, "g", PLAIN);
            for (int message = 0; message < i; message++) {
                publish("a", "t" + i, "1");
            }
        }
        join("w", "t24", "g", 1);
        settle("w", "t24", "g", delivered("w", "1").get(0), Settlement.Kind.REJECT);
        settle("w", "t24", "g", delivered("w", "1").get(0), Settlement.Kind.BURY);
        at(3_500).tick();
        Stats stats = stats();
        assertThat(stats.getGroupsList())
                .extracting(GroupSummary::getTopic)
                .startsWith("t23", "t24", "t22")
                .endsWith("t6", "t5")
                .hasSize(20);
        assertThat(stats.getGroups(1))
                .isEqualTo(summary("t24", "g"))
                .returns(23L, GroupSummary::getLag)
                .returns(2_500L, GroupSummary::getOldestAgeMillis)
                .returns(1L, GroupSummary::getRedeliveries)
                .returns(1L, GroupSummary::getDeadLetters);
        assertThat(count("consumerGroups")).isEqualTo(25);
        assertThat(count("groupLag")).isEqualTo(23 * 24 / 2 + 23);
        assertThat(count("groupRedeliveries")).isEqualTo(1);
        assertThat(count("groupDeadLetters")).isEqualTo(1);
        assertThat(count("groupMissed")).isZero();
        purge("a", "t23", 20);
        assertThat(count("groupMissed")).isEqualTo(19);
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        for (int capacity : new int[] {0, -1, 10_001, Integer.MIN_VALUE}) {
            joining("t", "g", capacity).refused(ErrorCode.EINVAL);
            session("a")
                    .force(command(
                            "t",
                            b -> b.setJoin(JoinGroup.newBuilder().setGroup("g").setCapacity(capacity))))
                    .refused(ErrorCode.EINVAL);
        }
        joining("t".repeat(1_000), "g".repeat(20), 1).refused(ErrorCode.ETOOLARGE);
        group("a", "t".repeat(1_000), "g".repeat(20), PLAIN).refused(ErrorCode.ETOOLARGE);
        group("a", "t".repeat(1_000), "g".repeat(20), GroupSettings.newBuilder().setDeadLetterTopic("d"))
                .gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
        group("a", "t", "g", GroupSettings.newBuilder().setVisibilityMillis(-1)).refused(ErrorCode.EINVAL);
        group("a", "t", "\ud800", PLAIN).refused(ErrorCode.EINVAL);
        publishKeyed("a", "t", "k\0", "1").refused(ErrorCode.EINVAL);
        settle("a", "t", "g", Settlement.newBuilder().setDelayMillis(-1)).refused(ErrorCode.EINVAL);
        assertThat(inspectTopic("t").getExists()).isFalse();
        assertThat(settle("a", "t", "g", Settlement.newBuilder())
                        .reply()
                        .getTopic()
                        .getSettled()
                        .getOutcomesValueList())
                .containsExactly(1);
    }

    @Test
    void hugeTimesNeverCome() {
        at(1_000);
        group("a", "t", "g", GroupSettings.newBuilder().setVisibilityMillis(Long.MAX_VALUE));
        join("w", "t", "g", 1);
        publish("a", "t", "1");
        LeasedMessage message = delivered("w", "1").get(0);
        assertThat(message.getDeadlineMillis()).isEqualTo(Long.MAX_VALUE);
        settle("w", "t", "g", settlement(message, Settlement.Kind.REJECT).setDelayMillis(Long.MAX_VALUE));
        at(Long.MAX_VALUE - 1).tick();
        delivered("w");
        assertThat(summary("t", "g").getOldestAgeMillis()).isEqualTo(Long.MAX_VALUE - 1_001);
    }
}
