package io.coordinator.state;

import static io.coordinator.protocol.Settlement.Kind.ACKNOWLEDGE;
import static io.coordinator.protocol.Settlement.Kind.BURY;
import static io.coordinator.protocol.Settlement.Kind.EXTEND;
import static io.coordinator.protocol.Settlement.Kind.HAND_BACK;
import static io.coordinator.protocol.Settlement.Kind.REJECT;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.GroupSummary;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.ListGroups;
import io.coordinator.protocol.MessagePage;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.TopicEvent;
import io.coordinator.protocol.TopicOverflow;
import io.coordinator.protocol.TopicQuery;
import io.coordinator.protocol.TopicReply;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.testing.feature.Feature;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups: who gets which message, and what becomes of it. */
@Feature("B-25")
class GroupsTest extends TopicScript {
    private static final GroupSettings.Builder PLAIN = GroupSettings.newBuilder();

    private static List<Integer> attempts(List<LeasedMessage> messages) {
        return messages.stream().map(LeasedMessage::getAttempt).toList();
    }

    // ---- delivery ----

    @Test
    void membersShareTheMessages() {
        group("a", "t", "g", PLAIN);
        long member = join("w", "t", "g", 2);
        join("v", "t", "g", 10);
        publish("a", "t", "1", "2", "3", "4", "5", "6");
        List<Event> events = session("w").heard();
        assertThat(events).hasSize(1);
        TopicEvent told = events.get(0).getTopic();
        assertThat(told.getTopic() + told.getGroup()).isEqualTo("tg");
        assertThat(events.get(0).getRequestSeq()).isEqualTo(member);
        List<LeasedMessage> first = told.getDelivered().getMessagesList();
        assertThat(first).extracting(m -> value(m.getMessage())).containsExactly("1", "3");
        List<LeasedMessage> second = delivered("v", "2", "4", "5", "6");
        assertThat(attempts(second)).containsOnly(1);
        GroupSummary summary = summary("t", "g");
        assertThat(summary.getLag()).isEqualTo(6);
        assertThat(summary.getLeased()).isEqualTo(6);
        assertThat(acknowledge("w", "t", "g", first.get(0))).isTrue();
        assertThat(acknowledge("w", "t", "g", first.get(0))).isFalse();
        assertThat(acknowledge("w", "t", "g", second.get(0))).isFalse();
        publish("a", "t", "7");
        delivered("w", "7");
        summary = summary("t", "g");
        assertThat(summary.getLag()).isEqualTo(6);
        assertThat(summary.getOldestOffset()).isEqualTo(2);
        assertThat(inspectGroup("t", "g").getMembersList())
                .extracting(PoolMember::getClientName)
                .containsExactly("w", "v");
    }

    @Test
    void aGroupBeginsWhereItIsToldOrAtTheEnd() {
        publish("a", "t", "1", "2", "3");
        join("w", "t", "new", 10);
        delivered("w");
        assertThat(group("a", "t", "g", PLAIN, from(2))
                        .reply()
                        .getTopic()
                        .getGroupConfigured()
                        .getNextOffset())
                .isEqualTo(2);
        assertThat(group("a", "t", "g", PLAIN, from(1))
                        .reply()
                        .getTopic()
                        .getGroupConfigured()
                        .getNextOffset())
                .isEqualTo(2);
        assertThat(group("a", "t", "far", PLAIN, from(99))
                        .reply()
                        .getTopic()
                        .getGroupConfigured()
                        .getNextOffset())
                .isEqualTo(4);
        join("w", "t", "g", 10);
        delivered("w", "2", "3");
        publish("a", "t", "4");
        assertThat(delivered("w")).hasSize(2);
        join("w", "unknown", "g", 1);
        publish("a", "unknown", "5");
        delivered("w", "5");
    }

    @Test
    void anEventHasSoMuchAndNoMore() {
        join("w", "t", "g", 1_000);
        String[] values = new String[250];
        Arrays.fill(values, "1");
        publish("a", "t", values);
        assertThat(session("w").heard())
                .extracting(event -> event.getTopic().getDelivered().getMessagesCount())
                .containsExactly(100, 100, 50);
        String large = '"' + "x".repeat(100_000) + '"';
        publish("a", "t", large, large, large, large, large);
        drain();
        assertThat(session("w").heard())
                .extracting(event -> event.getTopic().getDelivered().getMessagesCount())
                .allMatch(count -> count <= 2)
                .hasSizeBetween(3, 5);
    }

