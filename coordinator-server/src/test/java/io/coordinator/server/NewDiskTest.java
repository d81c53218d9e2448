package io.coordinator.server;

import static io.coordinator.server.support.Operator.move;
import static io.coordinator.server.support.Operator.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.support.Operator;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.ports.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member's name with another disk: that disk has not voted and acknowledged what the lost one had. */
@Feature({"B-12", "R-6"})
class NewDiskTest {
    private static final List<String> THREE = List.of("n1", "n2", "n3");
    private static final int ELECTION_MIN_MILLIS = 200;
    private static final int ELECTION_MAX_MILLIS = 400;
    /** Several elections fail in that time. */
    private static final Duration SEVERAL_ELECTIONS = Duration.ofMillis(5 * ELECTION_MAX_MILLIS);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private TestNodes three() throws StartupException {
        TestNodes nodes = new TestNodes(directory.resolve("nodes"), 3)
                .with(config -> config.set(Keys.ELECTION_TIMEOUT_MIN_MILLIS, ELECTION_MIN_MILLIS)
                        .set(Keys.ELECTION_TIMEOUT_MAX_MILLIS, ELECTION_MAX_MILLIS))
                .startAll();
        new Operator(nodes).awaitMembers(THREE, List.of());
        return nodes;
    }

    private static List<String> followers(TestNodes nodes) {
        String leader = nodes.leader();
        return THREE.stream().filter(node -> !node.equals(leader)).toList();
    }

    private static void write(TestNodes nodes, String value) {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            assertThat(client.call(client.put("k", value)).hasError()).isFalse();
        }
    }

    private static String read(TestNodes nodes) {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            return client.read("k");
        }
    }

    /** The disk that is lost was one of the two that had a write; with its vote the third would lead without it. */
    @Test
    void aNodeThatLostItsDiskMakesNobodyLeaderWhoLacksWhatItHadAcknowledged() throws Exception {
        try (TestNodes nodes = three()) {
            Operator operator = new Operator(nodes);
            operator.awaitEqual();
            String leader = nodes.leader();
            String wiped = followers(nodes).get(0);
            String behind = followers(nodes).get(1);
            nodes.kill(behind);
            write(nodes, "1");
            nodes.kill(leader);
            nodes.kill(wiped);
            Directories.delete(nodes.data(wiped));

            nodes.start(behind);
            nodes.start(wiped);
            Awaitility.await("nobody to lead")
                    .during(SEVERAL_ELECTIONS)
                    .atMost(SEVERAL_ELECTIONS.multipliedBy(4))
                    .until(() -> nodes.running().values().stream()
                            .noneMatch(node -> node.status().getRole() == Role.LEADER));
            assertThat(nodes.node(wiped).status().getAdmitted()).isFalse();

            nodes.start(leader);
            assertThat(read(nodes)).isEqualTo("1");
            waiting("the vote of the new disk")
                    .until(
                            () -> member(operator.leader(), wiped),
                            member -> member.getVotes() && member.getIncarnation() > 1);
            assertThat(member(operator.leader(), wiped).getDisk())
                    .isEqualTo(nodes.node(wiped).status().getDisk());
            operator.awaitMembers(THREE, List.of());
            operator.awaitEqual();
        }
    }

    /** The third may have the data of the cluster. */
    @Test
    void aMajorityOfNewDisksBeginsNoClusterWhileTheOtherIsSilent() throws Exception {
        try (TestNodes nodes = three()) {
            String kept = nodes.leader();
            List<String> wiped = followers(nodes);
            nodes.close();
            for (String node : wiped) {
                Directories.delete(nodes.data(node));
                nodes.start(node);
            }
            for (String node : wiped) {
                waiting(node + " to wait for " + kept)
                        .until(() -> nodes.node(node).status().getNotReadyReason(), reason -> reason.contains(kept));
            }
            nodes.start(kept);
            for (String node : wiped) {
                waiting(node + " to know that there is a cluster")
                        .until(
                                () -> nodes.node(node).status().getNotReadyReason(),
                                why -> why.contains(kept) && why.contains("docs/disaster.md"));
            }
            assertThat(nodes.running().values())
                    .extracting(CoordinatorServer::status)
                    .allSatisfy(status -> {
                        assertThat(status.getRole()).isNotEqualTo(Role.LEADER);
                        assertThat(status.getAdmitted())
                                .isEqualTo(status.getNode().equals(kept));
                    });
        }
    }

    @Test
    @Feature("PM-PERS-10")
    void anotherProcessUnderTheNameOfALivingMemberIsKeptOutUntilThatIsGone() throws Exception {
        try (TestNodes nodes = three()) {
            Operator operator = new Operator(nodes);
            String name = followers(nodes).get(0);
            String disk = nodes.node(name).status().getDisk();
            try (CoordinatorServer second =
                    CoordinatorServer.builder(elsewhere(nodes.config(name))).start()) {
                String address = second.clientAddress();
                waiting("the reason")
                        .until(() -> second.status().getNotReadyReason(), why -> why.contains("another disk is alive"));
                assertThat(second.status().getNotReadyReason())
                        .contains(name, nodes.node(name).peerAddress());
                write(nodes, "1");
                operator.awaitEqual();
                assertThat(second.status().getAdmitted()).isFalse();
                assertThat(second.status().getAppliedIndex()).isZero();
                assertThat(member(operator.leader(), name).getDisk()).isEqualTo(disk);
                assertThat(nodes.node(name).status().getReady()).isTrue();

                nodes.kill(name);
                waiting("the second to be let in")
                        .until(() -> member(operator.leader(), name).getIncarnation(), number -> number > 1);
                // The others look for it where the first was; it starts anew meanwhile, and does not answer at once.
                waiting("the move").until(() -> {
                    var unused = operator.answer(move(name, address));
                    return member(operator.leader(), name).getClientAddress().equals(address);
                });
                waiting("the vote of the second").until(() -> member(operator.leader(), name), Member::getVotes);
                CompletableFuture<Void> ended = nodes.start(name).terminated();
                assertThatThrownBy(() -> ended.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
                nodes.running().remove(name);
                assertThat(read(nodes)).isEqualTo("1");
            }
        }
    }

    /** The same member on another disk and other ports; the others look for it where it was. */
    private ServerConfig elsewhere(ServerConfig config) {
        List<ClusterMember> members = config.members().stream()
                .map(member -> member.node().equals(config.node())
                        ? new ClusterMember(
                                member.node(),
                                new HostPort("127.0.0.1", FreePorts.port()),
                                new HostPort("127.0.0.1", FreePorts.port()))
                        : member)
                .toList();
        ClusterMember self = members.stream()
                .filter(member -> member.node().equals(config.node()))
                .findFirst()
                .orElseThrow();
        return config.toBuilder()
                .set(Keys.MEMBERS, members)
                .set(Keys.CLIENT_BIND, self.client())
                .set(Keys.PEER_BIND, self.peer())
                .set(Keys.DATA_DIR, directory.resolve("second"))
                .build();
    }

    private static Member member(NodeStatusReply status, String node) {
        return status.getMembersList().stream()
                .filter(member -> member.getNode().equals(node))
                .findFirst()
                .orElseThrow();
    }
}
