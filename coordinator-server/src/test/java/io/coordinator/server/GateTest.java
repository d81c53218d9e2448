package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.StopNodeRequest;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes in at the client port passes one gate. */
class GateTest {
    private static final String SECRET = "open-sesame";
    private static final Metadata.Key<Error> REFUSAL = ProtoUtils.keyForProto(Error.getDefaultInstance());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private TestNodes node(Consumer<io.coordinator.server.config.ServerConfig.Builder> settings)
            throws StartupException {
        return new TestNodes(directory, 1).with(settings).startAll();
    }

    private static Error goodbye(String address, Hello hello) {
        return goodbye(address, new Metadata(), hello);
    }

    private static Error goodbye(String address, Metadata headers, Hello hello) {
        try (RawClient client = new RawClient(address, headers)) {
            client.hello(hello);
            Error error = client.goodbye();
            await().until(client::ended);
            return error;
        }
    }

    private static RawClient welcomed(String address, Metadata headers, Hello hello) {
        RawClient client = new RawClient(address, headers);
        client.hello(hello);
        Welcome welcome = client.await(ServerFrame::hasWelcome).getWelcome();
        client.useSession(welcome.getSessionId());
        return client;
    }

    @Test
    @Feature("C-07")
    void aGreetingThatIsTooLargeIsRefusedAndNobodyIsDeposed() throws Exception {
        try (TestNodes nodes = node(config -> {})) {
            String address = nodes.leaderAddress();
            long term = nodes.node("n1").status().getTerm();
            String name = "x".repeat(5 << 20);
            Error refused =
                    goodbye(address, RawClient.freshHello().setClientName(name).build());
            assertThat(refused.getCode()).isEqualTo(ErrorCode.ETOOLARGE);
            assertThat(refused.getMessage()).contains("client_name").hasSizeLessThan(300);
            assertThat(goodbye(address, RawClient.freshHello().setCluster(name).build())
                            .getCode())
                    .isEqualTo(ErrorCode.ETOOLARGE);
            assertThat(goodbye(
                                    address,
                                    RawClient.freshHello().setClientName("a\0b").build())
                            .getCode())
                    .isEqualTo(ErrorCode.EINVAL);
            try (RawClient next = RawClient.open(address)) {
                assertThat(next.call(next.put("k", "1")).hasError()).isFalse();
            }
            assertThat(nodes.node("n1").status().getTerm()).isEqualTo(term);
        }
    }

    @Test
    @Feature({"C-11", "PM-AUTH-1"})
    void everyMethodAsksForTheToken() throws Exception {
        try (TestNodes nodes = node(config -> config.set(Keys.AUTH_TOKEN, Optional.of(SECRET)))) {
            String address = nodes.leaderAddress();
            List<MethodDescriptor<?, ?>> unary = CoordinatorServiceGrpc.getServiceDescriptor().getMethods().stream()
                    .filter(method -> method.getType() == MethodDescriptor.MethodType.UNARY)
                    // Who joins is a node, and shows more than clients have.
                    .filter(method -> !method.equals(CoordinatorServiceGrpc.getJoinMethod()))
                    .toList();
            assertThat(unary).hasSizeGreaterThanOrEqualTo(3);
            try (RawClient stranger = new RawClient(address);
                    RawClient guesser = new RawClient(address, RawClient.bearer("guess"));
                    RawClient friend = new RawClient(address, RawClient.bearer(SECRET))) {
                for (MethodDescriptor<?, ?> method : unary) {
                    for (RawClient refused : List.of(stranger, guesser)) {
                        Ended ended = call(refused, method.getFullMethodName());
                        assertThat(ended.status().getCode())
                                .as(method.getFullMethodName())
                                .isEqualTo(Status.Code.UNAUTHENTICATED);
                        assertThat(ended.trailers().get(REFUSAL).getCode()).isEqualTo(ErrorCode.EAUTH);
                    }
                    assertThat(call(friend, method.getFullMethodName()).status().getCode())
                            .as(method.getFullMethodName())
                            .isEqualTo(Status.Code.OK);
                }
            }
        }
    }

    @Test
    @Feature("C-08")
    void aFrameThatTakesLongIsServedWholeAlthoughItsClientSaysNoMore() throws Exception {
        String document = "[" + "{\"a\":1},".repeat(60_000) + "1]";
        try (TestNodes nodes = node(config -> {});
                RawClient client = RawClient.open(nodes.leaderAddress());
                RawClient reader = RawClient.open(nodes.leaderAddress())) {
            ClientFrame.Builder frame = ClientFrame.newBuilder();
            for (int i = 1; i <= 6; i++) {
                frame.addCommands(client.put("k" + i, document));
            }
            client.send(frame.build());
            client.sayNoMore();
            await().until(client::ended);
            for (int i = 1; i <= 6; i++) {
                String key = "k" + i;
                await().untilAsserted(() -> assertThat(reader.read(key)).hasSameSizeAs(document));
            }
        }
    }

