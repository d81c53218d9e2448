package io.coordinator.server.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.MemberRow;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.raft.Electorate;
import io.coordinator.server.raft.RaftMembers;
import io.coordinator.state.cluster.ClusterView;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has moved is reached where it is, once, and nobody is reached nowhere. */
@Feature("B-12")
class PeerMovesTest {
    private static final ClusterMember SELF =
            new ClusterMember("n1", new HostPort("127.0.0.1", 1), new HostPort("127.0.0.1", 2));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private final Group group = new Group();
    private ClusterView cluster = ClusterView.NONE;

    @SuppressWarnings("NullAway.Init")
    private PeerMoves moves;

    @BeforeEach
    void open() throws IOException {
        moves = new PeerMoves(new MemberView("n1", List.of(SELF), OwnDisk.open(data, false), () -> cluster), group);
    }

    @Test
    void whoMovesIsReachedThereOnceAndWhoDoesNotIsLeftAlone() {
        at("10.0.0.2:1", "10.0.0.3:1");
        looks(2);
        assertThat(group.moved).isEmpty();
        at("10.0.0.9:1", "10.0.0.3:1");
        looks(2);
        assertThat(group.moved).containsExactly("n2");
        at("10.0.0.2:1", "10.0.0.3:1");
        looks(2);
        assertThat(group.moved).containsExactly("n2", "n2");
    }

    /** One without an address is about to leave the group; that it had another before is not forgotten. */
    @Test
    void anEmptyAddressIsNoPlaceToMoveTo() {
        at("10.0.0.2:1", "10.0.0.3:1");
        looks(1);
        at("", "10.0.0.3:1");
        looks(2);
        cluster = new ClusterView("id", List.of(row("n3", "10.0.0.3:1")), 1, List.of());
        looks(2);
        assertThat(group.moved).isEmpty();
        at("10.0.0.2:1", "10.0.0.3:1");
        looks(1);
        assertThat(group.moved).isEmpty();
        at("10.0.0.9:1", "10.0.0.3:1");
        looks(1);
        assertThat(group.moved).containsExactly("n2");
    }

    private void looks(int count) {
        for (int i = 0; i < count; i++) {
            moves.look();
        }
    }

    private void at(String second, String third) {
        cluster = new ClusterView("id", List.of(row("n2", second), row("n3", third)), 1, List.of());
    }

    private static MemberRow row(String node, String address) {
        return MemberRow.newBuilder()
                .setNode(node)
                .setPeerAddress(address)
                .setMoves(1)
                .build();
    }

    private static final class Group implements RaftMembers {
        private final List<String> moved = new ArrayList<>();

        @Override
        public Electorate electorate() {
            return new Electorate(Set.of("n2"), Set.of("n3"), true);
        }

        @Override
        public Map<String, Duration> silences() {
            return Map.of();
        }

        @Override
        public CompletableFuture<Void> change(Electorate from, Electorate to, Map<String, String> addresses) {
            throw new UnsupportedOperationException("nobody comes or goes");
        }

        @Override
        public void takeRole() {
            throw new UnsupportedOperationException("nobody is asked for a role");
        }

        @Override
        public void nudge() {
            throw new UnsupportedOperationException("nobody comes or goes");
        }

        @Override
        public void moved(String peer) {
            moved.add(peer);
        }
    }
}
