package io.coordinator.cli.command;

import com.google.common.util.concurrent.ListenableFuture;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.client.internal.net.Found;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.FinalizeUpgradeReply;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.StopNodeReply;
import io.coordinator.protocol.StopNodeRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks nodes how they see themselves. Needs no session, so that it also works when nobody leads. */
final class ClusterProbe {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Duration timeout;
    private final Metadata headers = new Metadata();

    /**
     * A probe.
     *
     * @param timeout how long one node may take to answer
     * @param authToken the secret that nodes want, if any
     */
    ClusterProbe(Duration timeout, Optional<String> authToken) {
        this.timeout = timeout;
        authToken.ifPresent(token -> headers.put(AUTHORIZATION, "Bearer " + token));
    }

    /** Asks the nodes at the addresses, then all members that these know of. */
    ClusterReport ask(List<String> addresses) throws InterruptedException {
        Map<String, NodeReport> byAddress = new LinkedHashMap<>(askAll(addresses));
        Map<String, String> members = members(byAddress.values());
        List<String> known = byAddress.values().stream().map(NodeReport::node).toList();
        List<String> others = members.entrySet().stream()
                .filter(member -> !known.contains(member.getKey()) && !byAddress.containsKey(member.getValue()))
                .map(Map.Entry::getValue)
                .toList();
        byAddress.putAll(askAll(others));
        return ClusterReport.of(byAddress.values(), members);
    }

    /**
     * Asks the leader about an upgrade.
     *
     * @throws StatusRuntimeException if it does not answer, or is of a release that cannot
     */
    FinalizeUpgradeReply finalizeUpgrade(String address, FinalizeUpgradeRequest request) {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            return CoordinatorServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .finalizeUpgrade(request);
        } finally {
            channel.shutdownNow();
        }
    }

    /**
     * Asks the node at an address to stop; returns when it has said that it does.
     *
     * @throws CliException if it refuses, or does not answer
     */
    void stop(String address, String node, boolean wholeCluster) {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            StopNodeReply reply = CoordinatorServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .stopNode(StopNodeRequest.newBuilder()
                            .setNode(node)
                            .setWholeCluster(wholeCluster)
                            .build());
            if (reply.hasError()) {
                throw new CliException(
                        ExitCode.ERROR,
                        node + " does not stop: " + reply.getError().getMessage());
            }
        } catch (StatusRuntimeException e) {
            int code = e.getStatus().getCode() == Status.Code.UNAUTHENTICATED ? ExitCode.AUTH : ExitCode.ERROR;
            throw new CliException(code, node + " at " + address + " " + reason(e.getStatus()));
        } finally {
            channel.shutdownNow();
        }
    }

    /** Why a node said nothing, with its address. */
    static String reason(String address, Status status) {
        return address + " " + reason(status);
    }

    private static Map<String, String> members(Collection<NodeReport> reports) {
        Map<String, String> addresses = new TreeMap<>();
        for (NodeReport report : reports) {
            report.status().ifPresent(status -> {
                for (Member member : status.getMembersList()) {
                    addresses.putIfAbsent(member.getNode(), member.getClientAddress());
                }
            });
        }
        return addresses;
    }

    private Map<String, NodeReport> askAll(List<String> addresses) throws InterruptedException {
        List<ManagedChannel> channels = new ArrayList<>();
        try {
            Map<String, ListenableFuture<NodeStatusReply>> answers = new LinkedHashMap<>();
            for (String address : addresses) {
                ManagedChannel channel =
                        ManagedChannelBuilder.forTarget(address).usePlaintext().build();
                channels.add(channel);
                answers.put(
                        address,
                        CoordinatorServiceGrpc.newFutureStub(channel)
                                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                                .nodeStatus(NodeStatusRequest.getDefaultInstance()));
            }
            Map<String, NodeReport> reports = new LinkedHashMap<>();
            for (Map.Entry<String, ListenableFuture<NodeStatusReply>> answer : answers.entrySet()) {
                reports.put(answer.getKey(), report(answer.getKey(), answer.getValue()));
            }
            return reports;
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    private static NodeReport report(String address, ListenableFuture<NodeStatusReply> answer)
            throws InterruptedException {
        try {
            return NodeReport.answered(address, answer.get());
        } catch (ExecutionException e) {
            return NodeReport.silent(address, reason(Status.fromThrowable(e)));
        }
    }

    private static String reason(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE -> "cannot be reached: " + Found.describe(status);
            case DEADLINE_EXCEEDED -> "did not answer in time";
            case UNAUTHENTICATED -> "wants another auth token: set --auth-token or COORD_AUTH_TOKEN";
            default -> Found.describe(status);
        };
    }
}
