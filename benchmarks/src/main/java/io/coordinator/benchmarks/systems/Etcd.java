package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.nio.file.Path;
import java.util.Optional;

/** etcd, as Debian's package installs it, through jetcd. */
final class Etcd implements SystemKind {
    private final Workspace workspace;

    Etcd(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public String promises() {
        return "put: fsynced by a majority. get: linearizable (ReadIndex). lock: v3 Lock and Unlock under a lease, "
                + "fenced by the key's create revision. fanout: a put of one key, fsynced by a "
                + "majority; a watch stream for each subscriber over the client's connections; no change is missed.";
    }

    @Override
    public Optional<String> missing() {
        return executable().isPresent()
                ? Optional.empty()
                : Optional.of("no executable 'etcd' on the PATH; install it with: apt-get install etcd-server");
    }

    @Override
    public Class<? extends Driver> driver() {
        return EtcdDriver.class;
    }

    @Override
    public SystemUnderTest create() {
        return new EtcdCluster(
                workspace, executable().orElseThrow(() -> new IllegalStateException("etcd is not installed")));
    }

    private static Optional<Path> executable() {
        return Executables.find("etcd");
    }
}
