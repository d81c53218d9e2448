package io.coordinator.server.member;

import io.coordinator.protocol.Member;
import io.coordinator.protocol.MemberRow;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.raft.PeerName;
import io.coordinator.state.cluster.ClusterView;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The members and where they are: as the log has them, and until it does as this node was configured. Of a member whose
 * address no operator has told, the configuration says where this node reaches it: a cluster may be moved as a whole
 * while it does not run, and networks may show it differently to each. Any thread may ask.
 */
public final class MemberView {
    private final String self;
    private final List<ClusterMember> configured;
    private final OwnDisk disk;
    private final Supplier<ClusterView> cluster;
    private volatile @Nullable HostPort boundClient;

    /**
     * A view.
     *
     * @param configured whom the configuration names, this node among them
     * @param cluster what the log says, as far as this node has applied it
     */
    public MemberView(String self, List<ClusterMember> configured, OwnDisk disk, Supplier<ClusterView> cluster) {
        this.self = self;
        this.configured = List.copyOf(configured);
        this.disk = disk;
        this.cluster = cluster;
    }

    /** Where clients reach this node, once its port is bound. */
    public void bound(HostPort client) {
        boundClient = client;
    }

    /** What the log says. */
    public ClusterView cluster() {
        return cluster.get();
    }

    /** The client address of a node; empty if it is no member. */
    public String clientOf(String node) {
        return find(node).map(Member::getClientAddress).orElse("");
    }

    /** The client addresses of all members. */
    public List<String> clients() {
        return members().stream().map(Member::getClientAddress).toList();
    }

    /** Where a peer of the Raft group is; empty if nobody but Raft knows it. */
    public String peerAddress(String peer) {
        String node = PeerName.node(peer);
        return find(node).map(Member::getPeerAddress).orElse("");
    }

    /** The id of the disk that a peer of the Raft group has; empty if that is not known. */
    public String peerDisk(String peer) {
        return find(PeerName.node(peer))
                .filter(member ->
                        PeerName.of(member.getNode(), member.getIncarnation()).equals(peer))
                .map(Member::getDisk)
                .orElse("");
    }

    /** The member of that name. */
    public Optional<Member> find(String node) {
        return members().stream()
                .filter(member -> member.getNode().equals(node))
                .findFirst();
    }

    /** All members, in the order of their names or of the configuration. */
    public List<Member> members() {
        ClusterView known = cluster.get();
        return known.isFounded()
                ? known.members().stream().map(this::member).toList()
                : configured.stream().map(this::member).toList();
    }

    /** This node, as it sees itself. */
    public ClusterMember own() {
        return configured(self).orElseThrow(() -> new IllegalStateException(self + " is not configured"));
    }

    /** As clients reach this node. */
    public String ownClient() {
        return client(own());
    }

    private Optional<ClusterMember> configured(String node) {
        return configured.stream().filter(member -> member.node().equals(node)).findFirst();
    }

    private Member member(ClusterMember member) {
        Member.Builder built = Member.newBuilder()
                .setNode(member.node())
                .setPeerAddress(member.peer().toString())
                .setClientAddress(client(member))
                .setVoter(true)
                .setIncarnation(1);
        disk.standing().first().stream()
                .filter(first -> first.node().equals(member.node()))
                .findFirst()
                .ifPresent(first -> built.setDisk(first.disk()).setCoreVersion(first.coreVersion()));
        return built.build();
    }

    private Member member(MemberRow row) {
        Member.Builder member = Member.newBuilder()
                .setNode(row.getNode())
                .setPeerAddress(row.getPeerAddress())
                .setClientAddress(row.getClientAddress())
                .setVoter(row.getVoter())
                .setSpare(row.getSpare())
                .setPromote(row.getPromote())
                .setReplaces(row.getReplaces())
                .setIncarnation(row.getIncarnation())
                .setDisk(row.getDisk());
        if (row.getMoves() == 0 || row.getNode().equals(self)) {
            configured(row.getNode())
                    .ifPresent(hint ->
                            member.setPeerAddress(hint.peer().toString()).setClientAddress(client(hint)));
        }
        return member.build();
    }

    private String client(ClusterMember member) {
        HostPort bound = boundClient;
        return bound != null && member.node().equals(self) && member.client().port() == 0
                ? member.client().withPort(bound.port()).toString()
                : member.client().toString();
    }
}
