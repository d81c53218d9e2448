package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.KeepAlive;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.propose.Batch;
import io.coordinator.server.support.HandNode;
import io.coordinator.server.support.SentFrames;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions of a leader whose entries commit when the test says so. */
class SessionsByHandTest {
    private final Leads leads = new Leads();
    private final HandNode node = new HandNode(leads);

    @BeforeEach
    void lead() {
        node.proposer().open();
        node.gate().open();
        node.gateway().prepare();
        node.gateway().open();
    }

    @AfterEach
    void close() {
        node.close();
        assertThat(node.bug()).isEmpty();
    }

    @Test
    @Feature({"G-13", "C-09"})
    void aKeepAliveIsConfirmedOnlyByALeaderThatHasProvenItself() {
        Client client = new Client();
        client.open();
        node.time().advance(HandNode.LOG_LEASE);
        client.keepAlive(1);
        client.await(ServerFrame::hasHeard);
        assertThat(client.confirmed()).as("this node may be cut off").isEmpty();

        node.commit();
        client.await(ServerFrame::hasKeepAlive);
        assertThat(client.confirmed()).containsExactly(1L);

        node.time().advance(HandNode.LOG_LEASE);
        client.keepAlive(2);
        node.gateway().close();
        client.await(ServerFrame::hasGoodbye);
        assertThat(client.confirmed()).as("nor by one that leads no longer").containsExactly(1L);
    }

    @Test
    @Feature({"G-13", "S-32"})
    void aSessionIsResumedOnlyAtALeaderThatHasProvenItself() {
        Client client = new Client();
        Welcome welcome = client.open();
        node.time().advance(HandNode.LOG_LEASE);
        Client again = new Client();
        again.hello(welcome.getSessionId());
        Batch proof = (Batch) node.log().next();
        assertThat(again.sent.all()).noneMatch(ServerFrame::hasWelcome);
        node.commit(proof);
        assertThat(again.await(ServerFrame::hasWelcome).getWelcome().getResumed())
                .isTrue();
    }

    @Test
    @Feature("S-32")
    void aStreamThatEndsLateTakesNothingFromTheOneThatHasResumedItsSession() {
        Client first = new Client();
        Welcome welcome = first.open();
        Client second = new Client();
        second.hello(welcome.getSessionId());
        second.await(ServerFrame::hasWelcome);
        assertThat(first.await(ServerFrame::hasGoodbye).getGoodbye().getCode()).isNotEqualTo(ErrorCode.ENOTLEADER);
        first.stream.gone();
        assertThat(node.gateway().attachedSessions()).isEqualTo(1);
        second.stream.gone();
        assertThat(node.gateway().attachedSessions()).isZero();
    }

    /** The reply is there before the hub has heard of the change. */
    @Test
    @Feature("G-11")
    void aWatchFromNowOnDoesNotSeeWhatItsClientKnowsToBeDone() {
        Client client = new Client();
        long session = client.open().getSessionId();
        client.sent.react(frame -> {
            if (frame.getRepliesCount() > 0 && frame.getReplies(0).getSeq() == 1) {
                client.watch("k");
            }
        });
        client.put(session, 1, "k");
        long first = revisionOf(node, client, 1);
        client.await(frame -> frame.getWatchesList().stream().anyMatch(WatchUpdate::getCaughtUp));
        client.put(session, 2, "k");
        long second = revisionOf(node, client, 2);
        client.await(frame -> frame.getWatchesList().stream().anyMatch(update -> update.getChangesCount() > 0));
        assertThat(second).isGreaterThan(first);
        assertThat(client.sent.all().stream()
                        .flatMap(frame -> frame.getWatchesList().stream())
                        .flatMap(update -> update.getChangesList().stream())
                        .map(Change::getRevision))
                .containsExactly(second);
    }

    @Test
    @Feature({"S-78", "B-13"})
    void aNodeThatEndsOpensNoSessionButResumesThoseThereAre() {
        Client old = new Client();
        long session = old.open().getSessionId();
        leads.ending = true;
        Client fresh = new Client();
        fresh.hello(0);
        Client resumed = new Client();
        resumed.hello(session);
        assertThat(resumed.await(ServerFrame::hasWelcome).getWelcome().getResumed())
                .isTrue();
        assertThat(node.proposer().queuedCommands()).isZero();
        assertThat(node.log().waiting()).isZero();

        leads.state = LeaderView.State.ELSEWHERE;
        node.gateway().close();
        assertThat(fresh.await(ServerFrame::hasGoodbye).getGoodbye()).satisfies(goodbye -> {
            assertThat(goodbye.getCode()).isEqualTo(ErrorCode.ENOTLEADER);
            assertThat(goodbye.getLeaderAddress()).isEqualTo("n1:4701");
        });
    }

    private static long revisionOf(HandNode node, Client client, long seq) {
        node.commit();
        return client.await(frame ->
                        frame.getRepliesCount() > 0 && frame.getReplies(0).getSeq() == seq)
                .getReplies(0)
                .getRevision();
    }

    private final class Client {
        private final SentFrames sent = new SentFrames();
        private final ClientStream stream = node.gateway().connect(sent);

        void hello(long session) {
            receive(ClientFrame.newBuilder()
                    .setHello(Hello.newBuilder()
                            .setVersionMin(1)
                            .setVersionMax(1)
                            .setSessionId(session)
                            .setResumeToken(ByteString.copyFromUtf8("0123456789abcdef"))));
        }

        Welcome open() {
            hello(0);
            node.commit();
            return await(ServerFrame::hasWelcome).getWelcome();
        }

        void keepAlive(long id) {
            receive(ClientFrame.newBuilder().setKeepAlive(KeepAlive.newBuilder().setId(id)));
        }

        void watch(String key) {
            receive(ClientFrame.newBuilder()
                    .addStartWatches(StartWatch.newBuilder()
                            .setId(1)
                            .setData(DataKind.CACHE)
                            .setNamespace("n")
                            .setKey(key)));
        }

        void put(long session, long seq, String key) {
            receive(ClientFrame.newBuilder()
                    .addCommands(Command.newBuilder()
                            .setSessionId(session)
                            .setSeq(seq)
                            .setCache(CacheCommand.newBuilder()
                                    .setNamespace("n")
                                    .setKey(key)
                                    .setPut(PutValue.newBuilder().setValue(ByteString.copyFromUtf8("1"))))));
        }

        private void receive(ClientFrame.Builder frame) {
            stream.received(frame.build(), 0);
        }

        ServerFrame await(Predicate<ServerFrame> wanted) {
            return Awaitility.await()
                    .until(() -> sent.all().stream().filter(wanted).findFirst(), Optional::isPresent)
                    .orElseThrow();
        }

        List<Long> confirmed() {
            return sent.all().stream()
                    .filter(ServerFrame::hasKeepAlive)
                    .map(frame -> frame.getKeepAlive().getId())
                    .toList();
        }
    }

    private static final class Leads implements LeaderView {
        private volatile boolean ending;
        private volatile State state = State.SERVING;

        @Override
        public State state() {
            return state;
        }

        @Override
        public boolean admitsNewSessions() {
            return !ending;
        }

        @Override
        public long term() {
            return 1;
        }

        @Override
        public long leaderSilenceNanos() {
            return 0;
        }

        @Override
        public long heartbeatNanos() {
            return 1;
        }

        @Override
        public String leaderAddress() {
            return "n1:4701";
        }
    }
}
