package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.nio.file.Path;
import java.util.Optional;

/** Redis, as Debian's package installs it, through Redisson. */
final class Redis implements SystemKind {
    private final Workspace workspace;

    Redis(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public String promises() {
        return "ONE server without replicas. put: acknowledged from memory, fsynced within a second "
                + "(appendfsync everysec); what is younger is lost if it dies. get: from that server. lock: "
                + "Redisson's RLock with a lease, NO fencing token, gone with the server. publish: XADD, as put. "
                + "consume: "
                + "XREADGROUP of up to " + Members.PREFETCH
                + ", each acknowledged by an XACK of its own, whose answer is "
                + "awaited. fanout: PUBLISH, at most once; each subscriber has a connection.";
    }

    @Override
    public Optional<String> missing() {
        return executable().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "no executable 'redis-server' on the PATH; install it with: apt-get install redis-server");
    }

    @Override
    public Class<? extends Driver> driver() {
        return RedisDriver.class;
    }

    @Override
    public SystemUnderTest create() {
        return new RedisServer(
                workspace, executable().orElseThrow(() -> new IllegalStateException("redis-server is not installed")));
    }

    private static Optional<Path> executable() {
        return Executables.find("redis-server");
    }
}
