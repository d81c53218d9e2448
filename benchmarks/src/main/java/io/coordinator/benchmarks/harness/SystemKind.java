package io.coordinator.benchmarks.harness;

import java.util.Optional;

/** A system that can be compared. */
public interface SystemKind {

    /** Its name on the command line and in the results. */
    String name();

    /** What its operations promise: durability of a put, freshness of a get, the kind of lock. */
    String promises();

    /** What is missing on this machine to run it, and the command that installs it. */
    Optional<String> missing();

    /** The class of its driver; the interfaces that it has tell which workloads it can do. */
    Class<? extends Driver> driver();

    /** A fresh, stopped instance. */
    SystemUnderTest create();
}
