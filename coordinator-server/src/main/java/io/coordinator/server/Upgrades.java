package io.coordinator.server;

import io.coordinator.protocol.AdvanceVersion;
import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.FinalizeUpgradeReply;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.MemberVersions;
import io.coordinator.protocol.RecordAct;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.net.RefusedException;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.tick.MemberAnswer;
import io.coordinator.server.tick.MemberSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the core version of the cluster to the newest that all members know, when an operator says so. Members that
 * went back to an older release between their answer and the entry stop at it; they do not diverge.
 */
final class Upgrades {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrades.class);
    private static final long TIMEOUT_SECONDS = 10;

    private final String self;
    private final RaftLog log;
    private final MemberSurvey survey;
    private final Replica replica;
    private final Proposer proposer;

    Upgrades(String self, RaftLog log, MemberSurvey survey, Replica replica, Proposer proposer) {
        this.self = self;
        this.log = log;
        this.survey = survey;
        this.replica = replica;
        this.proposer = proposer;
    }

    CompletableFuture<FinalizeUpgradeReply> ask(FinalizeUpgradeRequest request) {
        if (!proposer.isOpen()) {
            return CompletableFuture.failedFuture(notLeader());
        }
        return survey.askAll().thenCompose(answers -> decide(request, answers));
    }

    private RefusedException notLeader() {
        return log.status()
                .leader()
                .filter(leader -> !leader.equals(self))
                .map(leader -> new RefusedException(
                        ErrorCode.ENOTLEADER, self + " does not lead, so it raises no version; ask " + leader))
                .orElseGet(() -> new RefusedException(
                        ErrorCode.ENOLEADER,
                        self + " does not serve as leader, and knows of no other; try again later"));
    }

    private CompletableFuture<FinalizeUpgradeReply> decide(FinalizeUpgradeRequest request, List<MemberAnswer> answers) {
        int active = replica.status().activeVersion();
        FinalizeUpgradeReply.Builder found = FinalizeUpgradeReply.newBuilder().setActiveVersion(active);
        int newest = active;
        for (MemberAnswer answer : answers) {
            MemberVersions versions = versions(answer);
            found.addMembers(versions);
            newest = Math.max(newest, versions.getCoreVersion());
        }
        found.setNewestVersion(newest).addAllObstacles(obstacles(found.getMembersList(), newest));
        if (request.getDryRun() || (newest == active && found.getObstaclesCount() == 0)) {
            return CompletableFuture.completedFuture(found.build());
        }
        if (found.getObstaclesCount() > 0) {
            return CompletableFuture.completedFuture(
                    found.setError(refusal(active, found.getObstaclesList())).build());
        }
        return raise(newest, request.getAskedBy())
                .thenApply(version -> found.setActiveVersion(version).build());
    }

    private static MemberVersions versions(MemberAnswer answer) {
        MemberVersions.Builder versions = MemberVersions.newBuilder()
                .setNode(answer.member().getNode())
                .setClientAddress(answer.member().getClientAddress())
                .setFailure(answer.failure());
        answer.status()
                .ifPresent(status -> versions.setRelease(status.getVersion())
                        .setCoreVersion(status.getCoreVersion())
                        .setActiveVersion(status.getActiveVersion())
                        .setSnapshotFormat(status.getSnapshotFormat()));
        return versions.build();
    }

    private static List<String> obstacles(List<MemberVersions> members, int newest) {
        List<String> obstacles = new ArrayList<>();
        for (MemberVersions member : members) {
            if (!member.getFailure().isEmpty()) {
                obstacles.add(member.getNode() + " " + member.getFailure());
            } else if (member.getCoreVersion() < newest) {
                obstacles.add(member.getNode() + " runs release " + member.getRelease()
                        + ", and takes part in core versions up to " + member.getCoreVersion() + " only, not "
                        + newest);
            }
        }
        return obstacles;
    }

    private static Error refusal(int active, List<String> obstacles) {
        return Error.newBuilder()
                .setCode(ErrorCode.ECONFLICT)
                .setMessage("the cluster stays at core version " + active + ", because " + String.join("; ", obstacles)
                        + ". Upgrade or start these nodes, then try again")
                .build();
    }

    private CompletableFuture<Integer> raise(int version, String askedBy) {
        LOG.info("'{}' asks to raise the core version of the cluster to {}; all members know it", askedBy, version);
        Raise raise = new Raise(version, askedBy, new CompletableFuture<>());
        proposer.offer(raise);
        return raise.done.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** The trail of acts is of version 2 itself, so its command comes second. */
    private record Raise(int version, String askedBy, CompletableFuture<Integer> done) implements Proposal {
        @Override
        public List<Command> commands() {
            Command advance = Command.newBuilder()
                    .setSession(SessionCommand.newBuilder()
                            .setAdvanceVersion(AdvanceVersion.newBuilder().setVersion(version)))
                    .build();
            Command act = Command.newBuilder()
                    .setCluster(ClusterCommand.newBuilder()
                            .setActor(askedBy)
                            .setRecordAct(RecordAct.newBuilder()
                                    .setAction("finalize upgrade")
                                    .setSubject("core version " + version)))
                    .build();
            return List.of(advance, act);
        }

        @Override
        public void applied(int from, List<Reply> replies) {
            for (Reply reply : replies) {
                if (reply.getSession().hasAdvanced()) {
                    LOG.info("the core version of the cluster is {} from now on", version);
                } else {
                    done.completeAsync(() -> version);
                }
            }
        }

        @Override
        public void failed() {
            done.completeExceptionally(new RefusedException(
                    ErrorCode.ENOLEADER,
                    "the leader has changed meanwhile; see by 'upgrade status' whether the version was raised"));
        }
    }
}
