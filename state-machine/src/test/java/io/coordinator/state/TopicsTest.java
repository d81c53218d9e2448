package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ConfigureTopic;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.ListTopics;
import io.coordinator.protocol.MessagePage;
import io.coordinator.protocol.PublishMessages;
import io.coordinator.protocol.ReadMessages;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicOverflow;
import io.coordinator.protocol.TopicQuery;
import io.coordinator.protocol.TopicReply;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.protocol.TopicSummary;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Publishing to topics, reading them, and what they keep. */
@Feature({"PM-N-4", "B-25"})
class TopicsTest extends TopicScript {
    private static final ReadMessages.Builder ALL = ReadMessages.newBuilder();

    private static ReadMessages.Builder last(long count) {
        return ReadMessages.newBuilder().setStart(StartPosition.newBuilder().setLast(count));
    }

    // ---- publishing and reading ----

    @Test
    @Feature({"PM-N-1", "PM-N-5"})
    void messagesAreReadInTheirOrderFromAnyOffset() {
        at(1_000);
        Outcome published = publish("a", "t", "1", "2");
        published.changes(ChangeKind.PUBLISHED, ChangeKind.PUBLISHED);
        assertThat(offsets(published)).containsExactly(1L, 2L);
        assertThat(offsets(publish("b", "t", "3"))).containsExactly(3L);
        MessagePage page = read("t", ALL);
        assertThat(values(page)).containsExactly("1", "2", "3");
        assertThat(page.getFirstOffset()).isEqualTo(1);
        assertThat(page.getNextOffset()).isEqualTo(4);
        assertThat(page.getMore()).isFalse();
        assertThat(values(read("t", 2))).containsExactly("2", "3");
        assertThat(values(read("t", last(1)))).containsExactly("3");
        assertThat(values(read("t", last(9)))).hasSize(3);
        assertThat(values(read("t", last(0)))).isEmpty();
        assertThat(read("t", 4).getNextOffset()).isEqualTo(4);
        assertThat(read("t", 9).getNextOffset()).as("the end").isEqualTo(4);
        assertThat(read("none", ALL)).isEqualTo(MessagePage.getDefaultInstance());
    }

    @Test
    void aChangeCarriesTheMessage() throws Exception {
        at(5);
        entry(77_000);
        StoredMessage message =
                StoredMessage.parseFrom(publish("a", "t", "1").made().get(0).getValue());
        assertThat(message.getOffset()).isEqualTo(1);
        assertThat(value(message)).isEqualTo("1");
        assertThat(message.getPublishedAtMillis()).isEqualTo(5);
        assertThat(message.getDateMillis()).isEqualTo(77_000);
        assertThat(message.getTopicId()).isEqualTo(read("t", ALL).getTopicId());
    }

    @Test
    @Feature("PM-N-5")
    void readingGoesOnWhereAPageEnds() {
        for (int i = 0; i < 5; i++) {
            publish("a", "t", "\"" + "x".repeat(100) + i + "\"");
        }
        MessagePage page = read("t", ReadMessages.newBuilder().setCount(2));
        assertThat(page.getMessagesCount()).isEqualTo(2);
        assertThat(page.getMore()).isTrue();
        assertThat(page.getNextOffset()).isEqualTo(3);
        MessagePage one = read("t", ReadMessages.newBuilder().setBytes(1));
        assertThat(one.getMessagesCount()).isEqualTo(1);
        assertThat(read("t", ReadMessages.newBuilder().setBytes(400)).getMessagesCount())
                .isBetween(2, 3);
    }

