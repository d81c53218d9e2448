package io.coordinator.server;

import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.FinalizeUpgradeReply;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.http.HttpEndpoint;
import io.coordinator.server.net.ClientListener;
import io.coordinator.server.net.NodeControl;
import io.coordinator.server.net.RefusedException;
import io.coordinator.server.raft.RatisLog;
import io.coordinator.server.snapshot.Snapshotter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The running parts of a node.
 *
 * @param stopping set once it shall stop
 * @param control by which it is asked to
 * @param parts everything to close, in reverse
 */
record Node(
        ServerConfig config,
        Membership membership,
        RatisLog log,
        Snapshotter snapshotter,
        LeadershipCycle cycle,
        StatusReporter reporter,
        Upgrades upgrades,
        ClientListener listener,
        HttpEndpoint http,
        AtomicBoolean stopping,
        Control control,
        Parts parts) {

    /** Tells the probes; purging and other background work is not begun any more. */
    void stop() {
        stopping.set(true);
    }

    /** Leaves the cluster's log, takes leave of clients, then saves what was applied, to have little to replay. */
    void leave() {
        log.close();
        cycle.close();
        listener.close();
        log.takeSnapshot();
        snapshotter.pause();
    }

    void closeAll() {
        parts.closeAll();
    }

    /** Lets another member lead, if this one does; clients are served meanwhile. */
    void drain() {
        List<String> others = membership.view().members().stream()
                .map(Member::getNode)
                .filter(member -> !member.equals(config.node()))
                .toList();
        new Drain(others, log, cycle).run();
    }

    /** What can be asked of it as a leader. */
    Handovers handovers() {
        List<String> members =
                membership.view().members().stream().map(Member::getNode).toList();
        return new Handovers(config.node(), members, log, cycle);
    }

    /** How operators' calls reach the node; its parts are known once it has started. */
    static final class Control implements NodeControl {
        private final CompletableFuture<Node> node = new CompletableFuture<>();
        private final CompletableFuture<Boolean> stopAsked = new CompletableFuture<>();

        void started(Node running) {
            node.complete(running);
        }

        /** Completes when the node is to stop; with whether it is to hand over. */
        CompletableFuture<Boolean> stopAsked() {
            return stopAsked;
        }

        @Override
        public CompletableFuture<Void> stop(String meant, boolean wholeCluster) {
            return node.thenAccept(running -> {
                String self = running.config().node();
                if (!self.equals(meant)) {
                    throw new RefusedException(
                            ErrorCode.EINVAL,
                            "this is " + self + ", not '" + meant + "'; look at the status for where that one is");
                }
                stopAsked.complete(!wholeCluster);
            });
        }

        @Override
        public CompletableFuture<NodeStatusReply> status() {
            return node.thenApply(running -> running.reporter().report());
        }

        @Override
        public CompletableFuture<String> transferLeadership(Optional<String> to) {
            return node.thenCompose(running -> running.handovers().ask(to));
        }

        @Override
        public CompletableFuture<FinalizeUpgradeReply> finalizeUpgrade(FinalizeUpgradeRequest request) {
            return node.thenCompose(running -> running.upgrades().ask(request));
        }

        @Override
        public CompletableFuture<List<Member>> changeMembers(ChangeMembersRequest request) {
            return node.thenCompose(running -> running.membership()
                    .change(request)
                    .thenApply(done -> running.membership().view().members()));
        }

        @Override
        public CompletableFuture<JoinReply> join(JoinRequest request) {
            return node.thenCompose(running -> running.membership().join(request));
        }
    }
}
