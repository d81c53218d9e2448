package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.LogCapture;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger gets at the port of the members: nothing (C-12). */
@Feature("C-12")
class PeerPortTest {
    private static final long TERM_FAR_AHEAD = 1_000_000;
    private static final int SIXTEEN_MEGABYTES = 16 << 20;

    private interface Attack {
        RaftClientReply run() throws IOException;
    }

    @Test
    void anOrdinaryRatisClientIsRefusedWhateverItAsks(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            withstands(nodes, () -> refuseRatisClient(nodes, leader));
        }
    }

    @Test
    void withoutATokenTheServicesOfRatisAreRefusedAllTheSame(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                .with(config -> config.set(Keys.PEER_TOKEN, Optional.empty()))
                .startAll()) {
            String leader = nodes.leader();
            withstands(nodes, () -> refuseRatisClient(nodes, leader));
        }
    }

    @Test
    void whoShowsNoTokenCanNeitherVoteNorWriteTheLogNorReplaceTheState(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            nodes.leader();
            withstands(nodes, () -> {
                for (ClusterMember victim : members(nodes)) {
                    refuseRaftCalls(nodes, victim);
                }
            });
        }
    }

    @Test
    void aMemberWithAnotherTokenIsKeptOutAndBothSidesSaySoOnce(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3);
                LogCapture refusing = LogCapture.of(PeerPortGuard.class);
                LogCapture refused = LogCapture.of(PeerCalls.class)) {
            nodes.startAll();
            nodes.leader();
            nodes.stop("n3");
            String leader = nodes.leader();
            long applied = nodes.node(leader).status().getAppliedIndex();
            nodes.with(config -> config.set(Keys.PEER_TOKEN, Optional.of(TestNodes.randomToken())));
            nodes.start("n3");
            // n3 asks both others for their votes, and the leader sends it what there is: each tells, and is told.
            await().atMost(Duration.ofSeconds(30)).until(() -> refusing.events().size() >= 3);
            await().atMost(Duration.ofSeconds(30)).until(() -> refused.events().size() >= 3);
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                for (int i = 0; i < 100; i++) {
                    client.call(client.put("k", String.valueOf(i)));
                }
            }
            assertThat(nodes.leader()).isEqualTo(leader);
            assertThat(nodes.node("n3").status().getLeader()).isEmpty();
            assertThat(nodes.node("n3").status().getAppliedIndex()).isLessThanOrEqualTo(applied);
            assertThat(messages(refusing)).hasSizeBetween(3, 4).allMatch(line -> line.contains("peer-token"));
            assertThat(messages(refused)).hasSizeBetween(3, 4).allMatch(line -> line.contains("peer-tokens differ"));
        }
    }

    private static List<String> messages(LogCapture log) {
        return log.events().stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private interface Siege {
        void run() throws Exception;
    }

    /** The siege must change neither term nor members nor log, and the cluster serves before and after it. */
    private static void withstands(TestNodes nodes, Siege siege) throws Exception {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            client.call(client.put("before", "1"));
            // From now on all of them tell the members from the log.
            await().until(() -> statuses(nodes).values().stream()
                    .noneMatch(status -> status.getClusterId().isEmpty()));
            Map<String, NodeStatusReply> before = statuses(nodes);
            siege.run();
            client.call(client.put("after", "2"));
            assertThat(client.read("before")).isEqualTo("1");
            assertThat(client.read("after")).isEqualTo("2");
            statuses(nodes).forEach((node, now) -> {
                NodeStatusReply then = Objects.requireNonNull(before.get(node));
                assertThat(now.getTerm()).isEqualTo(then.getTerm());
                assertThat(members(now)).isEqualTo(members(then));
                assertThat(now.getLeader()).isEqualTo(then.getLeader());
                assertThat(segments(nodes.data(node))).isNotEmpty();
                assertThat(nodes.node(node).terminated()).isNotDone();
            });
            await().untilAsserted(() -> assertThat(statuses(nodes).values())
                    .extracting(NodeStatusReply::getAppliedIndex)
                    .hasSize(nodes.names().size())
                    .containsOnly(nodes.node(nodes.leader()).status().getAppliedIndex()));
        }
    }

    /** But for how long each was silent. */
    private static List<Member> members(NodeStatusReply status) {
        return status.getMembersList().stream()
                .map(member -> member.toBuilder().clearSilentMillis().build())
                .toList();
    }

    private static Map<String, NodeStatusReply> statuses(TestNodes nodes) {
        Map<String, NodeStatusReply> statuses = new LinkedHashMap<>();
        nodes.running().forEach((node, server) -> statuses.put(node, server.status()));
        return statuses;
    }

    private static List<Path> segments(Path data) {
        try (Stream<Path> files =
                Files.list(LogDirectories.group(data, "coordinator").resolve("current"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refuseRatisClient(TestNodes nodes, String leader) throws IOException {
        List<RaftPeer> peers = members(nodes).stream().map(PeerPortTest::peer).toList();
        RaftPeerId self = RaftPeerId.valueOf(leader);
        RaftGroupId group = groupId();
        try (RaftClient client = RaftClient.newBuilder()
                .setProperties(new RaftProperties())
                .setRaftGroup(RaftGroup.valueOf(group, peers))
                .setLeaderId(self)
                .setRetryPolicy(RetryPolicies.noRetry())
                .build()) {
            refused("list", () -> client.getGroupManagementApi(self).list());
            refused("info", () -> client.getGroupManagementApi(self).info(group));
            refused("transfer", () -> client.admin().transferLeadership(null, 1_000));
            refused("snapshot", () -> client.getSnapshotManagementApi(self).create(true, 1_000));
            refused("pause", () -> client.getLeaderElectionManagementApi(self).pause());
            refused("write", () -> client.io().send(Message.valueOf("poison")));
            refused("read", () -> client.io().sendReadOnly(Message.valueOf("query")));
            refused("set", () -> client.admin().setConfiguration(peers.subList(0, 1)));
            refused(
                    "add",
                    () -> client.getGroupManagementApi(self)
                            .add(RaftGroup.valueOf(RaftGroupId.randomId(), peers.subList(0, 1))));
            for (RaftPeer peer : peers) {
                refused(
                        "remove",
                        () -> client.getGroupManagementApi(peer.getId()).remove(group, true, false));
            }
        }
    }

    private static void refused(String what, Attack attack) {
        assertThatThrownBy(attack::run).as(what).hasStackTraceContaining(Status.Code.PERMISSION_DENIED.name());
    }

    private static void refuseRaftCalls(TestNodes nodes, ClusterMember victim) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forTarget(victim.peer().toString())
                .usePlaintext()
                .build();
        try {
            RaftRpcRequestProto header = header(nodes, victim);
            var blocking =
                    RaftServerProtocolServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
            unauthenticated(() -> blocking.requestVote(RequestVoteRequestProto.newBuilder()
                    .setServerRequest(header)
                    .setCandidateTerm(TERM_FAR_AHEAD)
                    .setCandidateLastEntry(farAhead())
                    .build()));
            unauthenticated(() -> blocking.startLeaderElection(StartLeaderElectionRequestProto.newBuilder()
                    .setServerRequest(header)
                    .setLeaderLastEntry(farAhead())
                    .build()));
            var streaming = RaftServerProtocolServiceGrpc.newStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
            Refusal<Object> append = new Refusal<>();
            StreamObserver<AppendEntriesRequestProto> entries = streaming.appendEntries(append.as());
            for (int i = 0; i < 3; i++) {
                entries.onNext(hugeEntry(header));
            }
            assertThat(append.code()).isEqualTo(Status.Code.UNAUTHENTICATED);
            Refusal<Object> install = new Refusal<>();
            streaming
                    .installSnapshot(install.as())
                    .onNext(InstallSnapshotRequestProto.newBuilder()
                            .setServerRequest(header)
                            .setLeaderTerm(TERM_FAR_AHEAD)
                            .build());
            assertThat(install.code()).isEqualTo(Status.Code.UNAUTHENTICATED);
        } finally {
            channel.shutdownNow();
        }
    }

    private static void unauthenticated(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(e -> assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
    }

    private static AppendEntriesRequestProto hugeEntry(RaftRpcRequestProto header) {
        return AppendEntriesRequestProto.newBuilder()
                .setServerRequest(header)
                .setLeaderTerm(TERM_FAR_AHEAD)
                .setPreviousLog(farAhead())
                .addEntries(LogEntryProto.newBuilder()
                        .setTerm(TERM_FAR_AHEAD)
                        .setIndex(TERM_FAR_AHEAD + 1)
                        .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                                .setLogData(ByteString.copyFrom(new byte[SIXTEEN_MEGABYTES]))))
                .build();
    }

    private static TermIndexProto farAhead() {
        return TermIndexProto.newBuilder()
                .setTerm(TERM_FAR_AHEAD)
                .setIndex(TERM_FAR_AHEAD)
                .build();
    }

    /** As if another member called. */
    private static RaftRpcRequestProto header(TestNodes nodes, ClusterMember victim) {
        String other = nodes.names().stream()
                .filter(name -> !name.equals(victim.node()))
                .findFirst()
                .orElseThrow();
        return RaftRpcRequestProto.newBuilder()
                .setRequestorId(ByteString.copyFromUtf8(other))
                .setReplyId(ByteString.copyFromUtf8(victim.node()))
                .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(groupId().toByteString()))
                .setCallId(1)
                .build();
    }

    private static List<ClusterMember> members(TestNodes nodes) {
        return new ArrayList<>(nodes.config("n1").members());
    }

    private static RaftPeer peer(ClusterMember member) {
        return RaftPeer.newBuilder()
                .setId(member.node())
                .setAddress(member.peer().toString())
                .build();
    }

    private static RaftGroupId groupId() {
        Path directory = LogDirectories.group(Path.of("data"), "coordinator");
        return RaftGroupId.valueOf(UUID.fromString(directory.getFileName().toString()));
    }

    /** Waits for the end of a stream. */
    private static final class Refusal<A> implements StreamObserver<A> {
        private final CompletableFuture<Status.Code> ended = new CompletableFuture<>();

        @SuppressWarnings("unchecked") // it looks at no answer
        <B> StreamObserver<B> as() {
            return (StreamObserver<B>) this;
        }

        Status.Code code() throws Exception {
            return ended.get(20, TimeUnit.SECONDS);
        }

        @Override
        public void onNext(A answer) {
            ended.complete(Status.Code.OK);
        }

        @Override
        public void onError(Throwable failure) {
            ended.complete(Status.fromThrowable(failure).getCode());
        }

        @Override
        public void onCompleted() {
            ended.complete(Status.Code.OK);
        }
    }
}