    // ---- settling ----

    @Test
    void aRejectedMessageComesAgainAfterItsDelay() {
        at(1_000);
        group("a", "t", "g", PLAIN);
        join("w", "t", "g", 1);
        publish("a", "t", "1", "2");
        LeasedMessage first = delivered("w", "1").get(0);
        settle("w", "t", "g", settlement(first, REJECT).setDelayMillis(500).setReason("no"));
        LeasedMessage second = delivered("w", "2").get(0);
        assertThat(summary("t", "g").getWaiting()).isEqualTo(1);
        settle("w", "t", "g", second, ACKNOWLEDGE);
        at(1_499).tick();
        delivered("w");
        at(1_500).tick();
        List<LeasedMessage> again = delivered("w", "1");
        assertThat(attempts(again)).containsExactly(2);
        assertThat(again.get(0).getToken()).isGreaterThan(first.getToken());
        assertThat(settle("w", "t", "g", first, ACKNOWLEDGE)).isFalse();
        assertThat(settle("w", "t", "g", again.get(0), ACKNOWLEDGE)).isTrue();
        assertThat(summary("t", "g").getRedeliveries()).isEqualTo(1);
        assertThat(summary("t", "g").getLag()).isZero();
        assertThat(count("unsettledDeliveries")).isZero();
    }

    @Test
    @Feature("G-3")
    void aMessageThatIsNotSettledInTimeGoesToAnother() {
        at(1_000);
        group("a", "t", "g", GroupSettings.newBuilder().setVisibilityMillis(500));
        join("w", "t", "g", 1);
        join("v", "t", "g", 1);
        publish("a", "t", "1");
        LeasedMessage first = delivered("w", "1").get(0);
        assertThat(first.getDeadlineMillis()).isEqualTo(1_500);
        at(1_499).tick();
        assertThat(session("w").heard()).isEmpty();
        at(1_500).tick();
        TopicEvent lost = session("w").heard().get(0).getTopic();
        assertThat(lost.getLost().getToken()).isEqualTo(first.getToken());
        List<LeasedMessage> second = delivered("v", "1");
        assertThat(attempts(second)).containsExactly(2);
        assertThat(settle("w", "t", "g", first, ACKNOWLEDGE)).isFalse();
        assertThat(settle("v", "t", "g", second.get(0), ACKNOWLEDGE)).isTrue();
    }

    @Test
    void aLeaseIsExtended() {
        at(1_000);
        group("a", "t", "g", GroupSettings.newBuilder().setVisibilityMillis(500));
        join("w", "t", "g", 1);
        publish("a", "t", "1");
        LeasedMessage message = delivered("w", "1").get(0);
        at(1_400);
        assertThat(settle("w", "t", "g", settlement(message, EXTEND))
                        .reply()
                        .getTopic()
                        .getSettled()
                        .getDeadlinesMillisList())
                .containsExactly(1_900L);
        settle("w", "t", "g", settlement(message, EXTEND).setDelayMillis(3_000));
        at(4_399).tick();
        assertThat(session("w").heard()).isEmpty();
        settle("w", "t", "g", settlement(message, EXTEND).setDelayMillis(Long.MAX_VALUE));
        at(Long.MAX_VALUE - 1).tick();
        assertThat(session("w").heard()).isEmpty();
        assertThat(acknowledge("w", "t", "g", message)).isTrue();
    }

    @Test
    @Feature("G-4")
    void whatASessionHasGoesToAnotherWhenItEnds() {
        group("a", "t", "g", PLAIN);
        join("w", "t", "g", 10);
        publish("a", "t", "1", "2", "3");
        List<LeasedMessage> had = delivered("w", "1", "2", "3");
        acknowledge("w", "t", "g", had.get(1));
        join("v", "t", "g", 10);
        expire("w");
        assertThat(attempts(delivered("v", "1", "3"))).containsExactly(2, 2);
        assertThat(count("groupMembers")).isEqualTo(1);
    }

    @Test
    void whatIsHandedBackIsNoAttempt() {
        group("a", "t", "g", GroupSettings.newBuilder().setAttemptsMax(1));
        long member = join("w", "t", "g", 10);
        publish("a", "t", "1", "2");
        join("v", "t", "g", 10);
        settle("w", "t", "g", delivered("w", "1", "2").get(0), HAND_BACK);
        LeasedMessage back = delivered("v", "1").get(0);
        assertThat(back.getAttempt()).isEqualTo(1);
        assertThat(leave("v", "t", "g", 99, false)).isFalse();
        assertThat(leave("w", "t", "g", member, false)).isTrue();
        assertThat(attempts(delivered("v", "2"))).containsExactly(1);
        assertThat(leave("w", "t", "g", member, false)).isFalse();
        assertThat(summary("t", "g").getMembers()).isEqualTo(1);
    }

