package io.coordinator.server;

import static io.coordinator.server.support.Operator.add;
import static io.coordinator.server.support.Operator.promote;
import static io.coordinator.server.support.Operator.remove;
import static io.coordinator.server.support.Operator.replace;
import static io.coordinator.server.support.Operator.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import io.coordinator.server.config.Keys;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.support.Operator;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member gets no vote before it has what it would vote about, and counts as missing for as long. */
@Feature({"B-12", "B-45"})
class LaggingMembersTest {
    /** More than a member may be behind. */
    private static final int ENTRIES = 1_100;

    @Test
    void aLearnerThatLagsOrIsDownGetsNoVoteUntilItHasCaughtUp(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.BATCH_COMMANDS_MAX, 1))
                        .startAll();
                Unheard unheard = new Unheard()) {
            Operator operator = new Operator(nodes);
            nodes.place("n2").start("n2");
            operator.awaitWaiting("n2");
            operator.done(add("n2", "", false, false));
            operator.awaitMembers(List.of("n1"), List.of("n2"));
            operator.awaitEqual();
            waiting("n2 to know its part").until(() -> nodes.node("n2").status().getRole() == Role.LISTENER);
            unheard.hold("n2~2");
            writeMany(nodes);

            waiting("the reason").untilAsserted(() -> {
                Error behind = operator.answer(promote("n2"));
                assertThat(behind.getCode()).isEqualTo(ErrorCode.EBUSY);
                assertThat(behind.getMessage())
                        .containsPattern("1[1-9]\\d\\d entries behind")
                        .contains("at most 1000");
                assertThat(behind.getRetryAfterMillis()).isPositive();
            });
            operator.awaitMembers(List.of("n1"), List.of("n2"));

            nodes.kill("n2");
            waiting("the reason").untilAsserted(() -> {
                Error down = operator.answer(promote("n2"));
                assertThat(down.getCode()).isEqualTo(ErrorCode.EBUSY);
                assertThat(down.getMessage()).contains("n2", "not to be reached");
            });
            assertThat(operator.leader().getMembersList())
                    .filteredOn(Member::getVotes)
                    .extracting(Member::getNode)
                    .containsExactly("n1");

            unheard.close();
            nodes.start("n2");
            operator.done(promote("n2"));
            operator.awaitMembers(List.of("n1", "n2"), List.of());
            operator.awaitEqual();
        }
    }

    /** It has no vote yet, and the disk that it has lost still counts: two of three must stay. */
    @Test
    @Feature("R-6")
    void aMemberThatComesBackWithANewDiskCountsAsMissingUntilItHasCaughtUp(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)
                        .with(config -> config.set(Keys.BATCH_COMMANDS_MAX, 1))
                        .startAll();
                Unheard unheard = new Unheard()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(nodes.names(), List.of());
            String leader = nodes.leader();
            List<String> followers =
                    nodes.names().stream().filter(node -> !node.equals(leader)).toList();
            String wiped = followers.get(0);
            String other = followers.get(1);
            nodes.kill(wiped);
            Directories.delete(nodes.data(wiped));
            writeMany(nodes);
            unheard.hold(wiped + "~2");
            nodes.start(wiped);
            operator.awaitMembers(List.of(leader, other), List.of(wiped));

            Error refused = operator.refused(remove(other));
            assertThat(refused.getCode()).isEqualTo(ErrorCode.EINVAL);
            assertThat(refused.getMessage())
                    .contains("there would be no majority", wiped + " (the disk that it has lost");
            write(nodes);

            unheard.close();
            operator.awaitMembers(nodes.names(), List.of());
            waiting("its vote").until(operator::leader, LaggingMembersTest::allVote);
            operator.done(remove(other));
            operator.awaitMembers(List.of(leader, wiped), List.of());
        }
    }

    /** The dead one keeps its place meanwhile: so a majority stays one of those who know the log. */
    @Test
    @Tag("soak")
    void whoIsToReplaceADeadMemberWaitsForItsVoteUntilItHasCaughtUp(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)
                        .with(config -> config.set(Keys.BATCH_COMMANDS_MAX, 1))
                        .startAll();
                Unheard unheard = new Unheard()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(nodes.names(), List.of());
            nodes.place("n4").start("n4");
            operator.awaitWaiting("n4");
            operator.done(add("n4", "", false, false));
            operator.awaitMembers(nodes.names(), List.of("n4"));
            operator.awaitEqual();
            unheard.hold("n4~2");
            writeMany(nodes);
            String leader = nodes.leader();
            String dead = nodes.names().stream()
                    .filter(node -> !node.equals(leader))
                    .findFirst()
                    .orElseThrow();
            nodes.kill(dead);
            operator.done(replace(dead, "n4"));
            write(nodes);
            assertThat(operator.leader().getMembersList())
                    .filteredOn(Member::getVotes)
                    .extracting(Member::getNode)
                    .containsExactlyInAnyOrderElementsOf(nodes.names());
            assertThat(operator.leader().getMembersList())
                    .filteredOn(Member::getPromote)
                    .singleElement()
                    .satisfies(member -> {
                        assertThat(member.getNode()).isEqualTo("n4");
                        assertThat(member.getReplaces()).isEqualTo(dead);
                    });

            unheard.close();
            List<String> voters = nodes.running().keySet().stream().sorted().toList();
            operator.awaitMembers(voters, List.of());
            operator.awaitEqual();
        }
    }

    /** Raft waits for each newcomer until it has the log, and lets nobody else in meanwhile. */
    @Test
    void aNewcomerThatDiesBeforeItIsInTheGroupHoldsUpNobody(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll();
                Unheard unheard = new Unheard()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(List.of("n1"), List.of());
            unheard.hold("n3~2");
            nodes.place("n3").start("n3");
            operator.awaitWaiting("n3");
            operator.done(add("n3", "", false, true));
            waiting("the log to be kept from n3").until(unheard::met);
            nodes.place("n2").start("n2");
            operator.awaitWaiting("n2");
            operator.done(add("n2", "", false, true));
            nodes.kill("n2");

            unheard.close();
            operator.awaitMembers(List.of("n1", "n3"), List.of("n2"));
            nodes.start("n2");
            operator.awaitMembers(List.of("n1", "n2", "n3"), List.of());
            operator.awaitEqual();
        }
    }

    private static boolean allVote(NodeStatusReply status) {
        return status.getMembersSettled() && status.getMembersList().stream().allMatch(Member::getVotes);
    }

    private static void write(TestNodes nodes) {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            assertThat(client.call(client.put("k", "1")).hasError()).isFalse();
        }
    }

    /** Each command is an entry of its own. */
    private static void writeMany(TestNodes nodes) {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            ClientFrame.Builder frame = ClientFrame.newBuilder();
            for (int i = 0; i < ENTRIES; i++) {
                frame.addCommands(client.put("k" + i, "1"));
            }
            long last = frame.getCommands(ENTRIES - 1).getSeq();
            client.send(frame.build());
            client.await(each -> each.getRepliesList().stream().anyMatch(reply -> reply.getSeq() == last));
        }
    }

    /** Keeps entries from one member, by its name in the group; that its leader is there it hears. */
    private static final class Unheard implements AutoCloseable {
        private static final String POINT = "RaftServerImpl.appendEntries";
        private static final long LOSS_MILLIS = 100;

        private final AtomicReference<String> held = new AtomicReference<>("");
        private final AtomicBoolean met = new AtomicBoolean();
        private final CountDownLatch over = new CountDownLatch(1);

        Unheard() {
            CodeInjectionForTesting.put(POINT, (local, remote, arguments) -> {
                AppendEntriesRequestProto request = (AppendEntriesRequestProto) arguments[1];
                String to = request.getServerRequest().getReplyId().toStringUtf8();
                if (request.getEntriesCount() > 0 && to.equals(held.get())) {
                    met.set(true);
                    awaitEnd();
                }
                return false;
            });
        }

        /** Its leader sends again at once, so each loss takes a moment. */
        private void awaitEnd() {
            try {
                if (!over.await(LOSS_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("these entries are lost on their way");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("this node ends", e);
            }
        }

        boolean met() {
            return met.get();
        }

        void hold(String peer) {
            held.set(peer);
        }

        @Override
        public void close() {
            over.countDown();
            CodeInjectionForTesting.remove(POINT);
        }
    }
}
