package io.coordinator.server;

import static io.coordinator.server.support.Operator.add;
import static io.coordinator.server.support.Operator.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ClusterAct;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.Role;
import io.coordinator.server.config.Keys;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.member.MemberKeeper;
import io.coordinator.server.support.LogCapture;
import io.coordinator.server.support.Operator;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voters that are gone are replaced by themselves, and only by those who can decide it. */
@Feature("B-12")
@Tag("soak")
class ReplacementTest {
    private static final int AFTER_SECONDS = 2;
    private static final Duration AFTER = Duration.ofSeconds(AFTER_SECONDS);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private TestNodes cluster(int size) throws StartupException {
        TestNodes nodes = new TestNodes(directory, size)
                .with(config -> config.set(Keys.REPLACE_AFTER_SECONDS, AFTER_SECONDS)
                        .set(Keys.ELECTION_TIMEOUT_MIN_MILLIS, 300)
                        .set(Keys.ELECTION_TIMEOUT_MAX_MILLIS, 600))
                .startAll();
        new Operator(nodes).awaitMembers(nodes.names(), List.of());
        return nodes;
    }

    private static void addSpare(TestNodes nodes, String spare) throws StartupException {
        Operator operator = new Operator(nodes);
        nodes.place(spare).start(spare);
        operator.awaitWaiting(spare);
        operator.done(add(spare, "", true, false));
        waiting(spare + " to stand by")
                .until(() -> nodes.node(spare).status().getRole() == Role.LISTENER
                        && nodes.node(spare).status().getReady());
    }

    private static List<String> followers(TestNodes nodes) {
        String leader = nodes.leader();
        return nodes.names().stream().filter(node -> !node.equals(leader)).toList();
    }

    private static List<ClusterAct> replacements(Operator operator) {
        return operator.acts().stream()
                .filter(act -> act.getAction().equals("replace"))
                .toList();
    }

    @Test
    void twoOfFiveThatAreGoneAreReplacedOneAtATime() throws Exception {
        try (TestNodes nodes = cluster(5)) {
            Operator operator = new Operator(nodes);
            addSpare(nodes, "n6");
            addSpare(nodes, "n7");
            List<String> dead = followers(nodes).subList(0, 2);
            dead.forEach(nodes::kill);
            waiting("both to be replaced").pollInterval(Duration.ofMillis(5)).until(() -> {
                List<Member> members = operator.leader().getMembersList();
                assertThat(members)
                        .filteredOn(member -> member.getVoter() != member.getVotes())
                        .as("one at a time")
                        .hasSizeLessThanOrEqualTo(1);
                return members.stream().noneMatch(member -> dead.contains(member.getNode()))
                        && members.stream().allMatch(Member::getVotes);
            });
            operator.awaitMembers(List.copyOf(new TreeSet<>(nodes.running().keySet())), List.of());
            assertThat(replacements(operator)).hasSize(2);
            operator.awaitEqual();
        }
    }

    @Test
    void whoIsGoneWithoutASpareIsToldWithItsAgeAndWhoComesBackInTimeStays() throws Exception {
        try (TestNodes nodes = cluster(3);
                LogCapture told = LogCapture.of(MemberKeeper.class)) {
            Operator operator = new Operator(nodes);
            String gone = followers(nodes).get(0);
            nodes.kill(gone);
            waiting("the complaint")
                    .until(() -> told.events().stream()
                            .anyMatch(event -> event.getFormattedMessage().contains(gone)
                                    && event.getFormattedMessage().contains("no spare")));
            assertThat(silence(operator, gone)).isGreaterThan(AFTER.toMillis());
            nodes.start(gone);
            waiting("it to be heard again").until(() -> silence(operator, gone) < AFTER.toMillis() / 2);
            addSpare(nodes, "n4");

            nodes.kill(gone);
            waiting("a silence that is nearly too long").until(() -> silence(operator, gone) > AFTER.toMillis() / 3);
            nodes.start(gone);
            waiting("it to be heard again").until(() -> silence(operator, gone) < AFTER.toMillis() / 3);
            Awaitility.await("nothing to be replaced")
                    .during(AFTER)
                    .atMost(AFTER.multipliedBy(3))
                    .until(() -> operator.leader().getMembersList().stream()
                            .allMatch(member ->
                                    member.getVoter() != member.getNode().equals("n4")));
            assertThat(replacements(operator)).isEmpty();
            assertThat(told.events())
                    .filteredOn(event -> event.getFormattedMessage().contains("no spare"))
                    .as("told once")
                    .hasSize(1);
        }
    }

    /** The spare is alive and silent ones are two of three: nobody may decide that they are out. */
    @Test
    void withoutAMajorityNothingIsReplaced() throws Exception {
        try (TestNodes nodes = cluster(3)) {
            Operator operator = new Operator(nodes);
            addSpare(nodes, "n4");
            String alone = nodes.leader();
            List<String> dead = followers(nodes);
            dead.forEach(nodes::kill);
            waiting("the end of its leadership")
                    .until(() -> nodes.node(alone).status().getRole() != Role.LEADER);
            Awaitility.await("nothing to happen")
                    .during(AFTER)
                    .atMost(AFTER.multipliedBy(3))
                    .until(() -> nodes.node(alone).status().getRole() != Role.LEADER);
            nodes.start(dead.get(0));
            nodes.start(dead.get(1));
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.call(client.put("k", "1")).hasError()).isFalse();
            }
            operator.awaitMembers(nodes.names(), List.of("n4"));
            assertThat(replacements(operator)).isEmpty();
        }
    }

    /** It has no vote yet, and the disk that it has lost still counts. It dies while the group waits for it. */
    @Test
    @Feature("R-6")
    void whoCameBackWithANewDiskAndWentBeforeItHadItsVoteIsReplaced() throws Exception {
        try (TestNodes nodes = cluster(3)) {
            Operator operator = new Operator(nodes);
            String gone = followers(nodes).get(0);
            nodes.kill(gone);
            Directories.delete(nodes.data(gone));
            CoordinatorServer back = nodes.start(gone);
            waiting("the leader to let it in")
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> operator.leader().getMembersList().stream()
                            .anyMatch(member -> member.getNode().equals(gone) && member.getIncarnation() > 1));
            back.abort();
            nodes.running().remove(gone);
            nodes.place("n4").start("n4");
            operator.awaitWaiting("n4");
            operator.done(add("n4", "", true, false));
            List<String> left = List.copyOf(new TreeSet<>(nodes.running().keySet()));
            waiting("its replacement")
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(operator.leader().getMembersList())
                            .filteredOn(Member::getVotes)
                            .extracting(Member::getNode)
                            .containsExactlyInAnyOrderElementsOf(left));
            operator.awaitEqual();
        }
    }

    private static long silence(Operator operator, String node) {
        return operator.leader().getMembersList().stream()
                .filter(member -> member.getNode().equals(node))
                .mapToLong(Member::getSilentMillis)
                .findFirst()
                .orElseThrow();
    }
}