    @Test
    @Feature("C-08")
    void garbageIsAnsweredAndNotLogged() throws Exception {
        Queue<LogRecord> logged = new ConcurrentLinkedQueue<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger grpc = Logger.getLogger("io.grpc");
        grpc.addHandler(handler);
        try (TestNodes nodes = node(config -> {});
                RawClient client = new RawClient(nodes.leaderAddress())) {
            for (String method : List.of(
                    "Read", "NodeStatus", "TransferLeadership", "FinalizeUpgrade", "StopNode", "ChangeMembers")) {
                String name = CoordinatorServiceGrpc.SERVICE_NAME + "/" + method;
                Ended malformed = call(client, name, new byte[] {-1, -1});
                assertThat(malformed.status().getCode()).as(method).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(malformed.trailers().get(REFUSAL).getCode()).isEqualTo(ErrorCode.EINVAL);
                byte[] unknownFields = new byte[1 << 20];
                for (int i = 0; i < unknownFields.length; i += 2) {
                    unknownFields[i] = 120;
                }
                Ended tooMany = call(client, name, unknownFields);
                assertThat(tooMany.status().getCode()).as(method).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(tooMany.trailers().get(REFUSAL).getCode()).isEqualTo(ErrorCode.ETOOLARGE);
            }
            assertThat(call(client, "coordinator.v1.Nobody/Knows").status().getCode())
                    .isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(client.status().getServing()).isTrue();
        } finally {
            grpc.removeHandler(handler);
        }
        assertThat(logged)
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.INFO.intValue())
                .extracting(LogRecord::getMessage)
                .isEmpty();
    }

    private record Ended(Status status, Metadata trailers) {}

    /** Calls a method with an empty message, whatever its type. */
    private static Ended call(RawClient client, String method) throws Exception {
        return call(client, method, new byte[0]);
    }

    private static Ended call(RawClient client, String method, byte[] message) throws Exception {
        CompletableFuture<Ended> ended = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = client.channel()
                .newCall(
                        MethodDescriptor.<byte[], byte[]>newBuilder()
                                .setType(MethodDescriptor.MethodType.UNARY)
                                .setFullMethodName(method)
                                .setRequestMarshaller(new Bytes())
                                .setResponseMarshaller(new Bytes())
                                .build(),
                        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(new Ended(status, trailers));
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage(message);
        call.halfClose();
        return ended.get(30, TimeUnit.SECONDS);
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    @Feature({"C-11", "PM-AUTH-1"})
    void aStreamShowsTheTokenInItsHeaderOrInItsGreeting() throws Exception {
        try (TestNodes nodes = node(config -> config.set(Keys.AUTH_TOKEN, Optional.of(SECRET)))) {
            String address = nodes.leaderAddress();
            Hello silent = RawClient.freshHello().build();
            Hello telling = RawClient.freshHello().setAuthToken(SECRET).build();
            Metadata none = new Metadata();
            welcomed(address, RawClient.bearer(SECRET), silent).close();
            welcomed(address, none, telling).close();
            assertThat(goodbye(address, none, silent).getCode()).isEqualTo(ErrorCode.EAUTH);
            assertThat(goodbye(address, RawClient.bearer("guess"), telling).getCode())
                    .as("a wrong token is not made good by another")
                    .isEqualTo(ErrorCode.EAUTH);
            assertThat(goodbye(
                                    address,
                                    none,
                                    telling.toBuilder().setAuthToken("guess").build())
                            .getCode())
                    .isEqualTo(ErrorCode.EAUTH);
        }
    }

    /** Whoever may hand over may stop, and nobody else; and the node that is meant, not one that has its address now. */
    @Test
    @Feature("PM-CLI-4")
    void aNodeIsStoppedByWhomItTrustsAndIfItIsMeant() throws Exception {
        try (TestNodes nodes = node(config -> config.set(Keys.AUTH_TOKEN, Optional.of(SECRET)));
                RawClient client = new RawClient(nodes.leaderAddress());
                RawClient friend = new RawClient(nodes.leaderAddress(), RawClient.bearer(SECRET))) {
            var plain = CoordinatorServiceGrpc.newBlockingStub(client.channel());
            StopNodeRequest stop = StopNodeRequest.newBuilder().setNode("n1").build();
            assertThatThrownBy(() -> plain.stopNode(stop))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            refused ->
                                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
            var trusted = CoordinatorServiceGrpc.newBlockingStub(friend.channel());
            assertThat(trusted.stopNode(stop.toBuilder().setNode("n2").build())
                            .getError()
                            .getCode())
                    .isEqualTo(ErrorCode.EINVAL);
            CoordinatorServer node = nodes.node("n1");
            assertThat(node.terminated()).isNotDone();
            assertThat(trusted.stopNode(stop).hasError()).isFalse();
            node.terminated().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aTransferToAnImpossibleNodeIsRefusedByTheRules() throws Exception {
        try (TestNodes nodes = node(config -> {});
                RawClient client = new RawClient(nodes.leaderAddress())) {
            var reply = CoordinatorServiceGrpc.newBlockingStub(client.channel())
                    .transferLeadership(TransferLeadershipRequest.newBuilder()
                            .setTo("n".repeat(2_000))
                            .build());
            assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ETOOLARGE);
        }
    }

    @Test
    void connectionsAreBoundedAndOneTooManyIsToldSo() throws Exception {
        try (TestNodes nodes =
                node(config -> config.set(Keys.CONNECTIONS_MAX, 3).set(Keys.SESSION_LEASE_MILLIS, 60_000))) {
            connectionsAreBounded(nodes.leaderAddress(), 3);
        }
    }

    @Test
    void connectionsOfOneAddressAreBounded() throws Exception {
        try (TestNodes nodes = node(
                config -> config.set(Keys.CONNECTIONS_PER_ADDRESS_MAX, 2).set(Keys.SESSION_LEASE_MILLIS, 60_000))) {
            connectionsAreBounded(nodes.leaderAddress(), 2);
        }
    }

    private static void connectionsAreBounded(String address, int max) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < max; i++) {
            clients.add(RawClient.open(address));
        }
        Error refused = goodbye(address, RawClient.freshHello().build());
        assertThat(refused.getCode()).isEqualTo(ErrorCode.EBUSY);
        assertThat(refused.getMessage()).contains(max + " connections");
        assertThat(refused.getRetryAfterMillis()).isPositive();
        try (RawClient extra = new RawClient(address)) {
            assertThatThrownBy(() -> CoordinatorServiceGrpc.newBlockingStub(extra.channel())
                            .nodeStatus(NodeStatusRequest.getDefaultInstance()))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                        assertThat(e.getTrailers().get(REFUSAL).getCode()).isEqualTo(ErrorCode.EBUSY);
                    });
        }
        try (Socket silent = connect(address)) {
            assertThat(endsWithin(silent, Duration.ofSeconds(6)))
                    .as("closed long before one that may stay but does not greet")
                    .isTrue();
        }
        clients.forEach(client ->
                assertThat(client.call(client.put("k", "1")).hasError()).isFalse());
        clients.forEach(RawClient::close);
        await().atMost(Duration.ofSeconds(20)).until(() -> isWelcome(address));
    }

    private static boolean isWelcome(String address) {
        try (RawClient client = new RawClient(address)) {
            client.hello(RawClient.freshHello().build());
            return client.await(frame -> frame.hasWelcome() || frame.hasGoodbye())
                    .hasWelcome();
        }
    }

    private static Socket connect(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        return new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /** What comes before the end is not of interest. */
    private static boolean endsWithin(Socket socket, Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        long deadline = System.nanoTime() + time.toNanos();
        try {
            while (socket.getInputStream().read() >= 0) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aConnectionThatNeverGreetsEnds() throws Exception {
        try (TestNodes nodes = node(config -> {});
                Socket silent = connect(nodes.leaderAddress())) {
            assertThat(endsWithin(silent, Duration.ofSeconds(40))).isTrue();
        }
    }

    @Test
    void sessionsAreBoundedInAll() throws Exception {
        try (TestNodes nodes = node(config -> config.set(Keys.SESSIONS_MAX, 2))) {
            sessionsAreBounded(nodes.leaderAddress(), "the cluster has 2 sessions");
        }
    }

    @Test
    void sessionsOfOneAddressAreBounded() throws Exception {
        try (TestNodes nodes = node(config -> config.set(Keys.SESSIONS_PER_ADDRESS_MAX, 2))) {
            sessionsAreBounded(nodes.leaderAddress(), "your address has 2 sessions");
        }
    }

    private static void sessionsAreBounded(String address, String message) {
        Hello first = RawClient.freshHello().build();
        try (RawClient a = welcomed(address, new Metadata(), first);
                RawClient b = RawClient.open(address)) {
            Error refused = goodbye(address, RawClient.freshHello().build());
            assertThat(refused.getCode()).isEqualTo(ErrorCode.EBUSY);
            assertThat(refused.getMessage()).contains(message);
            assertThat(refused.getRetryAfterMillis()).isPositive();
            try (RawClient resumed = welcomed(
                    address,
                    new Metadata(),
                    first.toBuilder().setSessionId(a.session()).build())) {
                resumed.send(ClientFrame.newBuilder()
                        .addCommands(resumed.command()
                                .setSession(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance())))
                        .build());
                await().atMost(Duration.ofSeconds(20)).until(() -> isWelcome(address));
            }
            assertThat(b.call(b.put("k", "1")).hasError()).isFalse();
        }
    }

    private static StartWatch.Builder watch(long id) {
        return StartWatch.newBuilder()
                .setId(id)
                .setData(DataKind.CACHE)
                .setNamespace("default")
                .setKey("k" + id);
    }

    /** Starts a watch and answers why it ended at once; the default instance if it did not. */
    private static Error start(RawClient client, StartWatch.Builder watch) {
        client.watch(watch.build());
        return client
                .await(frame -> frame.getWatchesList().stream().anyMatch(update -> update.getId() == watch.getId()))
                .getWatchesList()
                .stream()
                .filter(update -> update.getId() == watch.getId())
                .findFirst()
                .orElseThrow()
                .getEnded();
    }

    @Test
    void watchesAreBoundedAndTheirNamesToo() throws Exception {
        try (TestNodes nodes = node(
                        config -> config.set(Keys.WATCHES_PER_SESSION_MAX, 2).set(Keys.WATCHES_MAX, 3));
                RawClient first = RawClient.open(nodes.leaderAddress());
                RawClient second = RawClient.open(nodes.leaderAddress())) {
            assertThat(start(first, watch(1))).isEqualTo(Error.getDefaultInstance());
            assertThat(start(first, watch(2))).isEqualTo(Error.getDefaultInstance());
            Error ofSession = start(first, watch(3));
            assertThat(ofSession.getCode()).isEqualTo(ErrorCode.EBUSY);
            assertThat(ofSession.getMessage()).contains("this session has 2 watches");
            assertThat(start(second, watch(1))).isEqualTo(Error.getDefaultInstance());
            Error ofNode = start(second, watch(2));
            assertThat(ofNode.getCode()).isEqualTo(ErrorCode.EBUSY);
            assertThat(ofNode.getMessage()).contains("this node serves 3 watches");
            assertThat(start(second, watch(5).setKey("k".repeat(1_025))).getCode())
                    .isEqualTo(ErrorCode.ETOOLARGE);
            assertThat(start(second, watch(6).setNamespace("")).getCode()).isEqualTo(ErrorCode.EINVAL);
            assertThat(start(second, watch(7).setNamespace("a\0b")).getCode()).isEqualTo(ErrorCode.EINVAL);
            assertThat(start(second, watch(8).setDataValue(99)).getCode()).isEqualTo(ErrorCode.EUNKNOWN);
        }
    }

    @Test
    void aFrameOfTooManyPartsEndsItsStreamWithAWord() throws Exception {
        try (TestNodes nodes = node(config -> {});
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            ClientFrame.Builder frame = ClientFrame.newBuilder();
            for (int i = 0; i <= 65_536; i++) {
                frame.addStopWatches(i);
            }
            client.send(frame.build());
            Error refused = client.goodbye();
            assertThat(refused.getCode()).isEqualTo(ErrorCode.EINVAL);
            assertThat(refused.getMessage()).contains("stop_watches");
        }
    }

    @Test
    @Feature("C-40")
    void bytesThatAreNoUnicodeEndTheirStream() throws Exception {
        try (TestNodes nodes = node(config -> {});
                RawClient client = new RawClient(nodes.leaderAddress())) {
            Hello named = RawClient.freshHello().setClientName("kXX").build();
            byte[] hello = named.toByteArray();
            int at = ByteString.copyFrom(hello)
                    .toString(java.nio.charset.StandardCharsets.ISO_8859_1)
                    .indexOf("kXX");
            hello[at] = (byte) 0xED;
            hello[at + 1] = (byte) 0xA0;
            hello[at + 2] = (byte) 0xBD;
            byte[] frame = new byte[hello.length + 2];
            frame[0] = (1 << 3) | 2;
            frame[1] = (byte) hello.length;
            System.arraycopy(hello, 0, frame, 2, hello.length);
            assertThat(goodbye(client, frame).getCode()).isEqualTo(ErrorCode.EINVAL);
        }
    }

    private static Error goodbye(RawClient client, byte[] firstFrame) throws Exception {
        CompletableFuture<Error> goodbye = new CompletableFuture<>();
        ClientCall<byte[], ServerFrame> call = client.channel()
                .newCall(
                        CoordinatorServiceGrpc.getSessionMethod().toBuilder(
                                        new Bytes(), ProtoUtils.marshaller(ServerFrame.getDefaultInstance()))
                                .build(),
                        CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(ServerFrame frame) {
                        goodbye.complete(frame.getGoodbye());
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage(firstFrame);
        return goodbye.get(20, TimeUnit.SECONDS);
    }
}
