package io.coordinator.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AddMember;
import io.coordinator.protocol.ChangeMembersReply;
import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.ClusterAct;
import io.coordinator.protocol.ClusterQuery;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListActs;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.MoveMember;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.PromoteMember;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.RemoveNode;
import io.coordinator.protocol.ReplaceMember;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Who changes the members of a cluster by the wire, as the client's and the command line's calls do. */
public final class Operator {
    private final TestNodes nodes;

    public Operator(TestNodes nodes) {
        this.nodes = nodes;
    }

    public static ConditionFactory waiting(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    public static Consumer<ChangeMembersRequest.Builder> add(String node, String address, boolean spare, boolean vote) {
        return request -> request.setAdd(AddMember.newBuilder()
                .setNode(node)
                .setClientAddress(address)
                .setSpare(spare)
                .setPromote(vote));
    }

    public static Consumer<ChangeMembersRequest.Builder> promote(String node) {
        return request -> request.setPromote(PromoteMember.newBuilder().setNode(node));
    }

    public static Consumer<ChangeMembersRequest.Builder> remove(String node) {
        return request -> request.setRemove(RemoveNode.newBuilder().setNode(node));
    }

    public static Consumer<ChangeMembersRequest.Builder> replace(String old, String with) {
        return request ->
                request.setReplace(ReplaceMember.newBuilder().setOldNode(old).setNewNode(with));
    }

    public static Consumer<ChangeMembersRequest.Builder> move(String node, String address) {
        return request -> request.setMove(MoveMember.newBuilder().setNode(node).setClientAddress(address));
    }

    /** Asks until the answer is not that it must wait or ask another node. */
    public ChangeMembersReply ask(Consumer<ChangeMembersRequest.Builder> change) {
        ChangeMembersRequest.Builder request =
                ChangeMembersRequest.newBuilder().setActor("alice").setReason("a test");
        change.accept(request);
        ChangeMembersReply none = ChangeMembersReply.getDefaultInstance();
        return waiting("an answer to " + request)
                .until(() -> call(stub -> stub.changeMembers(request.build()), none), reply -> {
                    ErrorCode code = reply.getError().getCode();
                    return !reply.equals(none)
                            && code != ErrorCode.EBUSY
                            && code != ErrorCode.ENOTLEADER
                            && code != ErrorCode.ENOLEADER;
                });
    }

    /** Asks once; also an answer that it must wait is one. */
    public Error answer(Consumer<ChangeMembersRequest.Builder> change) {
        ChangeMembersRequest.Builder request =
                ChangeMembersRequest.newBuilder().setActor("alice").setReason("a test");
        change.accept(request);
        return call(stub -> stub.changeMembers(request.build()), ChangeMembersReply.getDefaultInstance())
                .getError();
    }

    public void done(Consumer<ChangeMembersRequest.Builder> change) {
        assertThat(ask(change).getError()).isEqualTo(Error.getDefaultInstance());
    }

    public Error refused(Consumer<ChangeMembersRequest.Builder> change) {
        Error error = ask(change).getError();
        assertThat(error).isNotEqualTo(Error.getDefaultInstance());
        return error;
    }

    public List<ClusterAct> acts() {
        Query query = Query.newBuilder()
                .setCluster(ClusterQuery.newBuilder().setActs(ListActs.getDefaultInstance()))
                .build();
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            return client.ask(query).getCluster().getActs().getActsList();
        }
    }

    private <A> A call(Function<CoordinatorServiceGrpc.CoordinatorServiceBlockingStub, A> method, A otherwise) {
        try (RawClient client = new RawClient(nodes.leaderAddress())) {
            return method.apply(
                    CoordinatorServiceGrpc.newBlockingStub(client.channel()).withDeadlineAfter(10, TimeUnit.SECONDS));
        } catch (StatusRuntimeException leaderGone) {
            return otherwise;
        }
    }

    public NodeStatusReply leader() {
        return nodes.node(nodes.leader()).status();
    }

    /** Waits until the leader knows of a node that waits to be let in. */
    public void awaitWaiting(String node) {
        waiting(node + " to wait")
                .until(() -> leader().getWaitingList().stream()
                        .map(Member::getNode)
                        .toList()
                        .contains(node));
    }

    /** Waits until the log is founded, and has exactly these with a vote and these without. */
    public void awaitMembers(List<String> voters, List<String> learners) {
        waiting("voters " + voters + " and learners " + learners).untilAsserted(() -> {
            NodeStatusReply status = leader();
            assertThat(status.getClusterId()).isNotEmpty();
            assertThat(names(status, true)).containsExactlyElementsOf(new TreeSet<>(voters));
            assertThat(names(status, false)).containsExactlyElementsOf(new TreeSet<>(learners));
        });
    }

    private static Set<String> names(NodeStatusReply status, boolean voters) {
        Set<String> names = new TreeSet<>();
        status.getMembersList().stream()
                .filter(member -> member.getVoter() == voters)
                .map(Member::getNode)
                .forEach(names::add);
        return names;
    }

    /**
     * Waits until all running nodes have been seen with the same state after the same entry, which the leader has by
     * now or later. Not at the same time: entries go on, and a follower is behind.
     */
    public void awaitEqual() {
        long from = leader().getDigestIndex();
        Map<Long, Map<String, Long>> seen = new HashMap<>();
        waiting("equal states").untilAsserted(() -> {
            nodes.running().forEach((name, server) -> {
                NodeStatusReply status = server.status();
                if (status.getDigestIndex() >= from) {
                    seen.computeIfAbsent(status.getDigestIndex(), index -> new HashMap<>())
                            .put(name, status.getDigest());
                }
            });
            assertThat(seen.values()).anySatisfy(digests -> {
                assertThat(digests).containsOnlyKeys(nodes.running().keySet());
                assertThat(new HashSet<>(digests.values())).hasSize(1);
            });
        });
    }
}