    @Test
    void readingBeginsAtADate() {
        for (int i = 1; i <= 4; i++) {
            entry(i * 1_000L);
            publish("a", "t", Integer.toString(i));
        }
        entry(500); // A leader whose clock is behind.
        publish("a", "t", "5");
        ReadMessages.Builder read = ReadMessages.newBuilder();
        read.getStartBuilder().setDateMillis(3_000);
        assertThat(values(read("t", read))).containsExactly("3", "4", "5");
        read.getStartBuilder().setDateMillis(3_001);
        assertThat(values(read("t", read))).containsExactly("4", "5");
        read.getStartBuilder().setDateMillis(Long.MIN_VALUE);
        assertThat(values(read("t", read))).hasSize(5);
        read.getStartBuilder().setDateMillis(Long.MAX_VALUE);
        assertThat(values(read("t", read))).isEmpty();
        assertThat(read("t", ALL).getMessagesList())
                .extracting(StoredMessage::getDateMillis)
                .isSorted();
    }

    @Test
    void aReaderOfAnotherTopicWithThatNameBeginsAnew() {
        publish("a", "t", "1", "2", "3");
        long id = read("t", ALL).getTopicId();
        deleteTopic("a", "t").changes(ChangeKind.DELETED);
        assertThat(read("t", ALL).getTopicId()).isZero();
        publish("a", "t", "4");
        MessagePage page = read(
                "t",
                ReadMessages.newBuilder()
                        .setTopicId(id)
                        .setStart(StartPosition.newBuilder().setOffset(4)));
        assertThat(values(page)).containsExactly("4");
        assertThat(page.getTopicId()).isNotEqualTo(id);
        assertThat(page.getMissingFrom()).isZero();
        drain();
        assertThat(count("topicMessages")).isEqualTo(1);
    }

    @Test
    void whatIsNoJsonOrTooManyIsRefused() {
        publish("a", "t", "oops").refused(ErrorCode.EINVAL);
        publish("a", "t").refused(ErrorCode.EINVAL);
        PublishMessages.Builder many = PublishMessages.newBuilder();
        for (int i = 0; i < 1_001; i++) {
            many.addAllMessages(messages("", "1").getMessagesList());
        }
        publish("a", "t", many).refused(ErrorCode.EINVAL);
        publish("a", "t", many.removeMessages(0)).gives(TopicReply.OutcomeCase.PUBLISHED);
        assertThat(read("t", last(1_000)).getMessagesCount()).isEqualTo(1_000);
    }

    @Test
    void topicsAreListedInOrder() {
        for (String topic : List.of("b", "a", "c")) {
            publish("a", topic, "1");
        }
        List<TopicSummary> two = ask(TopicQuery.newBuilder()
                        .setList(ListTopics.newBuilder().setLimit(2)))
                .getList()
                .getTopicsList();
        assertThat(two).extracting(TopicSummary::getTopic).containsExactly("a", "b");
        List<TopicSummary> rest = ask(TopicQuery.newBuilder()
                        .setList(ListTopics.newBuilder()
                                .setAfterNamespace(Actor.NAMESPACE)
                                .setAfterTopic("b")))
                .getList()
                .getTopicsList();
        assertThat(rest).extracting(TopicSummary::getTopic).containsExactly("c");
    }

    // ---- what is kept ----

    @Test
    void theOldestGoWhenThereAreTooMany() {
        configure("a", "t", TopicSettings.newBuilder().setMessagesMax(3));
        publish("a", "t", "1", "2");
        publish("a", "t", "3", "4", "5");
        MessagePage page = read("t", 1);
        assertThat(values(page)).containsExactly("3", "4", "5");
        assertThat(page.getMissingFrom()).isEqualTo(1);
        assertThat(page.getFirstOffset()).isEqualTo(3);
        publish("a", "t", "6", "7", "8", "9");
        assertThat(values(read("t", 0))).containsExactly("7", "8", "9");
        assertThat(read("t", 0).getMissingFrom()).isZero();
        assertThat(count("topicMessages")).isEqualTo(3);
    }

