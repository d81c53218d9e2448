package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.TransferLeadershipReply;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.coordinator.server.support.FakeTime;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators may ask of a leader, and how often. */
class HandoverTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    @Feature("U-16")
    void whoIsNoMemberIsRefusedWithThoseWhoAre(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            for (String node : nodes.names()) {
                for (String nobody : List.of("nope", "N2", " n2", "n2,n3", "n")) {
                    assertThat(transfer(nodes, node, nobody).getError())
                            .as(nobody)
                            .satisfies(error -> {
                                assertThat(error.getCode()).isEqualTo(ErrorCode.EINVAL);
                                assertThat(error.getMessage()).contains("'" + nobody + "'", "n1, n2, n3");
                            });
                }
            }
            assertThatThrownBy(() -> nodes.node(leader).transferLeadership(Optional.of("nope"), SOON))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("n1, n2, n3");
            assertThat(nodes.leader()).isEqualTo(leader);
        }
    }

    @Test
    @Feature("U-16")
    void aTransferToTheLeaderItselfDoesNothing(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            long term = nodes.node(leader).status().getTerm();
            for (int i = 0; i < 3; i++) {
                TransferLeadershipReply reply = transfer(nodes, leader, leader);
                assertThat(reply.hasError()).isFalse();
                assertThat(reply.getLeader()).isEqualTo(leader);
            }
            nodes.node(leader).transferLeadership(Optional.of(leader), SOON);
            assertThat(nodes.node(leader).status().getServing()).isTrue();
            assertThat(nodes.node(leader).status().getTerm()).isEqualTo(term);
        }
    }

    @Test
    @Feature("U-16")
    void aNodeThatDoesNotLeadNamesTheOneThatDoes(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            String follower = other(nodes, leader);
            await().until(() -> nodes.node(follower).status().getReady());
            for (String to : List.of("", follower, leader)) {
                assertThat(transfer(nodes, follower, to).getError()).satisfies(error -> {
                    assertThat(error.getCode()).isEqualTo(ErrorCode.ENOTLEADER);
                    assertThat(error.getMessage()).contains("ask " + leader);
                });
            }
        }
    }

    @Test
    @Feature("U-16")
    void theOnlyMemberCannotHandOverToAnother(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            String only = nodes.leader();
            assertThat(transfer(nodes, only, "").getError()).satisfies(error -> {
                assertThat(error.getCode()).isEqualTo(ErrorCode.EINVAL);
                assertThat(error.getMessage()).contains("n1 is the only member");
            });
            assertThat(transfer(nodes, only, only).getLeader()).isEqualTo(only);
        }
    }

    @Test
    @Feature("U-16")
    void aMemberThatIsNotHeardOfIsNamed(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String leader = nodes.leader();
            String dead = other(nodes, leader);
            nodes.kill(dead);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(
                                    transfer(nodes, nodes.leader(), dead).getError())
                            .satisfies(error -> {
                                assertThat(error.getCode()).isEqualTo(ErrorCode.EBROKER);
                                assertThat(error.getMessage()).contains("has not heard of " + dead);
                            }));
        }
    }

    @Test
    void leadershipMovesOnlySoOftenHoweverOftenClientsAsk(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String first = nodes.leader();
            String second = transfer(nodes, first, "").getLeader();
            assertThat(second).isNotEmpty().isNotEqualTo(first);
            await().atMost(SOON).until(() -> nodes.leader().equals(second));

            assertThat(transfer(nodes, second, first).getError()).satisfies(busy -> {
                assertThat(busy.getCode()).isEqualTo(ErrorCode.EBUSY);
                assertThat(busy.getMessage()).contains("try again in");
                assertThat(busy.getRetryAfterMillis()).isBetween(1L, HandoverPause.LENGTH.toMillis());
            });
            assertThat(transfer(nodes, second, second).getLeader())
                    .as("nothing moves")
                    .isEqualTo(second);
            assertThat(nodes.leader()).isEqualTo(second);

            TransferLeadershipReply later = await().atMost(SOON)
                    .until(
                            () -> transfer(nodes, second, first),
                            reply -> reply.getError().getCode() != ErrorCode.EBUSY);
            assertThat(later.getLeader()).isEqualTo(first);
        }
    }

    /** Who embeds a node, or stops it, must not wait. */
    @Test
    void aNodeThatStopsHandsOverAtOnce(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String first = nodes.leader();
            String second = other(nodes, first);
            nodes.node(first).transferLeadership(Optional.of(second), SOON);
            await().atMost(SOON).until(() -> nodes.leader().equals(second));
            nodes.node(second).transferLeadership(Optional.of(first), SOON);
            assertThat(nodes.leader()).isEqualTo(first);
        }
    }

    @Test
    void thePauseEndsByItself() {
        FakeTime time = new FakeTime();
        HandoverPause pause = new HandoverPause(time);
        assertThat(pause.leftMillis()).isZero();
        pause.begin();
        assertThat(pause.leftMillis()).isBetween(3_000L, 3_001L);
        time.advance(Duration.ofNanos(TimeUnit.MILLISECONDS.toNanos(3_000) - 1));
        assertThat(pause.leftMillis()).isOne();
        time.advance(Duration.ofNanos(1));
        assertThat(pause.leftMillis()).isZero();
    }

    private static String other(TestNodes nodes, String leader) {
        return nodes.names().stream()
                .filter(node -> !node.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    private static TransferLeadershipReply transfer(TestNodes nodes, String asked, String to) {
        try (RawClient client = new RawClient(nodes.node(asked).clientAddress())) {
            return CoordinatorServiceGrpc.newBlockingStub(client.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .transferLeadership(
                            TransferLeadershipRequest.newBuilder().setTo(to).build());
        }
    }
}
