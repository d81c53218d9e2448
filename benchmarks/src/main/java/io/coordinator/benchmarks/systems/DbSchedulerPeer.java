package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.Driver;
import io.coordinator.benchmarks.harness.SystemKind;
import io.coordinator.benchmarks.harness.SystemUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** db-scheduler, a library that keeps jobs in a table, on PostgreSQL as Debian's package installs it. */
final class DbSchedulerPeer implements SystemKind {
    /** Debian has a directory for each version. */
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Workspace workspace;

    DbSchedulerPeer(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String name() {
        return "db-scheduler";
    }

    @Override
    public String promises() {
        return "ONE PostgreSQL without replicas, fsync and synchronous_commit on. job: a row is inserted, picked by "
                + "lock-and-fetch and removed, each in a transaction that is synced; a submission has the "
                + "scheduler look at once, and it polls each " + DbSchedulerJobs.POLLING.toMillis() + " ms besides. "
                + "As many threads as requests in flight submit, and as many work, over "
                + DbSchedulerJobs.CONNECTIONS_MAX + " connections at most.";
    }

    @Override
    public Optional<String> missing() {
        return binaries().isPresent()
                ? Optional.empty()
                : Optional.of("no bin/postgres below " + VERSIONS + "; install it with: apt-get install "
                        + "--no-install-recommends postgresql, where a /usr/sbin/policy-rc.d that exits with 101 "
                        + "keeps Debian from starting a server of its own");
    }

    @Override
    public Class<? extends Driver> driver() {
        return DbSchedulerDriver.class;
    }

    @Override
    public SystemUnderTest create() {
        return new DbSchedulerDatabase(
                workspace, binaries().orElseThrow(() -> new IllegalStateException("PostgreSQL is not installed")));
    }

    /** Of the newest version. */
    private static Optional<Path> binaries() {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(directory -> Files.isExecutable(directory.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