    @Test
    void theOldestGoWhenTheyHaveTooManyBytes() {
        configure("a", "t", TopicSettings.newBuilder().setBytesMax(10));
        publishKeyed("a", "t", "kk", "1234");
        publish("a", "t", "5678");
        assertThat(inspectTopic("t").getSummary().getBytes()).isEqualTo(10);
        publish("a", "t", "9");
        assertThat(values(read("t", 0))).containsExactly("5678", "9");
        assertThat(inspectTopic("t").getSummary().getBytes()).isEqualTo(5);
        publish("a", "t", "12345678901").refused(ErrorCode.ETOOLARGE);
        publish("a", "t", "1234567890");
        assertThat(values(read("t", 0))).containsExactly("1234567890");
    }

    @Test
    void bytesAreRightOverManyMessages() {
        configure("a", "t", TopicSettings.newBuilder().setMessagesMax(5_000));
        String[] values = new String[1_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = "\"" + "x".repeat(i % 50) + "\"";
        }
        publish("a", "t", values);
        for (long before : new long[] {100, 128, 129, 500, 999, 1_000}) {
            purge("a", "t", before).changes(ChangeKind.CLEARED);
            long bytes = read("t", last(1_000)).getMessagesList().stream()
                    .mapToLong(message -> message.getValue().size())
                    .sum();
            assertThat(inspectTopic("t").getSummary().getBytes()).isEqualTo(bytes);
        }
        purge("a", "t", 0).changes(ChangeKind.CLEARED);
        purge("a", "t", 0).changes();
        assertThat(inspectTopic("t").getSummary().getBytes()).isZero();
        assertThat(offsets(publish("a", "t", "1"))).containsExactly(1_001L);
        drain();
        assertThat(count("topicMessages")).isEqualTo(1);
        purge("a", "none", 0).refused(ErrorCode.EKEYNOTFOUND);
    }

    @Test
    void theOldGoWithTheirAge() {
        at(1_000);
        configure("a", "t", TopicSettings.newBuilder().setAgeMaxMillis(500));
        publish("a", "t", "1");
        at(1_200);
        publish("a", "t", "2", "3");
        at(1_499).tick();
        assertThat(values(read("t", 0))).containsExactly("1", "2", "3");
        at(1_500).tick();
        assertThat(values(read("t", 0))).containsExactly("2", "3");
        at(1_700).tick();
        assertThat(values(read("t", 0))).isEmpty();
        assertThat(core().nextDeadlineMillis()).isEmpty();
        at(2_000);
        publish("a", "t", "4");
        configure("a", "t", TopicSettings.newBuilder().setAgeMaxMillis(Long.MAX_VALUE));
        at(Long.MAX_VALUE / 2).tick();
        assertThat(values(read("t", 0))).containsExactly("4");
        configure("a", "t", TopicSettings.newBuilder());
        assertThat(core().nextDeadlineMillis()).isEmpty();
    }

    @Test
    void aFullTopicRefusesIfItMayDropNothing() {
        TopicSettings.Builder settings =
                TopicSettings.newBuilder().setMessagesMax(2).setOverflow(TopicOverflow.REFUSE_NEW);
        configure("a", "t", settings);
        publish("a", "t", "1", "2", "3").refused(ErrorCode.ETOOLARGE);
        publish("a", "t", "1", "2");
        Outcome refused = publish("a", "t", "3").refused(ErrorCode.EBUSY).changes();
        assertThat(refused.reply().getError().getRetryAfterMillis()).isPositive();
        group("a", "t", "g", GroupSettings.newBuilder());
        join("w", "t", "g", 10);
        publish("a", "t", "3").refused(ErrorCode.EBUSY);
        acknowledge("w", "t", "g", delivered("w", "1", "2").get(0));
        publish("a", "t", "3").gives(TopicReply.OutcomeCase.PUBLISHED);
        publish("a", "t", "4").refused(ErrorCode.EBUSY);
        assertThat(values(read("t", 0))).containsExactly("2", "3");
        configure("a", "t", settings.setMessagesMax(1));
        assertThat(values(read("t", 0))).containsExactly("2", "3");
    }

