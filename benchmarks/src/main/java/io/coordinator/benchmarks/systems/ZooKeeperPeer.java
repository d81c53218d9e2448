package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.util.Optional;

/** ZooKeeper, whose servers come from Maven Central with the class path. */
final class ZooKeeperPeer implements SystemKind {
    private final Workspace workspace;

    ZooKeeperPeer(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String name() {
        return "zookeeper";
    }

    @Override
    public String promises() {
        return "put: fsynced by a majority (forceSync=yes). get: from the server the client is connected to, POSSIBLY "
                + "STALE; get-sync: sync, then get. lock: ephemeral sequential create, getChildren, delete, as Curator "
                + "does it; lock-contended and lock-multi: Curator's InterProcessSemaphoreMutex and InterProcessMultiLock.";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Class<? extends Driver> driver() {
        return ZooKeeperDriver.class;
    }

    @Override
    public SystemUnderTest create() {
        return new ZooKeeperCluster(workspace);
    }
}
