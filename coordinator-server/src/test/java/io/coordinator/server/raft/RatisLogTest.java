package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Role;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.DiskWatch;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.snapshot.SnapshotObserver;
import io.coordinator.server.snapshot.SnapshotPolicy;
import io.coordinator.server.snapshot.SnapshotStore;
import io.coordinator.server.snapshot.Snapshotter;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisLogTest {
    /** Its clients come back as soon as the port of a node is open; a question of theirs must not end the node. */
    @Test
    @Feature("C-14")
    void aLogThatIsNotReadYetKnowsNoLeader(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)) {
            ServerConfig config = nodes.config("n1");
            Path data = config.get(Keys.DATA_DIR);
            Files.createDirectories(data);
            try (SnapshotStore store =
                    new SnapshotStore(data, LogDirectories.checkpoints(data, config.cluster()), config.limits())) {
                SnapshotStore.Recovered recovered = store.recover();
                Replica replica = new Replica(recovered.core(), Runnable::run);
                SnapshotPolicy policy = new SnapshotPolicy(1_000, 1 << 20, Duration.ofHours(1), Duration.ofHours(1));
                try (Snapshotter snapshotter =
                                new Snapshotter(replica, store, policy, () -> {}, new SnapshotObserver() {
                                    @Override
                                    public void taken(long index) {}

                                    @Override
                                    public void failed(Throwable why) {}
                                });
                        DiskWatch disk = DiskWatch.start(data, 0)) {
                    RatisLog log = RatisLog.open(
                            config,
                            new Seat(
                                    "n1",
                                    "",
                                    LogDirectories.groupOf(data, config.cluster()),
                                    config.members(),
                                    () -> true,
                                    peer -> "",
                                    peer -> ""),
                            replica,
                            store,
                            recovered,
                            snapshotter,
                            disk,
                            new Silent());
                    try {
                        assertThat(log.leaderSilenceNanos()).isEqualTo(Long.MAX_VALUE);
                        assertThat(log.status().role()).isEqualTo(Role.UNKNOWN_ROLE);
                        assertThat(log.status().leader()).isEmpty();
                    } finally {
                        log.close();
                    }
                }
            }
        }
    }

    private static final class Silent implements LogListener {
        @Override
        public void elected() {}

        @Override
        public void ready(long term) {}

        @Override
        public void deposed() {}

        @Override
        public void applied(AppliedEntry entry) {}

        @Override
        public void installed() {}

        @Override
        public void broken(Throwable cause) {}
    }
}
