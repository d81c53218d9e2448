package io.coordinator.server;

import static io.coordinator.server.support.Operator.add;
import static io.coordinator.server.support.Operator.move;
import static io.coordinator.server.support.Operator.promote;
import static io.coordinator.server.support.Operator.remove;
import static io.coordinator.server.support.Operator.replace;
import static io.coordinator.server.support.Operator.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.ClusterAct;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Member;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.Operator;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes come and go on real nodes. */
@Feature("B-12")
class MembershipTest {
    private static final List<String> FIVE = List.of("n1", "n2", "n3", "n4", "n5");
    private static final List<String> THREE = FIVE.subList(0, 3);

    @Test
    void aClusterGrowsToFiveAndShrinksToOneWhoeverLeads(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(List.of("n1"), List.of());
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            for (String node : FIVE.subList(1, 5)) {
                nodes.place(node).start(node);
                operator.awaitWaiting(node);
                operator.done(add(node, "", false, true));
                operator.awaitMembers(FIVE.subList(0, FIVE.indexOf(node) + 1), List.of());
                operator.awaitEqual();
            }
            List<String> left = new ArrayList<>(FIVE);
            while (left.size() > 1) {
                String leader = nodes.leader();
                CompletableFuture<Void> ended = nodes.node(leader).terminated();
                operator.done(remove(leader));
                left.remove(leader);
                assertThatThrownBy(() -> ended.get(30, TimeUnit.SECONDS)).hasMessageContaining("was removed");
                nodes.running().remove(leader);
                operator.awaitMembers(left, List.of());
            }
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("1");
                client.call(client.put("k", "2"));
            }
            assertThat(operator.acts())
                    .filteredOn(act -> act.getActor().equals("alice"))
                    .extracting(ClusterAct::getAction)
                    .containsOnly("add", "remove")
                    .hasSize(8);
        }
    }

    @Test
    @Feature("R-6")
    void aNodeThatWaitsSendsClientsToTheLeader(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Operator operator = new Operator(nodes);
            String waits = nodes.place("n2").start("n2").clientAddress();
            operator.awaitWaiting("n2");
            try (RawClient client = new RawClient(waits)) {
                client.hello(RawClient.freshHello().build());
                assertThat(client.goodbye())
                        .returns(ErrorCode.ENOTLEADER, Error::getCode)
                        .returns(nodes.leaderAddress(), Error::getLeaderAddress);
            }
        }
    }

    /** etcd#21767: a voter that was added before it ran cost the quorum. */
    @Test
    void whatWouldCostTheQuorumOrIsAMistakeIsRefusedWithTheReason(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory.resolve("a"), 3).startAll();
                TestNodes others = new TestNodes(directory.resolve("b"), 1)
                        .with(config -> config.set(Keys.CLUSTER, "another"))
                        .startAll()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(THREE, List.of());
            says(operator.refused(add("n9", "", false, true)), ErrorCode.EINVAL, "has not been heard of");
            says(operator.refused(add("n9", "127.0.0.1:1", false, true)), ErrorCode.EINVAL, "does not answer");
            says(operator.refused(add("n2", "", false, true)), ErrorCode.EINVAL, "is a member already");
            String foreign = others.leaderAddress();
            says(operator.refused(add("n9", foreign, false, true)), ErrorCode.EMISMATCH, "of cluster 'another'");
            says(operator.refused(promote("n2")), ErrorCode.EINVAL, "has a vote already");
            says(operator.refused(promote("n9")), ErrorCode.EKEYNOTFOUND, "there is no member 'n9'");
            says(operator.refused(remove("n9")), ErrorCode.EKEYNOTFOUND, "n1, n2, n3");
            says(operator.refused(replace("n2", "n3")), ErrorCode.EINVAL, "has a vote of its own");
            says(operator.refused(move("n2", foreign)), ErrorCode.EMISMATCH, "of cluster 'another'");
            assertThat(operator.leader().getMembersList()).hasSize(3);

            String leader = nodes.leader();
            List<String> followers =
                    THREE.stream().filter(node -> !node.equals(leader)).toList();
            nodes.kill(followers.get(0));
            waiting("the loss to be noticed")
                    .until(() -> operator.leader().getMembersList().stream()
                            .anyMatch(member ->
                                    member.getNode().equals(followers.get(0)) && member.getSilentMillis() > 2_000));
            Error refusal = operator.refused(remove(followers.get(1)));
            says(refusal, ErrorCode.EINVAL, "there would be no majority");
            assertThat(refusal.getMessage()).contains(followers.get(0) + " cannot be reached");
            operator.done(remove(followers.get(0)));
            operator.done(remove(followers.get(1)));
            operator.awaitMembers(List.of(leader), List.of());
            says(operator.refused(remove(leader)), ErrorCode.EINVAL, "the only one with a vote");
        }
    }

    private static void says(Error error, ErrorCode code, String text) {
        assertThat(error.getMessage()).contains(text);
        assertThat(error.getCode()).isEqualTo(code);
    }

    @Test
    void aDeadVoterIsReplacedAndItsOldDiskStops(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(THREE, List.of());
            String dead = THREE.stream()
                    .filter(node -> !node.equals(nodes.leader()))
                    .findFirst()
                    .orElseThrow();
            nodes.kill(dead);
            nodes.place("n4").start("n4");
            operator.awaitWaiting("n4");
            operator.done(replace(dead, "n4"));
            List<String> wanted = new ArrayList<>(List.of("n1", "n2", "n3", "n4"));
            wanted.remove(dead);
            operator.awaitMembers(wanted, List.of());
            operator.awaitEqual();
            CompletableFuture<Void> ended = nodes.start(dead).terminated();
            assertThatThrownBy(() -> ended.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            nodes.running().remove(dead);
            operator.awaitMembers(wanted, List.of());
        }
    }

    /** etcd#21694: an address that changed made a voter of a learner. */
    @Test
    @Feature("B-45")
    void aMemberThatMovedIsFoundAndALearnerStaysOne(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            Operator operator = new Operator(nodes);
            nodes.place("n4").start("n4");
            operator.awaitWaiting("n4");
            operator.done(add("n4", "", false, false));
            operator.awaitMembers(THREE, List.of("n4"));
            operator.awaitEqual();
            String follower = THREE.stream()
                    .filter(node -> !node.equals(nodes.leader()))
                    .findFirst()
                    .orElseThrow();
            for (String moved : List.of("n4", follower)) {
                nodes.kill(moved);
                nodes.place(moved).start(moved);
                String address = nodes.node(moved).clientAddress();
                operator.done(move(moved, address));
                try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                    client.call(client.put("k", "1"));
                }
                operator.awaitEqual();
                operator.awaitMembers(THREE, List.of("n4"));
                assertThat(operator.leader().getMembersList())
                        .filteredOn(member -> member.getNode().equals(moved))
                        .extracting(Member::getClientAddress)
                        .containsExactly(address);
            }
        }
    }

    @Test
    void aSpareTakesThePlaceOfAVoterThatIsGoneOnce(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)
                .with(config -> config.set(Keys.REPLACE_AFTER_SECONDS, 2))
                .startAll()) {
            Operator operator = new Operator(nodes);
            for (String spare : List.of("n4", "n5")) {
                nodes.place(spare).start(spare);
                operator.awaitWaiting(spare);
                operator.done(add(spare, "", true, false));
            }
            operator.awaitMembers(THREE, List.of("n4", "n5"));
            operator.awaitEqual();
            String dead = THREE.stream()
                    .filter(node -> !node.equals(nodes.leader()))
                    .findFirst()
                    .orElseThrow();
            nodes.kill(dead);
            List<String> wanted = new ArrayList<>(List.of("n1", "n2", "n3", "n4"));
            wanted.remove(dead);
            operator.awaitMembers(wanted, List.of("n5"));
            operator.awaitEqual();
            assertThat(operator.acts())
                    .filteredOn(act -> act.getAction().equals("replace"))
                    .singleElement()
                    .satisfies(act -> assertThat(act.getReason()).contains(dead));
        }
    }
}