    @Test
    void whoDrainsKeepsWhatItHasAndGetsNothingMore() {
        group("a", "t", "g", PLAIN);
        long member = join("w", "t", "g", 2);
        publish("a", "t", "1", "2", "3");
        List<LeasedMessage> has = delivered("w", "1", "2");
        assertThat(leave("w", "t", "g", member, true)).isTrue();
        acknowledge("w", "t", "g", has.get(0));
        delivered("w");
        assertThat(summary("t", "g").getMembers()).isEqualTo(1);
        assertThat(acknowledge("w", "t", "g", has.get(1))).isTrue();
        assertThat(summary("t", "g").getMembers()).isZero();
        session("w").close();
        join("v", "t", "g", 2);
        assertThat(attempts(delivered("v", "3"))).containsExactly(1);
    }

    // ---- dead letters ----

    @Test
    void aMessageThatFailsTooOftenIsADeadLetterAndIsRedriven() {
        at(1_000);
        group("a", "t", "g", GroupSettings.newBuilder().setAttemptsMax(3).setVisibilityMillis(500));
        join("w", "t", "g", 1);
        join("other", "t", "h", 1);
        publishKeyed("a", "t", "k", "1");
        delivered("other", "1");
        settle("w", "t", "g", delivered("w", "1").get(0), REJECT);
        delivered("w", "1");
        at(1_500).tick();
        session("w").heard();
        expire("w");
        join("v", "t", "g", 1);
        delivered("v");
        var letter = read("t.g.dead", 0).getMessages(0);
        assertThat(value(letter)).isEqualTo("1");
        assertThat(letter.getKey()).isEqualTo("k");
        assertThat(letter.getDeadLetter().getTopic()).isEqualTo("t");
        assertThat(letter.getDeadLetter().getGroup()).isEqualTo("g");
        assertThat(letter.getDeadLetter().getOffset()).isEqualTo(1);
        assertThat(letter.getDeadLetter().getAttempts()).isEqualTo(3);
        assertThat(letter.getDeadLetter().getReason()).contains("session");
        assertThat(summary("t", "g").getDeadLetters()).isEqualTo(1);
        assertThat(redrive("a", "t.g.dead", 0).reply().getTopic().getRedriven().getCount())
                .isEqualTo(1);
        assertThat(attempts(delivered("v", "1"))).containsExactly(1);
        assertThat(redrive("a", "t.g.dead", 0).reply().getTopic().getRedriven().getCount())
                .isZero();
        // It is for the group that failed with it.
        delivered("other");
        session("other").close();
        join("more", "t", "h", 5);
        delivered("more", "1");
        assertThat(summary("t", "h").getLag()).isEqualTo(1);
    }

    @Test
    void whatIsRedrivenForOneGroupLeavesNoOtherBehind() {
        at(1_000);
        group("a", "t", "g", GroupSettings.newBuilder());
        join("w", "t", "g", 1);
        join("busy", "t", "busy", 1);
        publish("a", "t", "1");
        group("a", "t", "idle", GroupSettings.newBuilder(), from(2));
        settle("w", "t", "g", delivered("w", "1").get(0), BURY);
        redrive("a", "t.g.dead", 0).gives(TopicReply.OutcomeCase.REDRIVEN);
        assertThat(summary("t", "idle"))
                .returns(0L, GroupSummary::getLag)
                .returns(0L, GroupSummary::getOldestOffset)
                .returns(3L, GroupSummary::getNextOffset);
        assertThat(summary("t", "busy")).returns(1L, GroupSummary::getLag).returns(1L, GroupSummary::getOldestOffset);
        assertThat(summary("t", "g").getLag()).isEqualTo(1);
        purge("a", "t", 0);
        assertThat(summary("t", "idle").getMissed()).isZero();
        publish("a", "t", "2");
        assertThat(summary("t", "idle")).returns(1L, GroupSummary::getLag).returns(4L - 1, GroupSummary::getNextOffset);
    }

