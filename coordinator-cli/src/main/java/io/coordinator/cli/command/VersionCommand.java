package io.coordinator.cli.command;

import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.Help;
import io.coordinator.server.snapshot.SnapshotStore;
import io.coordinator.state.Coordinator;
import picocli.CommandLine.Command;

/** {@code coordinator version}. */
@Command(
        name = "version",
        description = "Show the version of this command and of its JVM.",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator version"})
public final class VersionCommand implements Runnable {
    private final Console console;

    public VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        console.out()
                .println("coordinator " + version() + " (core version " + Coordinator.VERSION + ", snapshot format "
                        + SnapshotStore.FORMAT + ", Java " + Runtime.version() + ")");
    }

    /** The version that the build wrote into the jar; {@code development} when run from class files. */
    static String version() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
