package io.coordinator.server;

import static io.coordinator.server.support.Operator.add;
import static io.coordinator.server.support.Operator.move;
import static io.coordinator.server.support.Operator.remove;
import static io.coordinator.server.support.Operator.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Member;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.Keys;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.disk.Standing;
import io.coordinator.server.support.Operator;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.ports.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who cannot be a member is refused with the reason, and the cluster stays as it is. */
@Feature("B-12")
class MemberRefusalsTest {
    private static final String LOCALHOST = "127.0.0.1";

    @Test
    void aNodeWithDataOfAnotherClusterOfTheSameNameIsRefused(@TempDir Path directory) throws Exception {
        List<ClusterMember> alone = List.of(new ClusterMember(
                "n9", new HostPort(LOCALHOST, FreePorts.port()), new HostPort(LOCALHOST, FreePorts.port())));
        try (TestNodes nodes = new TestNodes(directory.resolve("a"), 1).startAll();
                TestNodes others = new TestNodes(directory.resolve("b"), 1)
                        .with(config -> config.set(Keys.NODE, "n9").set(Keys.MEMBERS, alone))
                        .startAll()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(List.of("n1"), List.of());
            new Operator(others).awaitMembers(List.of("n9"), List.of());
            String foreign = others.leaderAddress();
            says(operator.refused(add("n9", foreign, false, true)), ErrorCode.EINVAL, "has data of its own");
            operator.awaitMembers(List.of("n1"), List.of());
            try (RawClient client = RawClient.open(foreign)) {
                assertThat(client.call(client.put("k", "1")).hasError())
                        .as("the other cluster goes on")
                        .isFalse();
            }
        }
    }

    /** It would vote with what it knew then. */
    @Test
    void aFormerMemberIsRefusedWithItsOldDataAndComesBackWithoutThem(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Operator operator = new Operator(nodes);
            nodes.place("n2").start("n2");
            operator.awaitWaiting("n2");
            operator.done(add("n2", "", false, false));
            operator.awaitMembers(List.of("n1"), List.of("n2"));
            operator.awaitEqual();
            nodes.kill("n2");
            operator.done(remove("n2"));
            operator.awaitMembers(List.of("n1"), List.of());

            // It does not know that it was removed, and looks for a leader.
            CoordinatorServer former = nodes.start("n2");
            CompletableFuture<Void> ended = former.terminated();
            says(operator.refused(add("n2", former.clientAddress(), false, true)), ErrorCode.EINVAL, "n2");
            assertThatThrownBy(() -> ended.get(30, TimeUnit.SECONDS)).hasMessageContaining("was removed");
            nodes.ended("n2");
            operator.awaitMembers(List.of("n1"), List.of());

            Directories.delete(nodes.data("n2"));
            nodes.start("n2");
            operator.awaitWaiting("n2");
            operator.done(add("n2", "", false, false));
            operator.awaitMembers(List.of("n1"), List.of("n2"));
            operator.awaitEqual();
        }
    }

    @Test
    @Feature("B-29")
    void aNodeWhoseSoftwareIsTooOldIsRefusedUntilItIsUpgraded(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(List.of("n1"), List.of());
            int active = operator.leader().getActiveVersion();
            assertThat(active).isGreaterThan(1);
            nodes.with(config -> config.set(Keys.VERSION_MAX, active - 1));
            CoordinatorServer old = nodes.place("n2").start("n2");
            Error refused = operator.refused(add("n2", old.clientAddress(), false, true));
            says(refused, ErrorCode.EMISMATCH, "up to " + (active - 1));
            assertThat(refused.getMessage()).contains("is at " + active, "install a newer version");
            waiting("the old node to say why it waits")
                    .until(() -> old.status().getNotReadyReason(), why -> why.contains("install a newer version"));
            assertThat(operator.leader().getWaitingList()).isEmpty();

            nodes.stop("n2");
            nodes.with(config -> config.set(Keys.VERSION_MAX, active)).start("n2");
            operator.awaitWaiting("n2");
            operator.done(add("n2", "", false, true));
            operator.awaitMembers(List.of("n1", "n2"), List.of());
            operator.awaitEqual();
        }
    }

    @Test
    void aMemberDoesNotMoveToWhereItIsNot(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(nodes.names(), List.of());
            List<Member> before = addresses(operator);
            String leader = nodes.leader();
            List<String> followers =
                    nodes.names().stream().filter(node -> !node.equals(leader)).toList();
            String moved = followers.get(0);
            for (String wrong : List.of("", " ", "no-port", LOCALHOST + ":99999", "a b:1", ":7400", "http://x/:1")) {
                says(operator.refused(move(moved, wrong)), ErrorCode.EINVAL, wrong);
            }
            says(operator.refused(move(moved, "")), ErrorCode.EINVAL, "is no address");
            says(operator.refused(move(moved, LOCALHOST + ":1")), ErrorCode.EINVAL, "does not answer");
            for (String other : List.of(leader, followers.get(1))) {
                Error refused = operator.refused(move(moved, nodes.node(other).clientAddress()));
                says(refused, ErrorCode.EMISMATCH, "is " + other);
                assertThat(refused.getMessage()).contains("not " + moved);
            }
            assertThat(addresses(operator)).isEqualTo(before);
            operator.awaitEqual();
        }
    }

    private static List<Member> addresses(Operator operator) {
        return operator.leader().getMembersList().stream()
                .map(member -> member.toBuilder().clearSilentMillis().build())
                .toList();
    }

    private static void says(Error error, ErrorCode code, String text) {
        assertThat(error.getMessage()).contains(text);
        assertThat(error.getCode()).isEqualTo(code);
    }

    /** A node that was started with an empty directory and alone in its list begins a cluster of its own. */
    @Test
    void aStrangerOfTheSameNameEndsNobody(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory.resolve("nodes"), 3).startAll()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(nodes.names(), List.of());
            String id = operator.leader().getClusterId();
            waiting("all to have the id on their disks").untilAsserted(() -> {
                for (String node : nodes.names()) {
                    assertThat(Standing.read(nodes.data(node)).orElseThrow().cluster())
                            .contains(id);
                }
            });
            String leader = nodes.leader();
            List<String> others =
                    nodes.names().stream().filter(node -> !node.equals(leader)).toList();
            ClusterMember self = nodes.config(others.get(0)).self();
            nodes.kill(others.get(0));
            try (CoordinatorServer stranger = CoordinatorServer.builder(nodes.config(others.get(0)).toBuilder()
                            .set(Keys.MEMBERS, List.of(self))
                            .set(Keys.DATA_DIR, directory.resolve("stranger"))
                            .build())
                    .start()) {
                waiting("the stranger to lead").until(() -> stranger.status().getServing());
                nodes.kill(leader);
                CompletableFuture<Void> ended = nodes.node(others.get(1)).terminated();
                waiting("three looks without a leader")
                        .during(Duration.ofSeconds(4))
                        .until(() -> !ended.isDone());
                assertThat(nodes.start(leader).terminated()).isNotDone();
                assertThat(operator.leader().getClusterId()).isEqualTo(id);
            }
        }
    }
}