    @Test
    void whatIsBuriedSaysWhy() {
        group("a", "t", "g", GroupSettings.newBuilder().setDeadLetterTopic("graves"));
        join("w", "t", "g", 5);
        publish("a", "t", "1", "2", "3");
        List<LeasedMessage> messages = delivered("w");
        settle("w", "t", "g", settlement(messages.get(0), BURY).setReason("broken"), settlement(messages.get(2), BURY));
        assertThat(values(read("graves", 0))).containsExactly("1", "3");
        assertThat(read("graves", 0).getMessages(0).getDeadLetter().getReason()).isEqualTo("broken");
        var redriven = redrive("a", "graves", 1).reply().getTopic().getRedriven();
        assertThat(redriven.getCount()).isEqualTo(1);
        assertThat(redriven.getMore()).isTrue();
        delivered("w", "1");
        redriven = redrive("a", "graves", 1).reply().getTopic().getRedriven();
        assertThat(redriven.getMore()).isFalse();
        delivered("w", "3");
        group("a", "graves", "g", GroupSettings.newBuilder().setDeadLetterTopic("graves"))
                .refused(ErrorCode.EINVAL);
        redrive("a", "none", 0).refused(ErrorCode.EKEYNOTFOUND);
    }

    @Test
    void aDeadLetterIsNotRedrivenForAGroupThatIsGone() {
        group("a", "t", "g", GroupSettings.newBuilder().setDeadLetterTopic("graves"));
        join("w", "t", "g", 5);
        publish("a", "t", "1", "2");
        List<LeasedMessage> messages = delivered("w");
        settle("w", "t", "g", settlement(messages.get(0), BURY), settlement(messages.get(1), BURY));
        deleteGroup("a", "t", "g");
        redrive("a", "graves", 0).refused(ErrorCode.EKEYNOTFOUND, "group \"g\"");
        deleteTopic("a", "t");
        redrive("a", "graves", 0).refused(ErrorCode.EKEYNOTFOUND, "offset 2");
        assertThat(read("t", 0)).as("the topic is not made again").isEqualTo(MessagePage.getDefaultInstance());
        join("v", "t", "g", 5);
        assertThat(redrive("a", "graves", 0).reply().getTopic().getRedriven().getCount())
                .isEqualTo(2);
        delivered("v", "1", "2");
    }

    @Test
    void aFullTopicOfDeadLettersLosesNone() {
        at(1_000);
        var full = TopicSettings.newBuilder().setMessagesMax(1).setOverflow(TopicOverflow.REFUSE_NEW);
        configure("a", "t.g.dead", full);
        group("a", "t", "g", GroupSettings.newBuilder().setAttemptsMax(1));
        join("w", "t", "g", 5);
        publish("a", "t", "1", "2");
        List<LeasedMessage> messages = delivered("w");
        settle("w", "t", "g", settlement(messages.get(0), REJECT), settlement(messages.get(1), REJECT));
        assertThat(values(read("t.g.dead", 0))).containsExactly("1");
        assertThat(summary("t", "g").getWaiting()).isEqualTo(1);
        at(2_000).tick();
        delivered("w");
        purge("a", "t.g.dead", 0);
        at(3_000).tick();
        assertThat(values(read("t.g.dead", 0))).containsExactly("2");
        delivered("w");
        assertThat(count("unsettledDeliveries")).isZero();
    }

    // ---- order ----

    @Test
    void messagesOfOneKeyComeOneAfterTheOther() {
        at(1_000);
        group("a", "t", "g", GroupSettings.newBuilder().setOrderedByKey(true));
        join("w", "t", "g", 10);
        join("v", "t", "g", 10);
        publishKeyed("a", "t", "k", "1", "2", "3");
        publishKeyed("a", "t", "l", "4");
        publish("a", "t", "5", "6");
        LeasedMessage one = delivered("w", "1", "5").get(0);
        delivered("v", "4", "6");
        assertThat(summary("t", "g").getWaiting()).isEqualTo(2);
        settle("w", "t", "g", settlement(one, REJECT).setDelayMillis(500));
        assertThat(delivered("w")).isEmpty();
        at(1_500).tick();
        List<LeasedMessage> again = delivered("w", "1");
        acknowledge("w", "t", "g", again.get(0));
        delivered("w", "2");
        group("a", "t", "g", PLAIN);
        assertThat(delivered("v")).hasSize(1);
    }

