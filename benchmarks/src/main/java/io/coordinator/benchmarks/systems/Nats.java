package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.nio.file.Path;
import java.util.Optional;

/** NATS with JetStream, as Debian's package installs it, through its own Java client. */
final class Nats implements SystemKind {
    private final Workspace workspace;

    Nats(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String name() {
        return "nats";
    }

    @Override
    public String promises() {
        return "publish: acknowledged by a JetStream stream of three replicas on file, a majority of which has "
                + "written the message but NOT SYNCED it; it does not survive a power failure of theirs. consume: "
                + "pull consumer of such a stream, batches of " + Members.PREFETCH
                + ", each message acknowledged by itself; the client does not hear of the acknowledgement's arrival. "
                + "fanout and rpc: core NATS, at most once, NOT kept. "
                + "Subscribers and members have a connection each up to 100, then share these, on all nodes "
                + "in turn; caller and worker are on one node.";
    }

    @Override
    public Optional<String> missing() {
        return executable().isPresent()
                ? Optional.empty()
                : Optional.of("no executable 'nats-server' on the PATH; install it with: apt-get install "
                        + "--no-install-recommends nats-server, where a /usr/sbin/policy-rc.d that exits with 101 "
                        + "keeps Debian from starting a server of its own");
    }

    @Override
    public Class<? extends Driver> driver() {
        return NatsDriver.class;
    }

    @Override
    public SystemUnderTest create() {
        return new NatsCluster(
                workspace, executable().orElseThrow(() -> new IllegalStateException("nats-server is not installed")));
    }

    private static Optional<Path> executable() {
        return Executables.find("nats-server");
    }
}
