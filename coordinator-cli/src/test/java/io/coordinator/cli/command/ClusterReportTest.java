package io.coordinator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@Feature("PM-CLI-2")
class ClusterReportTest {
    private static final Map<String, String> MEMBERS = Map.of("n1", "h:1", "n2", "h:2", "n3", "h:3");

    private static NodeStatusReply.Builder node(String id, Role role, long term, String leader) {
        return NodeStatusReply.newBuilder()
                .setCluster("c")
                .setNode(id)
                .setRole(role)
                .setTerm(term)
                .setLeader(leader)
                .setServing(role == Role.LEADER)
                .setCommittedIndex(10)
                .setAppliedIndex(10)
                .setDigestIndex(10)
                .setDigest(77);
    }

    private static NodeReport answered(NodeStatusReply.Builder status) {
        return NodeReport.answered(MEMBERS.getOrDefault(status.getNode(), "?"), status.build());
    }

    private static NodeReport leader() {
        return answered(node("n1", Role.LEADER, 4, "n1"));
    }

    private static NodeReport follower(String id) {
        return answered(node(id, Role.FOLLOWER, 4, "n1"));
    }

    private static ClusterReport report(NodeReport... reports) {
        return ClusterReport.of(List.of(reports), MEMBERS);
    }

    @Test
    void leaderAndMajorityAreAQuorum() {
        ClusterReport report = report(leader(), follower("n2"), NodeReport.silent("h:3", "cannot be reached"));
        assertThat(report.hasQuorum()).isTrue();
        assertThat(report.leader().orElseThrow().getNode()).isEqualTo("n1");
        assertThat(report.reachable()).isEqualTo(2);
        assertThat(report.nodes()).extracting(NodeReport::node).containsExactly("n1", "n2", "n3");
    }

    @Test
    void leaderWithoutFollowersIsNone() {
        assertThat(report(leader(), NodeReport.silent("h:2", "x"), NodeReport.silent("h:3", "x"))
                        .hasQuorum())
                .isFalse();
    }

    @Test
    @Feature({"B-12", "B-45"})
    void whoHasNoVoteCountsForNoMajorityAndIsShownAsSuch() {
        NodeReport leads = answered(node("n1", Role.LEADER, 4, "n1")
                .setClusterId("id")
                .addMembers(member("n1", true))
                .addMembers(member("n2", true).setSilentMillis(61_000))
                .addMembers(member("n3", false))
                .addWaiting(member("n7", false).setClientAddress("h:7")));
        NodeReport learner = answered(node("n3", Role.LISTENER, 4, "n1").setDisk("n3-disk"));
        Map<String, String> members = Map.of("n1", "h:1", "n2", "h:2", "n3", "h:3");
        ClusterReport report =
                ClusterReport.of(List.of(leads, learner, NodeReport.silent("h:2", "cannot be reached")), members);
        assertThat(report.hasQuorum()).isFalse();
        assertThat(StatusCommand.table(report))
                .containsPattern("n2 .* voter +1m")
                .containsPattern("n3 .* learner")
                .contains("waiting: n7 at h:7; let it in with 'coordinator member add n7'")
                .doesNotContain("contradiction");
        NodeReport stranger = answered(node("n3", Role.FOLLOWER, 4, "n1").setDisk("another"));
        assertThat(StatusCommand.table(ClusterReport.of(List.of(leads, stranger), members)))
                .contains("contradiction: n3 runs with another data directory");
    }

    private static Member.Builder member(String node, boolean voter) {
        return Member.newBuilder().setNode(node).setVoter(voter).setDisk(node + "-disk");
    }

    @Test
    void halfOfTheMembersIsNoMajority() {
        Map<String, String> four = Map.of("n1", "h:1", "n2", "h:2", "n3", "h:3", "n4", "h:4");
        List<NodeReport> half = List.of(leader(), follower("n2"));
        assertThat(ClusterReport.of(half, four).hasQuorum()).isFalse();
        List<NodeReport> most = List.of(leader(), follower("n2"), follower("n3"));
        assertThat(ClusterReport.of(most, four).hasQuorum()).isTrue();
    }

    @Test
    void followersOfAnotherTermDoNotCount() {
        NodeReport ahead = answered(node("n2", Role.CANDIDATE, 5, ""));
        assertThat(report(leader(), ahead, NodeReport.silent("h:3", "x")).hasQuorum())
                .isFalse();
    }

    @Test
    void leaderThatDoesNotServeYetIsNoQuorum() {
        NodeReport young = answered(node("n1", Role.LEADER, 4, "n1").setServing(false));
        assertThat(report(young, follower("n2"), follower("n3")).hasQuorum()).isFalse();
    }

    @Test
    void leaderOfTheHighestTermCounts() {
        NodeReport old = answered(node("n3", Role.LEADER, 3, "n3"));
        ClusterReport report = report(old, leader(), follower("n2"));
        assertThat(report.leader().orElseThrow().getNode()).isEqualTo("n1");
        assertThat(report.hasQuorum()).isTrue();
    }

    @Test
    void nodeAskedUnderTwoAddressesAppearsOnce() {
        ClusterReport report = report(
                leader(),
                NodeReport.answered(
                        "localhost:1", node("n1", Role.LEADER, 4, "n1").build()));
        assertThat(report.nodes()).hasSize(1);
    }

    @Test
    void addressOfNobodyKnownIsShownAsSuch() {
        ClusterReport report = ClusterReport.of(List.of(NodeReport.silent("h:9", "cannot be reached")), Map.of());
        assertThat(report.hasQuorum()).isFalse();
        assertThat(StatusCommand.table(report)).contains("?").contains("h:9").contains("cannot be reached");
    }

    @Test
    void differentDigestsAtOneIndexAreDivergence() {
        NodeReport other = answered(node("n2", Role.FOLLOWER, 4, "n1").setDigest(78));
        assertThat(report(leader(), follower("n2")).diverged()).isFalse();
        assertThat(report(leader(), other).diverged()).isTrue();
    }

    @Test
    void differentDigestsAtDifferentIndexesAreNot() {
        NodeReport behind =
                answered(node("n2", Role.FOLLOWER, 4, "n1").setDigest(78).setDigestIndex(9));
        assertThat(report(leader(), behind).diverged()).isFalse();
    }

    @Test
    void mismatchThatANodeCountedIsDivergence() {
        NodeReport alarmed = answered(node("n2", Role.FOLLOWER, 4, "n1").setDigestMismatches(1));
        assertThat(report(leader(), alarmed).diverged()).isTrue();
    }

    @Test
    void lagIsWhatIsCommittedAndNotApplied() {
        NodeReport behind = answered(node("n2", Role.FOLLOWER, 4, "n1").setAppliedIndex(7));
        ClusterReport report = report(leader(), behind);
        assertThat(report.lag(behind.status().orElseThrow())).isEqualTo(3);
    }

    @Test
    void tableAndJsonSayTheSame() {
        ClusterReport report = report(leader(), follower("n2"), NodeReport.silent("h:3", "cannot be reached"));
        assertThat(StatusCommand.table(report).lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line)
                        .matches("n1\\s+h:1\\s+leader\\s+4\\s+10\\s+10\\s+0\\s+yes .*000000000000004d@10 +- +-"));
        var json = StatusCommand.json(report);
        assertThat(json.path("quorum").asBoolean()).isTrue();
        assertThat(json.path("leader").asText()).isEqualTo("n1");
        assertThat(json.path("nodes").get(0).path("digest").asText()).isEqualTo("000000000000004d");
        assertThat(json.path("nodes").get(2).path("reachable").asBoolean()).isFalse();
    }
}
