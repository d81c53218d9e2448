package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client meets at the door and on its stream; one node serves all tests. */
class GatewayTest {
    private static @Nullable TestNodes nodes;
    private static String address = "";

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        nodes = new TestNodes(directory, 1)
                .with(config -> config.set(Keys.AUTH_TOKEN, Optional.of("secret"))
                        .set(Keys.VALUE_BYTES_MAX, 10_000)
                        .set(Keys.REQUEST_BYTES_MAX, 20_000)
                        .set(Keys.SESSION_LEASE_MIN_MILLIS, 300)
                        .set(Keys.SESSION_LEASE_MILLIS, 5_000))
                .startAll();
        address = nodes.leaderAddress();
    }

    @AfterAll
    static void stop() {
        if (nodes != null) {
            nodes.close();
        }
    }

    private static Hello.Builder hello() {
        return RawClient.freshHello().setAuthToken("secret");
    }

    private static RawClient open() {
        return open(hello().build());
    }

    private static RawClient open(Hello hello) {
        RawClient client = new RawClient(address);
        client.hello(hello);
        Welcome welcome = client.await(ServerFrame::hasWelcome).getWelcome();
        client.useSession(welcome.getSessionId());
        return client;
    }

    private static ErrorCode refusal(Hello hello) {
        try (RawClient client = new RawClient(address)) {
            client.hello(hello);
            ErrorCode code = client.goodbye().getCode();
            await().until(client::ended);
            assertThat(client.failure()).isNull();
            return code;
        }
    }

    @Test
    @Feature({"S-80", "PM-AUTH-1"})
    void strangersAreTurnedAway() {
        assertThat(refusal(hello().setAuthToken("guess").build())).isEqualTo(ErrorCode.EAUTH);
        assertThat(refusal(hello().clearAuthToken().build())).isEqualTo(ErrorCode.EAUTH);
        assertThat(refusal(hello().setCluster("another").build())).isEqualTo(ErrorCode.EMISMATCH);
        assertThat(refusal(hello().setVersionMin(2).setVersionMax(9).build())).isEqualTo(ErrorCode.EMISMATCH);
        assertThat(refusal(
                        hello().setResumeToken(ByteString.copyFromUtf8("short")).build()))
                .isEqualTo(ErrorCode.EINVAL);
        assertThat(refusal(hello().setSessionId(987_654).build())).isEqualTo(ErrorCode.ESESSION);
    }

    @Test
    @Feature("PM-CONN-7")
    void bothSidesAgreeOnTheNewestVersionThatTheySpeak() {
        try (RawClient client = new RawClient(address)) {
            client.hello(hello().setVersionMin(1).setVersionMax(9).build());
            Welcome welcome = client.await(ServerFrame::hasWelcome).getWelcome();
            assertThat(welcome.getVersion()).isEqualTo(1);
            assertThat(welcome.getActiveVersion()).as("what the cluster can do").isPositive();
        }
    }

    @Test
    void aStreamBeginsWithHello() {
        try (RawClient client = new RawClient(address)) {
            client.hello(Hello.getDefaultInstance());
            assertThat(client.goodbye().getCode()).isEqualTo(ErrorCode.EMISMATCH);
        }
    }

    @Test
    void theLeaseIsBroughtIntoItsLimitsAndTheWelcomeSaysSo() {
        try (RawClient client = new RawClient(address)) {
            client.hello(hello().setLeaseMillis(1).build());
            Welcome welcome = client.await(ServerFrame::hasWelcome).getWelcome();
            assertThat(welcome.getLeaseMillis()).isEqualTo(300);
            assertThat(welcome.getMaxValueBytes()).isEqualTo(10_000);
            assertThat(welcome.getEndpointsList()).containsExactly(address);
            assertThat(welcome.getCluster()).isEqualTo("coordinator");
        }
    }

    @Test
    void aSessionIsResumedOnlyWithItsToken() {
        Hello hello = hello().build();
        try (RawClient first = open(hello)) {
            long session = first.session();
            assertThat(refusal(hello().setSessionId(session).build())).isEqualTo(ErrorCode.EAUTH);

            try (RawClient second = new RawClient(address)) {
                second.hello(hello.toBuilder().setSessionId(session).build());
                assertThat(second.await(ServerFrame::hasWelcome).getWelcome().getResumed())
                        .isTrue();
                assertThat(first.goodbye().getCode()).as("taken over").isEqualTo(ErrorCode.EDISCONNECTED);
                second.useSession(session);
                assertThat(second.call(second.put("k", "1")).hasError()).isFalse();
            }
        }
    }

    @Test
    void openingTwiceWithOneTokenGivesOneSession() {
        Hello hello = hello().build();
        try (RawClient first = open(hello);
                RawClient second = open(hello)) {
            assertThat(second.session()).isEqualTo(first.session());
        }
    }

    @Test
    @Feature({"S-23", "PM-CACHE-14"})
    void aRefusedCommandUsesUpItsNumberAndIsRefusedAgainWhenRepeated() {
        try (RawClient client = open()) {
            Command good = client.put("limit", "1");
            Command large = client.put("limit", "\"" + "x".repeat(15_000) + "\"");
            Command after = client.put("limit", "2");
            client.send(ClientFrame.newBuilder()
                    .addCommands(good)
                    .addCommands(large)
                    .addCommands(after)
                    .build());
            List<Reply> replies = new ArrayList<>();
            while (replies.size() < 3) {
                replies.addAll(
                        client.await(frame -> frame.getRepliesCount() > 0).getRepliesList());
            }
            assertThat(replies.get(1).getError().getCode()).isEqualTo(ErrorCode.ETOOLARGE);
            assertThat(replies.get(2).hasError()).isFalse();
            assertThat(client.call(large).getError().getCode()).isEqualTo(ErrorCode.ETOOLARGE);
            assertThat(client.read("limit")).isEqualTo("2");

            Command admissibleNow = large.toBuilder()
                    .setCache(large.getCache().toBuilder()
                            .setPut(large.getCache().getPut().toBuilder().setValue(ByteString.copyFromUtf8("3"))))
                    .build();
            assertThat(client.call(admissibleNow).getError().getCode())
                    .as("its number is used up")
                    .isEqualTo(ErrorCode.EBUSY);
            assertThat(client.read("limit")).isEqualTo("2");
        }
    }

    @Test
    void clientsCannotSpeakForTheClusterOrForOthers() {
        try (RawClient client = open();
                RawClient victim = open()) {
            Command expire = client.command()
                    .setSession(SessionCommand.newBuilder()
                            .setExpire(ExpireSession.newBuilder().setSessionId(victim.session())))
                    .build();
            assertThat(client.call(expire).getError().getCode()).isEqualTo(ErrorCode.EINVAL);
            assertThat(victim.call(victim.put("v", "1")).hasError()).isFalse();

            client.send(
                    ClientFrame.newBuilder().addCommands(victim.put("v", "2")).build());
            assertThat(client.goodbye().getCode()).isEqualTo(ErrorCode.EINVAL);
        }
    }

    @Test
    void aReadWaitsForTheSessionsOwnWrites() {
        try (RawClient client = open()) {
            client.send(ClientFrame.newBuilder()
                    .addQueries(client.get("own", Consistency.LINEARIZABLE, 1))
                    .addCommands(client.put("own", "7"))
                    .build());
            Answer answer = client.answer(1);
            assertThat(answer.getCache().getGot().getEntry().getValue().toStringUtf8())
                    .isEqualTo("7");
        }
    }

    @Test
    @Feature("C-08")
    void aReadDoesNotWaitForACommandThatMayNeverCome() {
        try (RawClient client = open()) {
            client.call(client.put("own", "7"));
            for (long never : List.of(2L, 1L << 60, -1L)) {
                Answer refused = client.ask(client.get("own", Consistency.LINEARIZABLE, never));
                assertThat(refused.getError().getCode()).isEqualTo(ErrorCode.EINVAL);
                assertThat(refused.getError().getMessage()).contains("after_seq", "send the command");
            }
            assertThat(client.ask(client.get("own", Consistency.LINEARIZABLE, 1))
                            .hasError())
                    .isFalse();
        }
    }

    @Test
    void aReadWithoutASessionIsAnsweredToo() {
        try (RawClient client = open()) {
            client.call(client.put("unary", "1"));
            for (Consistency consistency : List.of(Consistency.LINEARIZABLE, Consistency.QUORUM, Consistency.STALE)) {
                Answer answer = CoordinatorServiceGrpc.newBlockingStub(client.channel())
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(RawClient.bearer("secret")))
                        .read(client.get("unary", consistency, 0));
                assertThat(answer.getCache().getGot().getEntry().getValue().toStringUtf8())
                        .isEqualTo("1");
            }
        }
    }

    @Test
    void aKeepAliveIsAnsweredWithTheClustersTime() {
        try (RawClient client = open()) {
            client.keepAlive(5);
            var reply = client.await(ServerFrame::hasKeepAlive).getKeepAlive();
            assertThat(reply.getId()).isEqualTo(5);
            assertThat(reply.getClusterTimeMillis()).isPositive();
        }
    }

    @Test
    @Feature("C-14")
    void whoGoesBeforeItsTurnHurtsNobody() {
        // The moments sweep over the time that a session takes to be opened.
        for (int i = 0; i < 200; i++) {
            try (RawClient gone = new RawClient(address)) {
                gone.hello(hello().build());
                LockSupport.parkNanos(i * 50_000L);
            }
        }
        try (RawClient stays = open()) {
            stays.keepAlive(1);
            assertThat(stays.await(ServerFrame::hasKeepAlive).getKeepAlive().getId())
                    .isOne();
        }
    }

    @Test
    @Feature("C-14")
    void clientsAreToldToSpreadTheirReturnTheMoreThereAre() {
        try (RawClient one = open();
                RawClient other = open()) {
            one.keepAlive(1);
            other.keepAlive(1);
            int spread = one.await(ServerFrame::hasKeepAlive).getKeepAlive().getSpreadMillis();
            assertThat(spread).isBetween(2 * 2, 2_000);
        }
    }

    @Test
    @Feature("PM-LOCK-4")
    void aSilentSessionEndsAndItsLockPassesOn() {
        Hello shortLived = hello().setLeaseMillis(300).build();
        try (RawClient silent = open(shortLived);
                RawClient waiter = open()) {
            silent.call(silent.lock("inherited", 0));
            Reply queued = waiter.call(waiter.lock("inherited", -1));
            assertThat(queued.getLock().hasQueued()).isTrue();
            var granted = waiter.await(frame -> frame.getEventsCount() > 0).getEvents(0);
            assertThat(granted.getLock().hasGranted()).isTrue();
            assertThat(granted.getRequestSeq()).isEqualTo(queued.getSeq());
            assertThat(silent.goodbye().getCode()).isEqualTo(ErrorCode.ESESSION);
        }
    }

    @Test
    @Feature("S-50")
    void eventsAreKeptUntilTheyAreAcknowledged() {
        Hello hello = hello().build();
        try (RawClient holder = open();
                RawClient waiter = open(hello)) {
            long token =
                    holder.call(holder.lock("kept", 0)).getLock().getGranted().getToken();
            waiter.call(waiter.lock("kept", -1));
            waiter.close();
            holder.call(holder.command()
                    .setLock(io.coordinator.protocol.LockCommand.newBuilder()
                            .setNamespace("default")
                            .addNames("kept")
                            .setRelease(io.coordinator.protocol.ReleaseLock.newBuilder()
                                    .setToken(token)))
                    .build());
            try (RawClient back = new RawClient(address)) {
                back.hello(hello.toBuilder().setSessionId(waiter.session()).build());
                ServerFrame first = back.await(ServerFrame::hasWelcome);
                var event = first.getEventsCount() > 0
                        ? first.getEvents(0)
                        : back.await(frame -> frame.getEventsCount() > 0).getEvents(0);
                assertThat(event.getNumber()).isEqualTo(1);
                assertThat(event.getLock().getGranted().getToken()).isGreaterThan(token);
            }
        }
    }

    @Test
    void aWatchSeesWhatHappensAfterItStarted() {
        try (RawClient watcher = open();
                RawClient writer = open()) {
            watcher.watch(StartWatch.newBuilder()
                    .setId(3)
                    .setData(DataKind.CACHE)
                    .setNamespace("default")
                    .setKey("watched/")
                    .setPrefix(true)
                    .build());
            WatchUpdate started =
                    watcher.await(frame -> frame.getWatchesCount() > 0).getWatches(0);
            assertThat(started.getStarted()).isTrue();
            long revision = writer.call(writer.put("watched/a", "1"))
                    .getCache()
                    .getWritten()
                    .getRevision();
            WatchUpdate update =
                    watcher.await(frame -> frame.getWatchesCount() > 0).getWatches(0);
            assertThat(update.getChangesList()).singleElement().satisfies(change -> {
                assertThat(change.getKey()).isEqualTo("watched/a");
                assertThat(change.getRevision()).isEqualTo(revision);
            });
        }
    }

    @Test
    @Feature("B-09")
    void aWatchOfSeveralKindsHearsThemInTheirOrder() {
        try (RawClient watcher = open();
                RawClient writer = open()) {
            watcher.watch(StartWatch.newBuilder()
                    .setId(3)
                    .setData(DataKind.LOCK)
                    .addMoreData(DataKind.CACHE)
                    .setNamespace("default")
                    .setKey("both/")
                    .setPrefix(true)
                    .build());
            watcher.await(frame -> frame.getWatchesCount() > 0);
            List<String> heard = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                writer.call(writer.put("both/" + i, "1"));
                writer.call(writer.lock("both/" + i, 0));
            }
            while (heard.size() < 6) {
                watcher.await(frame -> frame.getWatchesCount() > 0).getWatchesList().stream()
                        .flatMap(update -> update.getChangesList().stream())
                        .map(change -> change.getData() + " " + change.getKey())
                        .forEach(heard::add);
            }
            assertThat(heard)
                    .containsExactly(
                            "CACHE both/0",
                            "LOCK both/0",
                            "CACHE both/1",
                            "LOCK both/1",
                            "CACHE both/2",
                            "LOCK both/2");
        }
    }

    @Test
    void garbageEndsItsOwnStreamOnly() throws Exception {
        try (RawClient bystander = open();
                RawClient vandal = new RawClient(address)) {
            BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
            BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
            ClientCall<byte[], ServerFrame> call = vandal.channel()
                    .newCall(
                            CoordinatorServiceGrpc.getSessionMethod().toBuilder(
                                            new Bytes(), ProtoUtils.marshaller(ServerFrame.getDefaultInstance()))
                                    .build(),
                            io.grpc.CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(ServerFrame frame) {
                            frames.add(frame);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            ends.add(status);
                        }
                    },
                    new Metadata());
            call.request(10);
            call.sendMessage(new byte[] {(byte) 0xff, (byte) 0xff, 0x13, 0x37, 0x00});
            ServerFrame frame = frames.poll(10, TimeUnit.SECONDS);
            assertThat(frame).isNotNull();
            assertThat(frame.getGoodbye().getCode()).isEqualTo(ErrorCode.EINVAL);
            assertThat(frame.getGoodbye().getMessage()).contains("malformed");
            assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo(Status.OK);
            assertThat(bystander.call(bystander.put("calm", "1")).hasError()).isFalse();
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException();
        }
    }
}
