package io.coordinator.server.tick;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.replica.Replica;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators, in the leader's log, which core versions the members know: when they differ, and when all know a
 * newer one than the cluster has. It raises nothing: an operator decides when no node has to go back any more.
 */
public final class VersionKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(VersionKeeper.class);

    private final MemberSurvey survey;
    private final Proposer proposer;
    private final Replica replica;
    private final AtomicReference<String> told = new AtomicReference<>("");

    private VersionKeeper(MemberSurvey survey, Proposer proposer, Replica replica) {
        this.survey = survey;
        this.proposer = proposer;
        this.replica = replica;
    }

    /** Looks whenever members have told something. */
    public static void follow(MemberSurvey survey, Proposer proposer, Replica replica) {
        survey.follow(new VersionKeeper(survey, proposer, replica)::look);
    }

    private void look() {
        String news = proposer.isOpen() ? news() : "";
        if (!news.equals(told.getAndSet(news)) && !news.isEmpty()) {
            LOG.warn("{}", news);
        }
    }

    /** Empty if there is nothing to do about versions. */
    private String news() {
        int active = replica.status().activeVersion();
        int newest = survey.known().stream()
                .mapToInt(NodeStatusReply::getCoreVersion)
                .max()
                .orElse(active);
        if (newest <= active) {
            return "";
        }
        boolean agreed = survey.known().stream().allMatch(member -> member.getCoreVersion() == newest);
        return agreed
                ? "all members that have answered know core version " + newest + ", and the cluster has " + active
                        + ": what is new is off, and each node can go back, until 'coordinator upgrade finalize'"
                : "the members know different core versions: " + versions() + "; the cluster has " + active
                        + ". Upgrade the older ones, or take the newer ones back";
    }

    private String versions() {
        return survey.known().stream()
                .sorted(Comparator.comparing(NodeStatusReply::getNode))
                .map(member ->
                        member.getNode() + " " + member.getCoreVersion() + " (release " + member.getVersion() + ")")
                .collect(Collectors.joining(", "));
    }
}
