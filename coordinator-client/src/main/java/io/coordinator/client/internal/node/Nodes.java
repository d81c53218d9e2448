package io.coordinator.client.internal.node;

import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.NoLeaderException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.net.Found;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.TransferLeadershipReply;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Questions to single nodes, without a session. */
public final class Nodes {
    private static final long STATUS_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);

    /** How often a leader that was lost just now may name the next. */
    private static final int HINTS_MAX = 3;

    private final SessionChannel channel;
    private final Transport transport;
    private final Duration timeout;

    public Nodes(SessionChannel channel, Transport transport, Duration timeout) {
        this.channel = channel;
        this.transport = transport;
        this.timeout = timeout;
    }

    /** Asks every known node; those that do not answer are reported as such. */
    public Promise<List<NodeStatus>> status(Promises promises) {
        Promise<List<NodeStatus>> promise = promises.make();
        channel.onLoop(() -> askAll(promise), promise::fail);
        return promise;
    }

    private void askAll(Promise<List<NodeStatus>> promise) {
        List<CompletableFuture<NodeStatus>> answers = new ArrayList<>();
        for (String endpoint : channel.endpoints()) {
            answers.add(status(endpoint));
        }
        var unused = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((done, error) -> {
                    if (channel.isClosed()) {
                        promise.fail(SessionChannel.closed(false));
                    } else {
                        promise.succeedBy(() ->
                                answers.stream().map(CompletableFuture::join).toList());
                    }
                });
    }

    private CompletableFuture<NodeStatus> status(String endpoint) {
        return transport
                .ask(
                        endpoint,
                        CoordinatorServiceGrpc.getNodeStatusMethod(),
                        NodeStatusRequest.getDefaultInstance(),
                        Math.min(Times.nanos(timeout), STATUS_NANOS_MAX))
                .handle((reply, error) ->
                        error == null ? status(endpoint, reply) : NodeStatus.unreachable(endpoint, found(error)));
    }

    /**
     * Asks the leader to hand over.
     *
     * @param toNode empty for any other member
     */
    public Promise<String> transferLeadership(Promises promises, String toNode) {
        return promises.attempt(() -> askToTransfer(promises, toNode));
    }

    private Promise<String> askToTransfer(Promises promises, String toNode) {
        Promise<String> promise = promises.make();
        String leader = channel.leaderEndpoint();
        if (leader == null) {
            promise.fail(
                    channel.isClosed() ? SessionChannel.closed(false) : channel.problem("there is no leader to ask"));
            return promise;
        }
        var unused = transport
                .ask(
                        leader,
                        CoordinatorServiceGrpc.getTransferLeadershipMethod(),
                        TransferLeadershipRequest.newBuilder()
                                .setTo(Text.prefix("toNode", toNode))
                                .build(),
                        Times.nanos(timeout))
                .whenComplete((reply, error) -> {
                    if (error != null) {
                        promise.fail(unanswered(leader, error));
                    } else {
                        settle(promise, reply);
                    }
                });
        return promise;
    }

    private static void settle(Promise<String> promise, TransferLeadershipReply reply) {
        if (reply.hasError()) {
            promise.fail(Errors.of(reply.getError()));
        } else {
            promise.succeed(reply.getLeader());
        }
    }

    /**
     * Asks the leader for a change of the members, and whom it names instead if it does not lead any more.
     *
     * @return completes when the log has it
     */
    public Promise<@Nullable Void> changeMembers(Promises promises, ChangeMembersRequest request) {
        Promise<@Nullable Void> promise = promises.make();
        String leader = channel.leaderEndpoint();
        if (leader == null) {
            promise.fail(
                    channel.isClosed() ? SessionChannel.closed(false) : channel.problem("there is no leader to ask"));
        } else {
            askToChange(promise, request, leader, HINTS_MAX);
        }
        return promise;
    }

    private void askToChange(
            Promise<@Nullable Void> promise, ChangeMembersRequest request, String endpoint, int hints) {
        var unused = transport
                .ask(endpoint, CoordinatorServiceGrpc.getChangeMembersMethod(), request, Times.nanos(timeout))
                .whenComplete((reply, error) -> {
                    if (error != null) {
                        promise.fail(unanswered(endpoint, error));
                    } else if (hints > 0 && !reply.getError().getLeaderAddress().isEmpty()) {
                        askToChange(promise, request, reply.getError().getLeaderAddress(), hints - 1);
                    } else {
                        settle(promise, reply.getError());
                    }
                });
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private static void settle(Promise<@Nullable Void> promise, Error error) {
        if (error.getCode() == ErrorCode.ENOLEADER) {
            promise.fail(new NoLeaderException(error.getMessage(), true, null));
        } else if (error.getCode() != ErrorCode.ERROR_CODE_UNSPECIFIED) {
            promise.fail(Errors.of(error));
        } else {
            promise.succeed(null);
        }
    }

    private static CoordinatorException unanswered(String endpoint, Throwable error) {
        if (error instanceof CoordinatorException refused) {
            return refused;
        }
        String what = endpoint + " did not answer: " + found(error) + "; look at status() for the leader";
        boolean timedOut =
                error instanceof StatusException e && e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
        return timedOut ? new RequestTimeoutException(what, true, error) : new DisconnectedException(what, true, error);
    }

    private static String found(Throwable error) {
        return error instanceof StatusException failure
                ? Found.describe(failure.getStatus())
                : String.valueOf(error.getMessage());
    }

    private static NodeStatus status(String endpoint, NodeStatusReply reply) {
        return new NodeStatus(
                endpoint,
                null,
                reply.getCluster(),
                reply.getNode(),
                role(reply),
                reply.getTerm(),
                reply.getLeader(),
                reply.getCommittedIndex(),
                reply.getAppliedIndex(),
                reply.getSnapshotIndex(),
                reply.getRevision(),
                reply.getClusterTimeMillis(),
                reply.getDigest(),
                reply.getDigestIndex(),
                reply.getDigestMismatches(),
                reply.getServing(),
                reply.getReady(),
                reply.getVersion(),
                reply.getCoreVersion(),
                reply.getSessionsAttached(),
                reply.getUptimeMillis(),
                reply.getMembersList().stream().map(Nodes::member).toList(),
                reply.getWaitingList().stream().map(Nodes::member).toList());
    }

    private static NodeStatus.Member member(Member member) {
        return new NodeStatus.Member(
                member.getNode(),
                member.getPeerAddress(),
                member.getClientAddress(),
                member.getVoter(),
                member.getSpare(),
                member.getIncarnation(),
                member.getSilentMillis());
    }

    private static NodeStatus.Role role(NodeStatusReply reply) {
        return switch (reply.getRole()) {
            case FOLLOWER -> NodeStatus.Role.FOLLOWER;
            case CANDIDATE -> NodeStatus.Role.CANDIDATE;
            case LEADER -> NodeStatus.Role.LEADER;
            case LISTENER -> NodeStatus.Role.LISTENER;
            case UNKNOWN_ROLE, UNRECOGNIZED -> NodeStatus.Role.UNKNOWN;
        };
    }
}
