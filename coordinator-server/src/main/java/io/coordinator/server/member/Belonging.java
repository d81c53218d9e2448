package io.coordinator.server.member;

import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.net.MemberCalls;
import io.coordinator.server.raft.Electorate;
import io.coordinator.server.raft.PeerName;
import io.coordinator.server.raft.RareComplaint;
import io.coordinator.server.replica.ReplicaStatus;
import io.coordinator.state.cluster.ClusterView;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that this node does not belong to its cluster any more: it was removed or another disk has its place while it
 * was away, or the cluster was made anew from a backup or a survivor. Whoever has applied more of the log knows better.
 * Such a node would go on asking for votes, so it stops and says what to do. Only who is in the same cluster, or in one
 * that was made of a cluster of this name, can say so: a stranger that just began ends nobody.
 */
public final class Belonging {
    private static final Logger LOG = LoggerFactory.getLogger(Belonging.class);
    private static final long COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String cluster;
    private final String self;
    private final String ownGroup;
    private final OwnDisk disk;
    private final MemberView members;
    private final Supplier<ReplicaStatus> state;
    private final BooleanSupplier lost;
    private final Supplier<Electorate> group;
    private final MemberCalls calls;
    private final Consumer<Throwable> broken;
    private final RareComplaint strangers = new RareComplaint(LOG, COMPLAINT_NANOS, System::nanoTime);

    /**
     * What can be looked at.
     *
     * @param cluster its name
     * @param ownGroup the id of the Raft group in this node's data
     * @param lost whether this node knows of no leader
     * @param group who is in the Raft group, as this node's log has it
     * @param broken told why this node cannot go on
     */
    public Belonging(
            String cluster,
            String self,
            String ownGroup,
            OwnDisk disk,
            MemberView members,
            Supplier<ReplicaStatus> state,
            BooleanSupplier lost,
            Supplier<Electorate> group,
            MemberCalls calls,
            Consumer<Throwable> broken) {
        this.cluster = cluster;
        this.self = self;
        this.ownGroup = ownGroup;
        this.disk = disk;
        this.members = members;
        this.state = state;
        this.lost = lost;
        this.group = group;
        this.calls = calls;
        this.broken = broken;
    }

    /**
     * Asks the others. Those who were members of a cluster that was made anew may still have a leader among them; of
     * the rest only who hears of no leader has a reason to doubt, since a leader's entries say it.
     */
    public void look() {
        if (!disk.isAdmitted()) {
            return;
        }
        learn();
        if (isOut()) {
            broken.accept(new StrangerException(removed(self, "its own log says")));
            return;
        }
        boolean alone = lost.getAsBoolean();
        for (Member other : members.members()) {
            if (!other.getNode().equals(self)) {
                var unused = calls.status(other.getClientAddress())
                        .whenComplete((reply, failure) -> judge(other, reply, failure, alone));
            }
        }
    }

    private void learn() {
        ClusterView known = state.get().cluster();
        if (known.isFounded()) {
            try {
                disk.learn(known.id());
            } catch (IOException e) {
                broken.accept(e);
            }
        }
    }

    /**
     * A leader that took over in the middle of a removal goes on to send its entries to who was removed. Who has just
     * been let in may get the state from before that: it does not know so high an incarnation yet.
     */
    private boolean isOut() {
        ClusterView known = state.get().cluster();
        Electorate now = group.get();
        int incarnation = disk.standing().incarnation();
        String peer = PeerName.of(self, incarnation);
        return known.isFounded()
                && known.find(self).isEmpty()
                && Integer.compareUnsigned(known.lastIncarnation(), incarnation) >= 0
                && now.settled()
                && !now.has(peer);
    }

    private void judge(Member other, @Nullable NodeStatusReply reply, @Nullable Throwable failure, boolean alone) {
        if (reply == null) {
            LOG.debug("{} does not answer", other.getNode(), failure);
            return;
        }
        madeAnew(reply)
                .or(() -> alone ? contradiction(reply) : Optional.empty())
                .ifPresent(why -> broken.accept(new StrangerException(why)));
    }

    private Optional<String> madeAnew(NodeStatusReply reply) {
        return reply.getFormerGroupsList().contains(ownGroup)
                        && !reply.getGroup().equals(ownGroup)
                ? Optional.of("this node belongs to the cluster " + reply.getCluster() + " as it was before "
                        + reply.getNode() + " was made a new cluster of that name, by a restore or by"
                        + " `coordinator data force-single`. It must not go on as what it was. To let it join the new"
                        + " cluster, set its data directory aside and start it with an empty one; see docs/disaster.md")
                : Optional.empty();
    }

    private static String removed(String self, String source) {
        return "this node was removed from the cluster, as " + source + " ('coordinator member audit' tells by whom)."
                + " To let it in again start it with an empty data directory, and add it with 'coordinator member add "
                + self + "'";
    }

    /**
     * Why a node cannot go on. Raft closes the group of a member that was removed, which looks as if its log had
     * vanished.
     *
     * @param peer its name in the group
     * @param own what it has applied of its log; not founded for a node that was just started
     * @param group whom the end of its log names
     */
    public static Throwable reason(String self, String peer, ClusterView own, Electorate group, Throwable cause) {
        boolean isOut =
                own.isFounded() ? own.find(self).isEmpty() : !group.voters().isEmpty() && !group.has(peer);
        if (cause instanceof StrangerException || !isOut) {
            return cause;
        }
        Throwable removed = new StrangerException(removed(self, "its own log says"));
        removed.initCause(cause);
        return removed;
    }

    /** What another node's word says against this one; empty if nothing does. */
    Optional<String> contradiction(NodeStatusReply reply) {
        if (!reply.getCluster().equals(cluster) || reply.getClusterId().isEmpty()) {
            return Optional.empty();
        }
        ReplicaStatus own = state.get();
        ClusterView known = own.cluster();
        String id = disk.standing().cluster().orElse("");
        if (!id.equals(reply.getClusterId())) {
            if (!id.isEmpty()) {
                strangers.complain(reply.getNode() + " is in a cluster of this name with another id, "
                        + reply.getClusterId() + ", and this node's is " + id + ". " + reply.getNode()
                        + " was started with an empty data directory and other members, or is none of this cluster's:"
                        + " stop it. This node goes on");
            }
            return Optional.empty();
        }
        boolean knowsItself = known.find(self)
                .filter(row -> row.getDisk().equals(disk.standing().disk()))
                .isPresent();
        // Who does not lead may not have heard yet that this node was let in, unless that is behind them both.
        if (reply.getAppliedIndex() < own.index() || !(knowsItself || reply.getServing())) {
            return Optional.empty();
        }
        Optional<Member> row = reply.getMembersList().stream()
                .filter(member -> member.getNode().equals(self))
                .findFirst();
        if (row.isEmpty()) {
            return Optional.of(removed(self, reply.getNode() + " knows"));
        }
        return row.get().getDisk().equals(disk.standing().disk())
                ? Optional.empty()
                : Optional.of("another disk has the place of this node in the cluster, as " + reply.getNode()
                        + " knows: this one was away and was taken for lost. Set its data directory aside, and start"
                        + " the node with an empty one if it shall come back");
    }

    /** Says itself that this node does not belong here. */
    private static final class StrangerException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        StrangerException(String why) {
            super(why);
        }
    }
}
