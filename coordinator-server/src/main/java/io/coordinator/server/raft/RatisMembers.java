package io.coordinator.server.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpcWithProxy;

/** The configuration of the Raft group, as Ratis keeps it. */
final class RatisMembers implements RaftMembers {
    private final RaftServer server;
    private final RaftServer.Division division;
    private final DivisionView view;
    private final RatisInnards innards;
    private final ClientId clientId;
    private final LongSupplier callIds;
    private final StagingNudge staging;

    /** @param callIds a new one each time */
    RatisMembers(
            RaftServer server,
            RaftServer.Division division,
            DivisionView view,
            RatisInnards innards,
            ClientId clientId,
            LongSupplier callIds) {
        this.server = server;
        this.division = division;
        this.view = view;
        this.innards = innards;
        this.clientId = clientId;
        this.callIds = callIds;
        this.staging = new StagingNudge(division);
    }

    @Override
    public Electorate electorate() {
        return view.electorate();
    }

    @Override
    public Map<String, Duration> silences() {
        return view.silences();
    }

    @Override
    public CompletableFuture<Void> change(Electorate from, Electorate to, Map<String, String> addresses) {
        SetConfigurationRequest request = new SetConfigurationRequest(
                clientId,
                division.getId(),
                division.getGroup().getGroupId(),
                callIds.getAsLong(),
                SetConfigurationRequest.Arguments.newBuilder()
                        .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                        .setServersInCurrentConf(peers(from.voters(), addresses))
                        .setListenersInCurrentConf(peers(from.listeners(), addresses))
                        .setServersInNewConf(peers(to.voters(), addresses))
                        .setListenersInNewConf(peers(to.listeners(), addresses))
                        .build());
        try {
            return server.setConfigurationAsync(request).thenCompose(RatisMembers::requireSuccess);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** As Ratis knows them, where it does. */
    private List<RaftPeer> peers(Set<String> names, Map<String, String> addresses) {
        return names.stream()
                .sorted()
                .map(name -> {
                    RaftPeer known = division.getRaftConf()
                            .getPeer(RaftPeerId.valueOf(name), RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER);
                    return known != null
                            ? known
                            : RaftPeer.newBuilder()
                                    .setId(name)
                                    .setAddress(addresses.getOrDefault(name, ""))
                                    .build();
                })
                .toList();
    }

    @Override
    public void takeRole() {
        innards.takeRole();
    }

    @Override
    public void moved(String peer) {
        ((RaftServerRpcWithProxy<?, ?>) server.getServerRpc()).getProxies().resetProxy(RaftPeerId.valueOf(peer));
    }

    @Override
    public void nudge() {
        staging.nudge();
    }

    private static CompletableFuture<Void> requireSuccess(RaftClientReply reply) {
        return reply.isSuccess()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(reply.getException());
    }
}