    @Test
    void whatAllGroupsHaveAcknowledgedGoesIfTheSettingsSaySo() {
        configure("a", "t", TopicSettings.newBuilder().setDiscardAcknowledged(true));
        publish("a", "t", "1", "2", "3");
        assertThat(values(read("t", 0))).hasSize(3);
        group("a", "t", "g", GroupSettings.newBuilder());
        group("a", "t", "h", GroupSettings.newBuilder());
        join("w", "t", "g", 10);
        join("v", "t", "h", 10);
        var g = delivered("w", "1", "2", "3");
        var h = delivered("v", "1", "2", "3");
        acknowledge("w", "t", "g", g.get(0));
        acknowledge("w", "t", "g", g.get(2));
        assertThat(values(read("t", 0))).hasSize(3);
        acknowledge("v", "t", "h", h.get(0));
        acknowledge("v", "t", "h", h.get(1));
        assertThat(values(read("t", 0))).containsExactly("2", "3");
        deleteGroup("a", "t", "g");
        assertThat(values(read("t", 0))).containsExactly("3");
        assertThat(summary("t", "h").getMissed()).isZero();
    }

    @Test
    void settingsAreMadeOnce() {
        TopicSettings.Builder settings = TopicSettings.newBuilder().setMessagesMax(3);
        assertThat(created(settings, true)).isTrue();
        assertThat(created(settings, true)).isFalse();
        topic(
                        "a",
                        "t",
                        b -> b.setConfigure(ConfigureTopic.newBuilder()
                                .setSettings(TopicSettings.newBuilder())
                                .setCreateOnly(true)))
                .refused(ErrorCode.ECONFLICT);
        assertThat(inspectTopic("t").getSettings().getMessagesMax()).isEqualTo(3);
        configure("a", "t", TopicSettings.newBuilder().setMessagesMax(-1)).refused(ErrorCode.EINVAL);
    }

    private boolean created(TopicSettings.Builder settings, boolean createOnly) {
        return topic(
                        "a",
                        "t",
                        b -> b.setConfigure(ConfigureTopic.newBuilder()
                                .setSettings(settings)
                                .setCreateOnly(createOnly)))
                .reply()
                .getTopic()
                .getConfigured()
                .getCreated();
    }

    // ---- transactions ----

    @Test
    @Feature("B-11")
    void aMessageIsPublishedWithItsTransactionOrNotAtAll() {
        group("a", "t", "g", GroupSettings.newBuilder());
        join("w", "t", "g", 10);
        Actor a = session("a");
        a.transact(TransactionCommand.newBuilder()
                        .addThen(publishCommand("t", "1", "2"))
                        .addThen(a.putCommand("k", "1")))
                .changes(ChangeKind.PUBLISHED, ChangeKind.PUBLISHED, ChangeKind.PUT);
        delivered("w", "1", "2");
        a.transact(TransactionCommand.newBuilder()
                        .addThen(publishCommand("t", "3"))
                        .addThen(publishCommand("new", "3"))
                        .addThen(a.expectCommand("k", "2"))
                        .addThen(publishCommand("t", "oops")))
                .refused(ErrorCode.EINVAL);
        configure("a", "full", TopicSettings.newBuilder().setMessagesMax(1).setOverflow(TopicOverflow.REFUSE_NEW));
        a.transact(TransactionCommand.newBuilder()
                        .addThen(publishCommand("t", "3"))
                        .addThen(publishCommand("new", "3"))
                        .addThen(publishCommand("full", "3", "4")))
                .refused(ErrorCode.EBATCH)
                .changes();
        delivered("w");
        assertThat(values(read("t", 0))).containsExactly("1", "2");
        assertThat(inspectTopic("new").getExists()).isFalse();
        assertThat(summary("t", "g").getLag()).isEqualTo(2);
        publish("a", "t", "4");
        assertThat(delivered("w", "4").get(0).getMessage().getOffset()).isEqualTo(3);
    }
}
