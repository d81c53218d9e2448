package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** RabbitMQ, as Debian's package installs it, through its own Java client. */
final class RabbitMq implements SystemKind {
    /** The script itself: that on the PATH changes users and hides the server from who started it. */
    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private final Workspace workspace;

    RabbitMq(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String name() {
        return "rabbitmq";
    }

    @Override
    public String promises() {
        return "publish: a publisher confirm of a quorum queue, fsynced by a majority. consume: of a quorum "
                + "queue, prefetch " + Members.PREFETCH
                + ", each message acknowledged by itself; the client does not hear of the "
                + "acknowledgement's arrival. fanout: exchange of type fanout with a transient exclusive queue for "
                + "each subscriber, at most once. rpc: transient queue and direct reply-to, NOT kept; the worker "
                + "acknowledges after its answer. job: publish and consume, each message confirmed, delivered and "
                + "acknowledged; a delivery is remembered in memory. Subscribers and members have a connection each up "
                + "to 100, then "
                + "share these, on all nodes in turn; caller and worker are on one node.";
    }

    @Override
    public Optional<String> missing() {
        if (Files.isExecutable(SERVER) && epmd().isPresent()) {
            return Optional.empty();
        }
        return Optional.of("no " + SERVER + " or no executable 'epmd' on the PATH; install them with: apt-get install "
                + "--no-install-recommends rabbitmq-server, where a /usr/sbin/policy-rc.d that exits with 101 keeps "
                + "Debian from starting a server of its own");
    }

    @Override
    public Class<? extends Driver> driver() {
        return RabbitMqDriver.class;
    }

    @Override
    public SystemUnderTest create() {
        return new RabbitMqCluster(
                workspace,
                SERVER,
                epmd().orElseThrow(() -> new IllegalStateException("epmd, a part of Erlang, is not installed")));
    }

    private static Optional<Path> epmd() {
        return Executables.find("epmd");
    }
}
