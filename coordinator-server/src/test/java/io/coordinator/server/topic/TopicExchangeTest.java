package io.coordinator.server.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.MessagePublished;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.PublishedMessage;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicHello;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.session.ClientStream;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.side.SideStage;
import io.coordinator.server.support.HandNode;
import io.coordinator.server.support.SentFrames;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is let in, who gets what, and what ends a topic stream. */
class TopicExchangeTest {
    private static final ByteString OTHER = ByteString.copyFromUtf8("fedcba9876543210");

    private final TopicStreams topics = new TopicStreams();
    private final HandNode node = topics.node;
    private int sessions;

    @BeforeEach
    void lead() {
        node.proposer().open();
        node.gate().open();
        node.gateway().prepare();
        node.gateway().open();
    }

    @AfterEach
    void close() {
        topics.close();
        assertThat(node.bug()).isEmpty();
    }

    private static ByteString secret(long session) {
        return ByteString.copyFromUtf8("0123456789abcdef" + session);
    }

    private long session() {
        sessions++;
        SentFrames sent = new SentFrames();
        ClientStream stream = node.gateway().connect(sent);
        stream.received(
                ClientFrame.newBuilder()
                        .setHello(Hello.newBuilder()
                                .setVersionMin(1)
                                .setVersionMax(1)
                                .setResumeToken(secret(sessions)))
                        .build(),
                0);
        node.commit();
        return Awaitility.await()
                .until(() -> sent.all().stream().filter(ServerFrame::hasWelcome).findFirst(), Optional::isPresent)
                .orElseThrow()
                .getWelcome()
                .getSessionId();
    }

    /** A client of topics, seen from the node. */
    private final class Client {
        final SideStage.Sink<TopicServerFrame> sink = topics.sink();
        final TopicStream stream = topics.exchange.connect(sink);

        Client hello(long session, ByteString secret) {
            return say(TopicClientFrame.newBuilder()
                    .setHello(TopicHello.newBuilder()
                            .setVersionMin(1)
                            .setVersionMax(1)
                            .setSessionId(session)
                            .setResumeToken(secret)));
        }

        Client say(TopicClientFrame.Builder frame) {
            stream.received(frame.build());
            topics.run();
            return this;
        }

        Client subscribe(long id, String topic, boolean prefix) {
            return say(TopicClientFrame.newBuilder()
                    .addSubscribe(SubscribeTopics.newBuilder()
                            .setId(id)
                            .setNamespace("n")
                            .setTopic(topic)
                            .setPrefix(prefix)));
        }

        Client publish(long id, String topic, String json) {
            return say(TopicClientFrame.newBuilder().addPublish(message(id, topic, json)));
        }

        List<String> messages() {
            List<String> values = new ArrayList<>();
            for (TopicServerFrame frame : sink.sent) {
                for (ByteString bytes : frame.getMessagesList()) {
                    values.add(parsed(bytes).getValue().toStringUtf8());
                }
            }
            return values;
        }

        List<MessagePublished> published() {
            return sink.sent.stream()
                    .flatMap(frame -> frame.getPublishedList().stream())
                    .toList();
        }

        ErrorCode goodbye() {
            TopicServerFrame last = sink.sent.get(sink.sent.size() - 1);
            assertThat(last.hasGoodbye())
                    .as("the last frame is a goodbye: %s", last)
                    .isTrue();
            assertThat(sink.ended).isTrue();
            return last.getGoodbye().getCode();
        }
    }

    private static PublishMessage message(long id, String topic, String json) {
        return PublishMessage.newBuilder()
                .setId(id)
                .setNamespace("n")
                .setTopic(topic)
                .setValue(ByteString.copyFromUtf8(json))
                .build();
    }