    @Test
    void anExclusiveGroupHasOneActiveMember() {
        group("a", "t", "g", GroupSettings.newBuilder().setExclusive(true));
        join("w", "t", "g", 2);
        long second = join("v", "t", "g", 5);
        join("u", "t", "g", 5);
        publish("a", "t", "1", "2", "3");
        List<Event> events = session("w").heard();
        assertThat(events.get(0).getTopic().hasTurnStarted()).isTrue();
        long turn = events.get(0).getTopic().getTurnStarted().getToken();
        LeasedMessage one = events.get(1).getTopic().getDelivered().getMessages(0);
        delivered("v");
        acknowledge("w", "t", "g", one);
        delivered("w", "3");
        expire("w");
        events = session("v").heard();
        assertThat(events.get(0).getTopic().getTurnStarted().getToken()).isGreaterThan(turn);
        var messages = events.get(1).getTopic().getDelivered().getMessagesList();
        assertThat(messages).extracting(m -> value(m.getMessage())).containsExactly("2", "3");
        assertThat(leave("v", "t", "g", second, true)).isTrue();
        publish("a", "t", "4");
        delivered("u");
        acknowledge("v", "t", "g", messages.get(0));
        assertThat(session("u").heard()).isEmpty();
        acknowledge("v", "t", "g", messages.get(1));
        events = session("u").heard();
        assertThat(events).hasSize(2);
        assertThat(events.get(1).getTopic().getDelivered().getMessages(0).getAttempt())
                .isEqualTo(1);
        assertThat(inspectGroup("t", "g").getMembers(0).getTurnToken()).isPositive();
        group("a", "t", "g", PLAIN);
        assertThat(inspectGroup("t", "g").getMembers(0).getTurnToken()).isZero();
    }

    // ---- moves and ends ----

    @Test
    void aGroupIsMovedWithItsMembers() {
        group("a", "t", "g", PLAIN);
        join("w", "t", "g", 2);
        publish("a", "t", "1", "2", "3", "4");
        List<LeasedMessage> before = delivered("w", "1", "2");
        acknowledge("w", "t", "g", before.get(0));
        delivered("w", "3");
        seek("a", "t", "g", PLAIN, 1);
        List<LeasedMessage> after = delivered("w", "1", "2");
        assertThat(acknowledge("w", "t", "g", before.get(1))).isFalse();
        assertThat(acknowledge("w", "t", "g", after.get(1))).isTrue();
        delivered("w", "3");
        seek("a", "t", "g", PLAIN, 99);
        assertThat(summary("t", "g").getLag()).isZero();
        publish("a", "t", "5");
        delivered("w", "5");
    }

    @Test
    void membersOfWhatIsDeletedAreTold() {
        group("a", "t", "g", PLAIN);
        long member = join("w", "t", "g", 2);
        publish("a", "t", "1");
        LeasedMessage one = delivered("w", "1").get(0);
        deleteGroup("a", "t", "g");
        assertThat(acknowledge("w", "t", "g", one)).isFalse();
        drain();
        Event ended = session("w").heard().get(0);
        assertThat(ended.getRequestSeq()).isEqualTo(member);
        assertThat(ended.getTopic().getEnded().getReason()).contains("group");
        assertThat(ended.getTopic().getTopic() + ended.getTopic().getGroup()).isEqualTo("tg");
        join("w", "t", "g", 2);
        join("v", "t", "h", 2);
        deleteTopic("a", "t");
        drain();
        session("w").hears(TopicEvent.OutcomeCase.ENDED);
        session("v").hears(TopicEvent.OutcomeCase.ENDED);
        for (String what :
                List.of("durableTopics", "topicMessages", "consumerGroups", "groupMembers", "unsettledDeliveries")) {
            assertThat(count(what)).as(what).isZero();
        }
        session("w").close().changes();
        assertThat(deleteGroup("a", "t", "g")
                        .reply()
                        .getTopic()
                        .getGroupDeleted()
                        .getExisted())
                .isFalse();
    }

    @Test
    @Feature("PM-N-5")
    void whatIsTrimmedBeforeAGroupHasHadItIsCountedAsMissed() {
        at(1_000);
        group("a", "t", "g", PLAIN);
        join("w", "t", "g", 2);
        publish("a", "t", "1", "2", "3", "4", "5");
        List<LeasedMessage> messages = delivered("w", "1", "2");
        settle("w", "t", "g", settlement(messages.get(0), REJECT).setDelayMillis(500));
        delivered("w", "3");
        purge("a", "t", 5);
        GroupSummary summary = summary("t", "g");
        assertThat(summary.getMissed()).isEqualTo(2);
        assertThat(summary.getLeased()).isEqualTo(2);
        assertThat(summary.getNextOffset()).isEqualTo(5);
        settle("w", "t", "g", messages.get(1), REJECT);
        delivered("w", "5");
        assertThat(summary("t", "g").getMissed()).isEqualTo(3);
        purge("a", "t", 0);
        expire("w");
        drain();
        assertThat(count("unsettledDeliveries")).isZero();
    }

