package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.util.Optional;

/** Our own servers through our own SDK. */
final class CoordinatorPeer implements SystemKind {
    private final Workspace workspace;

    CoordinatorPeer(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String name() {
        return "coordinator";
    }

    @Override
    public String promises() {
        return "put: fsynced by a majority. get: linearizable (log lease). lock: session-bound acquire and release, "
                + "fenced by a token. publish, consume and rpc: every message, acknowledgement, call and answer "
                + "fsynced by a majority. fanout and rpc-ephemeral: through the leader's "
                + "memory. job: submission, lease and completion fsynced by a majority; the worker hears that the "
                + "completion arrived.";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Class<? extends Driver> driver() {
        return CoordinatorDriver.class;
    }

    @Override
    public SystemUnderTest create() {
        return new CoordinatorServers(workspace);
    }
}