    private static PublishedMessage parsed(ByteString bytes) {
        try {
            return PublishedMessage.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private Client welcome() {
        Client client = new Client().hello(session(), secret(sessions));
        assertThat(client.sink.sent.get(0).getWelcome().getTerm()).isEqualTo(7);
        return client;
    }

    @Test
    @Feature("C-11")
    void onlyTheOwnerOfASessionIsLetIn() {
        long session = session();
        assertThat(new Client().hello(session, OTHER).goodbye()).isEqualTo(ErrorCode.EAUTH);
        assertThat(new Client().hello(session + 1, secret(1)).goodbye()).isEqualTo(ErrorCode.ESESSION);
        assertThat(new Client().subscribe(1, "t", false).goodbye()).isEqualTo(ErrorCode.EINVAL);
        Client owner = new Client().hello(session, secret(1));
        assertThat(owner.sink.sent.get(0).hasWelcome()).isTrue();
        new Client().hello(session, OTHER);
        assertThat(owner.sink.ended).as("a stranger ends nothing").isFalse();
        new Client().hello(session, secret(1));
        assertThat(owner.goodbye()).isEqualTo(ErrorCode.EDISCONNECTED);
    }

    @Test
    @Feature({"PM-PS-2", "PM-PS-4", "PM-PS-5", "A-42"})
    void aSessionGetsOneCopyAndCountsOnce() {
        Client a = welcome()
                .subscribe(1, "orders.", true)
                .subscribe(2, "orders.created", false)
                .subscribe(3, "", true);
        Client b = welcome().subscribe(1, "orders.created", false);
        a.publish(9, "orders.created", "1").publish(10, "users", "2").publish(0, "orders.created", "3");
        assertThat(a.messages()).containsExactly("1", "2", "3");
        assertThat(b.messages()).containsExactly("1", "3");
        assertThat(a.published()).extracting(MessagePublished::getId).containsExactly(9L, 10L);
        assertThat(a.published()).extracting(MessagePublished::getSessions).containsExactly(2, 1);

        b.say(TopicClientFrame.newBuilder().addUnsubscribe(1)).publish(1, "orders.created", "4");
        assertThat(b.messages()).containsExactly("1", "3");
        assertThat(b.published()).extracting(MessagePublished::getSessions).containsExactly(1);
        assertThat(topics.exchange.waitingBytes()).isZero();
    }

    @Test
    @Feature({"A-41", "G-2"})
    void aCountIsToldOnlyWhenLeadershipIsProven() {
        Client a = welcome().subscribe(1, "t", false);
        node.time().advance(HandNode.LOG_LEASE);
        a.publish(5, "t", "1");
        assertThat(a.messages()).containsExactly("1");
        assertThat(a.published()).isEmpty();
        node.commit();
        Awaitility.await().until(() -> {
            topics.run();
            return a.published().size() == 1;
        });
    }

    @Test
    @Feature({"C-03", "C-07"})
    void whatIsBadIsRefusedAlone() {
        Client a = welcome().subscribe(1, "t", false).subscribe(1, "u", false).subscribe(2, "", false);
        a.say(TopicClientFrame.newBuilder()
                .addPublish(message(1, "t", "{"))
                .addPublish(message(2, "", "1"))
                .addPublish(message(0, "t\0", "1"))
                .addPublish(message(3, "t", "1"))
                .addSubscribe(SubscribeTopics.newBuilder().setId(3).setTopic("no namespace")));
        assertThat(a.published().stream().filter(MessagePublished::hasError).map(MessagePublished::getId))
                .contains(2L)
                .doesNotContain(3L);
        assertThat(a.sink.ended).isFalse();
        assertThat(a.messages()).contains("1");
        assertThat(a.sink.sent.stream()
                        .flatMap(frame -> frame.getSubscribedList().stream())
                        .filter(each -> each.hasError())
                        .map(each -> each.getId()))
                .containsExactly(1L, 2L, 3L);
        for (int id = 10; id < 30; id++) {
            a.subscribe(id, "many", false);
        }
        assertThat(topics.exchange.subscriptions()).isEqualTo(TopicStreams.SETTINGS.subscriptionsPerStream());
    }

    @Test
    @Feature({"PM-PS-8", "PM-PS-9"})
    void whoTakesNothingGetsNothingMoreAndEndsAtLast() {
        Client slow = welcome().subscribe(1, "t", false);
        Client other = welcome().subscribe(1, "t", false);
        slow.sink.takenMax = slow.sink.sent.size();
        String json = "\"" + "x".repeat(998) + "\"";
        int queued = 0;
        while (topics.exchange.dropped() == 0) {
            other.publish(1, "t", json);
            queued++;
        }
        assertThat(queued).isBetween(9, 11);
        assertThat(other.messages()).hasSize(queued);
        List<MessagePublished> counts = other.published();
        assertThat(counts.get(counts.size() - 1).getSessions())
                .as("the dropped one is not counted")
                .isEqualTo(1);

        while (topics.exchange.slowConsumers() == 0) {
            other.publish(0, "t", json);
        }
        assertThat(topics.exchange.dropped()).isBetween(35L, 42L);
        assertThat(slow.goodbye()).isEqualTo(ErrorCode.ESLOWCONSUMER);
        assertThat(topics.exchange.subscriptions()).isEqualTo(1);
        assertThat(topics.exchange.waitingBytes()).isZero();
        topics.exchange.sweep(System.nanoTime() + 3_000_000_000L);
        topics.run();
        assertThat(slow.sink.reset).as("nothing of it stays in the transport").isTrue();
        slow.stream.gone();
        assertThat(topics.exchange.openStreams()).isEqualTo(1);
    }

    @Test
    @Feature({"PM-N-1", "PM-PS-9"})
    void whoHasNoRoomForWhatMustNotBeDroppedIsCutOffInstead() {
        Client slow = welcome().subscribe(1, "t", false);
        Client other = welcome().subscribe(1, "t", false);
        slow.sink.takenMax = slow.sink.sent.size();
        String json = "\"" + "x".repeat(998) + "\"";
        int queued = 0;
        while (topics.exchange.slowConsumers() == 0) {
            assertThat(slow.sink.ended).isFalse();
            other.say(TopicClientFrame.newBuilder()
                    .addPublish(message(1, "t", json).toBuilder().setUndroppable(true)));
            queued++;
        }
        assertThat(queued).as("up to the hard limit").isBetween(45, 50);
        assertThat(slow.goodbye()).isEqualTo(ErrorCode.ESLOWCONSUMER);
        assertThat(topics.exchange.dropped())
                .as("the one that it had no room for")
                .isEqualTo(1);
        assertThat(other.messages()).hasSize(queued);
        List<MessagePublished> counts = other.published();
        assertThat(counts.subList(0, queued - 1))
                .extracting(MessagePublished::getSessions)
                .containsOnly(2);
        assertThat(counts.get(queued - 1).getSessions()).isEqualTo(1);
    }

    @Test
    @Feature({"PM-N-1", "PM-PS-8"})
    void whatMustNotBeDroppedComesBehindTheGapOfOthers() {
        Client slow = welcome().subscribe(1, "t", false);
        slow.sink.takenMax = slow.sink.sent.size();
        String json = "\"" + "x".repeat(998) + "\"";
        for (int i = 0; i < 12; i++) {
            slow.publish(0, "t", json);
        }
        slow.say(TopicClientFrame.newBuilder()
                .addPublish(message(0, "t", "1").toBuilder().setUndroppable(true)));
        slow.sink.takenMax = Integer.MAX_VALUE;
        slow.stream.ready();
        assertThat(slow.sink.sent.stream()
                        .mapToLong(TopicServerFrame::getDropped)
                        .sum())
                .isEqualTo(topics.exchange.dropped())
                .isPositive();
        assertThat(slow.messages()).endsWith(json, "1");
    }

    @Test
    @Feature("PM-PS-8")
    void whoTakesSomethingAgainIsToldWhatItHasMissed() {
        Client slow = welcome().subscribe(1, "t", false);
        slow.sink.takenMax = slow.sink.sent.size();
        String json = "\"" + "x".repeat(998) + "\"";
        for (int i = 0; i < 20; i++) {
            slow.publish(0, "t", json);
        }
        slow.sink.takenMax = Integer.MAX_VALUE;
        slow.stream.ready();
        long missed =
                slow.sink.sent.stream().mapToLong(TopicServerFrame::getDropped).sum();
        assertThat(missed).isPositive().isEqualTo(topics.exchange.dropped());
        assertThat(slow.messages()).hasSize(20 - (int) missed);
    }

    @Test
    @Feature({"G-4", "A-41"})
    void theEndOfASessionOrOfLeadershipEndsTheStream() {
        Client a = welcome();
        Client b = welcome();
        long session = a.stream.sessionId();
        node.proposer().offer(expire(session));
        node.commit();
        topics.run();
        assertThat(a.goodbye()).isEqualTo(ErrorCode.ESESSION);
        topics.leads.state = LeaderView.State.ELSEWHERE;
        b.publish(1, "t", "1");
        assertThat(b.goodbye()).isEqualTo(ErrorCode.ENOTLEADER);
        assertThat(new Client().hello(b.stream.sessionId(), secret(2)).goodbye())
                .isEqualTo(ErrorCode.ENOTLEADER);
        topics.leads.state = LeaderView.State.SERVING;
        Client c = welcome();
        node.gateway().close();
        topics.run();
        assertThat(c.goodbye()).isEqualTo(ErrorCode.ENOTLEADER);
        assertThat(c.sink.sent.get(c.sink.sent.size() - 1).getGoodbye().getLeaderAddress())
                .isEqualTo("other:1");
    }

    private static Proposal expire(long session) {
        return new Proposal() {
            @Override
            public List<Command> commands() {
                return List.of(Command.newBuilder()
                        .setSession(SessionCommand.newBuilder()
                                .setExpire(ExpireSession.newBuilder().setSessionId(session)))
                        .build());
            }

            @Override
            public void applied(int from, List<io.coordinator.protocol.Reply> replies) {}

            @Override
            public void failed() {}
        };
    }

    @Test
    void aClientThatSaysNothingEnds() {
        Client silent = new Client();
        topics.exchange.sweep(System.nanoTime() + 11_000_000_000L);
        topics.run();
        assertThat(silent.goodbye()).isEqualTo(ErrorCode.ETIMEOUT);
    }
}