    @Test
    void groupsAreListedByTopicAndName() {
        for (String topic : List.of("t2", "t1", "empty")) {
            publish("a", topic, "1");
        }
        for (String group : List.of("b", "a")) {
            group("a", "t1", group, PLAIN);
            group("a", "t2", group, PLAIN);
        }
        assertThat(list("", ListGroups.newBuilder())).containsExactly("t1a", "t1b", "t2a", "t2b");
        assertThat(list("t2", ListGroups.newBuilder())).containsExactly("t2a", "t2b");
        assertThat(list("none", ListGroups.newBuilder())).isEmpty();
        assertThat(list("", ListGroups.newBuilder().setLimit(3))).containsExactly("t1a", "t1b", "t2a");
        ListGroups.Builder after =
                ListGroups.newBuilder().setAfterNamespace(Actor.NAMESPACE).setAfterTopic("t1");
        assertThat(list("", after.setAfterGroup("a"))).containsExactly("t1b", "t2a", "t2b");
        deleteTopic("a", "t1");
        assertThat(list("", after)).containsExactly("t2a", "t2b");
        assertThat(list("t2", ListGroups.newBuilder().setAfterGroup("a"))).containsExactly("t2b");
    }

    private List<String> list(String topic, ListGroups.Builder list) {
        return ask(TopicQuery.newBuilder().setTopic(topic).setListGroups(list)).getGroups().getGroupsList().stream()
                .map(summary -> summary.getTopic() + summary.getGroup())
                .toList();
    }

    @Test
    void aGroupForWhichNobodySaysSettingsHasTheDefaultOnes() {
        GroupSettings defaults = GroupSettings.newBuilder()
                .setVisibilityMillis(30_000)
                .setAttemptsMax(5)
                .build();
        join("a", "t", "joined", 1);
        assertThat(last().replies().get(0).getTopic().getJoined().getSettings()).isEqualTo(defaults);
        publish("a", "t", "1", "2");
        group("a", "t", "configured", from(0), false).gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
        group("a", "t", "sought", from(0), true).gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
        for (String group : List.of("joined", "configured", "sought")) {
            assertThat(inspectGroup("t", group).getSettings()).as(group).isEqualTo(defaults);
        }
        assertThat(summary("t", "sought").getLag()).isEqualTo(2);
        // Said, they are as they were said.
        group("a", "t", "said", GroupSettings.newBuilder());
        assertThat(inspectGroup("t", "said").getSettings()).isEqualTo(GroupSettings.getDefaultInstance());
    }

    @Test
    void aGroupKeepsItsSettingsWhenItIsMovedWithoutAny() {
        GroupSettings.Builder settings = GroupSettings.newBuilder()
                .setVisibilityMillis(7)
                .setAttemptsMax(2)
                .setDeadLetterTopic("dead")
                .setOrderedByKey(true)
                .setExclusive(true);
        publish("a", "t", "1", "2");
        group("a", "t", "g", settings, from(3));
        for (boolean seek : new boolean[] {false, true}) {
            group("a", "t", "g", from(1), seek).gives(TopicReply.OutcomeCase.GROUP_CONFIGURED);
            assertThat(inspectGroup("t", "g").getSettings()).isEqualTo(settings.build());
            assertThat(summary("t", "g").getLag()).isEqualTo(seek ? 2 : 0);
        }
    }

    @Test
    void theFirstTurnBeginsWhenNobodyElseHasAMessage() {
        group("a", "t", "g", PLAIN);
        join("w", "t", "g", 1);
        join("v", "t", "g", 1);
        publish("a", "t", "1", "2", "3");
        LeasedMessage first = delivered("w", "1").get(0);
        LeasedMessage second = delivered("v", "2").get(0);
        group("a", "t", "g", GroupSettings.newBuilder().setExclusive(true));
        acknowledge("w", "t", "g", first);
        assertThat(session("w").heard()).isEmpty();
        acknowledge("v", "t", "g", second);
        assertThat(session("w").heard())
                .extracting(event -> event.getTopic().getOutcomeCase())
                .containsExactly(TopicEvent.OutcomeCase.TURN_STARTED, TopicEvent.OutcomeCase.DELIVERED);
    }
}
