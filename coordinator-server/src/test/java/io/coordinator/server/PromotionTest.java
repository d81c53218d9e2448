package io.coordinator.server;

import static io.coordinator.server.support.Operator.add;
import static io.coordinator.server.support.Operator.promote;
import static io.coordinator.server.support.Operator.remove;
import static io.coordinator.server.support.Operator.waiting;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import io.coordinator.server.support.Operator;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A promotion is kept, and a group that was changing when it lost its leader finds another. */
@Feature({"B-12", "B-45"})
class PromotionTest {
    private static final List<String> FOUR = List.of("n1", "n2", "n3", "n4");

    /** etcd#19557 and etcd#20793: a promotion was not kept. */
    @Test
    void aPromotionSurvivesTheDeathOfAll(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Operator operator = new Operator(nodes);
            nodes.place("n2").start("n2");
            operator.awaitWaiting("n2");
            operator.done(add("n2", "", false, false));
            operator.awaitMembers(List.of("n1"), List.of("n2"));
            operator.done(promote("n2"));
            waiting("the vote of n2").until(operator::leader, PromotionTest::allVote);
            operator.awaitEqual();
            nodes.close();
            nodes.start("n1");
            nodes.start("n2");
            operator.awaitMembers(List.of("n1", "n2"), List.of());
            operator.awaitEqual();
        }
    }

    private static boolean allVote(NodeStatusReply status) {
        return status.getMembersSettled() && status.getMembersList().stream().allMatch(Member::getVotes);
    }

    /** From one to two both are needed; the second may not have heard that a change has begun, or that it was made. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothDieInTheMiddleOfAPromotionAndFindALeader(boolean begun, @TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll();
                Withheld withheld = new Withheld(2, begun)) {
            Operator operator = new Operator(nodes);
            addLearner(nodes, operator, "n2", List.of("n1"));
            operator.done(promote("n2"));
            waiting("the change").until(withheld::met);
            nodes.close();
            withheld.close();

            nodes.start("n1");
            nodes.start("n2");

            operator.awaitMembers(List.of("n1", "n2"), List.of());
            waiting("the vote of n2").until(operator::leader, PromotionTest::allVote);
            operator.awaitEqual();
        }
    }

    /** The others have heard that a learner is to have a vote, or that it has it, and the learner may have to help. */
    @ParameterizedTest
    @CsvSource({"2, false", "2, true", "3, false", "3, true"})
    void theLeaderIsLostInTheMiddleOfAPromotion(int size, boolean begun, @TempDir Path directory) throws Exception {
        String learner = "n" + (size + 1);
        List<String> voters = FOUR.subList(0, size);
        try (TestNodes nodes = new TestNodes(directory, size).startAll();
                Withheld withheld = new Withheld(size + 1, begun)) {
            Operator operator = new Operator(nodes);
            addLearner(nodes, operator, learner, voters);
            String lost = nodes.leader();
            operator.done(promote(learner));
            waiting("the change").until(withheld::met);
            nodes.kill(lost);
            withheld.close();
            if (size == 2) {
                nodes.start(lost);
            }

            operator.awaitMembers(FOUR.subList(0, size + 1), List.of());
            waiting("the vote of " + learner).until(operator::leader, PromotionTest::allVote);
            operator.awaitEqual();
        }
    }

    /**
     * Those who stay need the one that goes: three of four is the majority of the old group. It ends if it stands
     * itself, and a supervisor starts it again.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLeaderIsLostInTheMiddleOfARemoval(boolean begun, @TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 4).startAll();
                Withheld withheld = new Withheld(3, begun)) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(FOUR, List.of());
            String lost = nodes.leader();
            String removed =
                    FOUR.stream().filter(node -> !node.equals(lost)).findFirst().orElseThrow();
            operator.done(remove(removed));
            waiting("the change").until(withheld::met);
            nodes.kill(lost);
            withheld.close();

            waiting("the end of the change").until(() -> {
                startIfEnded(nodes, removed);
                return nodes.running().values().stream()
                        .map(CoordinatorServer::status)
                        .anyMatch(status -> status.getServing()
                                && status.getRole() == Role.LEADER
                                && status.getMembersCount() == 3
                                && allVote(status));
            });
            nodes.start(lost);
            assertThatThrownBy(() -> nodes.node(removed).terminated().get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("was removed");
            nodes.running().remove(removed);
            operator.awaitEqual();
        }
    }

    private static void startIfEnded(TestNodes nodes, String node) throws StartupException {
        if (nodes.node(node).terminated().isDone()) {
            nodes.ended(node);
            nodes.start(node);
        }
    }

    private static void addLearner(TestNodes nodes, Operator operator, String node, List<String> voters)
            throws StartupException {
        nodes.place(node).start(node);
        operator.awaitWaiting(node);
        operator.done(add(node, "", false, false));
        operator.awaitMembers(voters, List.of(node));
        operator.awaitEqual();
    }

    /** Keeps the entries that enlarge the voters from everybody but the leader: both, or that which ends the change. */
    private static final class Withheld implements AutoCloseable {
        private static final String POINT = "RaftServerImpl.appendEntries";

        private final AtomicBoolean met = new AtomicBoolean();

        Withheld(int voters, boolean theLast) {
            CodeInjectionForTesting.put(POINT, (local, remote, arguments) -> {
                AppendEntriesRequestProto request = (AppendEntriesRequestProto) arguments[1];
                if (request.getEntriesList().stream()
                        .map(LogEntryProto::getConfigurationEntry)
                        .anyMatch(group ->
                                group.getPeersCount() == voters && !(theLast && group.getOldPeersCount() > 0))) {
                    met.set(true);
                    throw new IllegalStateException("this entry is lost on its way");
                }
                return false;
            });
        }

        boolean met() {
            return met.get();
        }

        @Override
        public void close() {
            CodeInjectionForTesting.remove(POINT);
        }
    }
}
