package io.coordinator.server.member;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.disk.Standing.FirstMember;
import io.coordinator.server.net.MemberCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a new disk is. If all that the configuration names have new disks too, they begin a cluster together.
 * If the others know this very disk, it is one of those that began it. If they have a cluster without it, it asks their
 * leader to be let in, which a node that lost its disk is at once, and another when an operator has added it. Until
 * then the node takes no part: it may be a member that has forgotten its votes.
 *
 * <p>All must be heard before a cluster begins, not a majority: one that is silent may have the data of a cluster that
 * the others have lost.
 */
public final class Arrival implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);
    private static final long FIRST_MILLIS = 20;
    private static final long SLOWEST_MILLIS = 500;
    private static final long ANSWER_MILLIS = 1_000;
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String cluster;
    private final ClusterMember self;
    private final List<ClusterMember> others;
    private final int coreVersion;
    private final OwnDisk disk;
    private final MemberCalls calls;
    private final Supplier<String> ownClientAddress;
    private final Runnable joined;
    private final Consumer<Throwable> broken;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "coordinator-arrival");
        made.setDaemon(true);
        return made;
    });
    private final long begun = System.nanoTime();
    private volatile String waitsFor = "";
    private volatile Optional<String> leader = Optional.empty();
    private long complained = begun;
    private long pauseMillis = FIRST_MILLIS;

    /**
     * Begins to look, unless it is known what the disk is.
     *
     * @param members whom the configuration names, this node among them
     * @param coreVersion the newest that this node knows
     * @param ownClientAddress as clients reach this node
     * @param joined called once the log has let it in: the node starts anew as who it is then
     * @param broken called if the mark on the disk cannot be written
     */
    public Arrival(
            String cluster,
            ClusterMember self,
            List<ClusterMember> members,
            int coreVersion,
            OwnDisk disk,
            MemberCalls calls,
            Supplier<String> ownClientAddress,
            Runnable joined,
            Consumer<Throwable> broken) {
        this.cluster = cluster;
        this.self = self;
        this.others = members.stream()
                .filter(member -> !member.node().equals(self.node()))
                .toList();
        this.coreVersion = coreVersion;
        this.disk = disk;
        this.calls = calls;
        this.ownClientAddress = ownClientAddress;
        this.joined = joined;
        this.broken = broken;
    }

    /** Begins to look; a node that is alone needs no look. */
    public void start() {
        if (!disk.isAdmitted()) {
            later(0);
        }
    }

    /** What this node waits for, for people; empty if it takes part. */
    public String waitsFor() {
        return disk.isAdmitted() ? "" : waitsFor;
    }

    /** Who leads the cluster that this node waits for, as far as it has heard; clients can be sent there. */
    public Optional<String> leader() {
        return disk.isAdmitted() ? Optional.empty() : leader;
    }

    private void later(long millis) {
        try {
            var unused = thread.schedule(this::look, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }

    private void look() {
        try {
            Map<String, NodeStatusReply> heard = ask();
            leader = heard.values().stream()
                    .filter(NodeStatusReply::getServing)
                    .map(NodeStatusReply::getNode)
                    .findFirst();
            if (!decide(heard)) {
                complain();
                pauseMillis = Math.min(SLOWEST_MILLIS, pauseMillis * 3 / 2);
                later(pauseMillis);
            }
        } catch (IOException | RuntimeException e) {
            broken.accept(e);
        }
    }

    private Map<String, NodeStatusReply> ask() {
        Map<String, CompletableFuture<NodeStatusReply>> asked = new HashMap<>();
        for (ClusterMember other : others) {
            asked.put(
                    other.node(),
                    calls.status(other.client().toString())
                            .completeOnTimeout(
                                    NodeStatusReply.getDefaultInstance(), ANSWER_MILLIS, TimeUnit.MILLISECONDS));
        }
        Map<String, NodeStatusReply> heard = new HashMap<>();
        asked.forEach((node, answer) -> {
            NodeStatusReply reply = answer.exceptionally(failure -> NodeStatusReply.getDefaultInstance())
                    .join();
            if (reply.getNode().equals(node) && reply.getCluster().equals(cluster)) {
                heard.put(node, reply);
            }
        });
        return heard;
    }

    /** Whether it is known now what the disk is. */
    private boolean decide(Map<String, NodeStatusReply> heard) throws IOException {
        for (NodeStatusReply reply : heard.values()) {
            if (reply.getDisk().isEmpty()) {
                LOG.info("{} runs a version that knows no disks, so this node takes part as in that", reply.getNode());
                disk.become(disk.standing().asFirst(List.of()));
                return true;
            }
            Optional<Member> own = reply.getMembersList().stream()
                    .filter(member -> member.getNode().equals(self.node())
                            && member.getDisk().equals(disk.standing().disk()))
                    .findFirst();
            if (own.isPresent() && own.get().getIncarnation() <= 1) {
                begin(firstOf(reply));
                return true;
            }
        }
        if (heard.size() == others.size() && heard.values().stream().noneMatch(NodeStatusReply::getAdmitted)) {
            Optional<NodeStatusReply> other = heard.values().stream()
                    .filter(reply -> !names(reply).equals(names()))
                    .findFirst();
            if (other.isEmpty()) {
                begin(allOf(heard));
                return true;
            }
            waitsFor = "one list of members: " + other.get().getNode() + " is configured with "
                    + String.join(", ", names(other.get())) + ", and this node with " + String.join(", ", names())
                    + ". Give all the same, or let the others begin and then add this one with 'coordinator member add "
                    + self.node() + "'";
            return false;
        }
        Optional<NodeStatusReply> founded = heard.values().stream()
                .filter(reply -> !reply.getClusterId().isEmpty())
                .max(Comparator.comparingLong(NodeStatusReply::getAppliedIndex));
        if (founded.isPresent()) {
            return join(heard);
        }
        waitsFor = waited(heard);
        return false;
    }

    private Set<String> names() {
        return Stream.concat(Stream.of(self), others.stream())
                .map(ClusterMember::node)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(NodeStatusReply reply) {
        return reply.getMembersList().stream().map(Member::getNode).collect(Collectors.toCollection(TreeSet::new));
    }

    private String waited(Map<String, NodeStatusReply> heard) {
        List<String> silent = others.stream()
                .filter(other -> !heard.containsKey(other.node()))
                .map(other -> other.node() + " (" + other.client() + ")")
                .toList();
        Optional<NodeStatusReply> lonely = heard.values().stream()
                .filter(reply -> reply.getAdmitted() && reply.getLeader().isEmpty())
                .findFirst();
        if (silent.isEmpty() && lonely.isPresent()) {
            return "the leader of the cluster that " + lonely.get().getNode() + " takes part in, and that has none."
                    + " Start its members with the disks that they had; if most of those are lost, see"
                    + " docs/disaster.md";
        }
        return silent.isEmpty()
                ? "the others to say who began the cluster; if it was upgraded, run 'coordinator upgrade finalize'"
                : "the first sign of " + String.join(", ", silent)
                        + ": a cluster begins when all members have been heard. Start them, or see why they cannot be"
                        + " reached";
    }

    private void begin(List<FirstMember> all) throws IOException {
        disk.become(disk.standing().asFirst(all));
        LOG.info("this node takes part: the cluster begins with {}", all);
    }

    private static List<FirstMember> firstOf(NodeStatusReply reply) {
        return reply.getMembersList().stream()
                .map(member -> new FirstMember(member.getNode(), member.getDisk(), member.getCoreVersion()))
                .toList();
    }

    private List<FirstMember> allOf(Map<String, NodeStatusReply> heard) {
        List<FirstMember> all = new ArrayList<>();
        all.add(new FirstMember(self.node(), disk.standing().disk(), coreVersion));
        heard.values()
                .forEach(reply -> all.add(new FirstMember(reply.getNode(), reply.getDisk(), reply.getCoreVersion())));
        all.sort(Comparator.comparing(FirstMember::node));
        return all;
    }

    /** Asks them one after the other: one of them leads. */
    private boolean join(Map<String, NodeStatusReply> heard) throws IOException {
        JoinRequest request = JoinRequest.newBuilder()
                .setCluster(cluster)
                .setNode(self.node())
                .setDisk(disk.standing().disk())
                .setPeerAddress(self.peer().toString())
                .setClientAddress(ownClientAddress.get())
                .setCoreVersion(coreVersion)
                .build();
        List<String> refusals = new ArrayList<>();
        for (ClusterMember other : others) {
            if (!heard.containsKey(other.node())) {
                continue;
            }
            JoinReply reply = calls.join(other.client().toString(), request)
                    .completeOnTimeout(JoinReply.getDefaultInstance(), ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> JoinReply.getDefaultInstance())
                    .join();
            if (!reply.hasError() && reply.getIncarnation() > 0) {
                letIn(reply, heard.get(other.node()).getClusterId());
                return true;
            }
            if (reply.hasError() && reply.getError().getCode() != ErrorCode.ENOTLEADER) {
                refusals.add(reply.getError().getMessage());
            }
        }
        waitsFor = refusals.isEmpty() ? "a leader that lets it in" : String.join("; ", refusals);
        return false;
    }

    private void letIn(JoinReply reply, String clusterId) throws IOException {
        Optional<UUID> group =
                reply.getGroup().isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(reply.getGroup()));
        disk.become(disk.standing().asJoined(reply.getIncarnation(), group, clusterId));
        LOG.info("this node was let in, under incarnation {}", reply.getIncarnation());
        joined.run();
    }

    private void complain() {
        if (System.nanoTime() - complained > COMPLAINT_NANOS) {
            complained = System.nanoTime();
            LOG.warn(
                    "this node's data directory is new, and it takes no part yet after {} s: it waits for {}",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
                    waitsFor);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
