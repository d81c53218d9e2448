package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.SystemKind;
import java.util.List;

/** Every system that can be compared. */
public final class Systems {
    private Systems() {}

    /** All of them; {@code workspace} is where they will keep their data. */
    public static List<SystemKind> all(Workspace workspace) {
        return List.of(
                new CoordinatorPeer(workspace),
                new Etcd(workspace),
                new ZooKeeperPeer(workspace),
                new Redis(workspace),
                new RabbitMq(workspace),
                new Nats(workspace),
                new DbSchedulerPeer(workspace));
    }
}
