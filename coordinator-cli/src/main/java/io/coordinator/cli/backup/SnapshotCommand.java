package io.coordinator.cli.backup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.protocol.BackupHeader;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.server.backup.BackupException;
import io.coordinator.server.backup.BackupReader;
import io.coordinator.server.backup.NewCluster;
import io.coordinator.server.backup.Restoring;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coordinator snapshot}: backups. */
@Command(
        name = "snapshot",
        description = {
            "Back a running cluster up into a file, look at such files, and make a new cluster of one; see its commands.",
            "What to do when a cluster or its data is lost: docs/disaster.md."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator snapshot save backup.snapshot",
            "  coordinator snapshot verify backup.snapshot",
            "  coordinator snapshot restore backup.snapshot --data-dir data/n1 --node n1 --reason 'disk lost'"
        })
public final class SnapshotCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public SnapshotCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "save",
            description = {
                "Write a backup of a running cluster: everything that was acknowledged before this command began.",
                "It is read from a follower if there is one. The file appears when it is whole and on the disk."
            })
    void save(
            @Parameters(paramLabel = "FILE", description = "Where to write it.") Path file,
            @Option(names = "--from", paramLabel = "NODE", description = "Read it from this node.") @Nullable
                    String from,
            @Option(
                            names = "--rate-limit",
                            paramLabel = "BYTES",
                            defaultValue = "32MiB",
                            converter = BytesConverter.class,
                            description = "At most so many bytes in a second, for example 8MiB; 0: as fast as it goes."
                                    + " Default: ${DEFAULT-VALUE}")
                    long rate,
            @Option(
                            names = "--stale",
                            description = "Take what the node has, without asking the leader; also when there is none.")
                    boolean stale,
            @Option(names = "--overwrite", description = "Replace the file if there is one.") boolean overwrite) {
        SnapshotSaving.Saved saved =
                new SnapshotSaving(console, options).save(new SnapshotSaving.Wish(file, from, rate, stale, overwrite));
        ObjectNode json = described(saved.header()).put("bytes", saved.bytes()).put("file", file.toString());
        print(json, "saved " + file + ": " + told(saved.header(), saved.bytes()));
    }

    @Command(name = "inspect", description = "Print what a backup says of itself; nothing is checked but its length.")
    void inspect(@Parameters(paramLabel = "FILE") Path file) {
        using(() -> {
            BackupReader backup = BackupReader.open(file);
            print(described(backup.header()).put("bytes", backup.bytes()), told(backup.header(), backup.bytes()));
        });
    }

    @Command(
            name = "verify",
            description = "Read all of a backup, load its state as a node would, and compare checksum and digest.")
    void verify(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(
                            names = "--scratch",
                            paramLabel = "DIR",
                            description =
                                    "A directory with room for the backup; by default the one of temporary files.")
                    @Nullable
                    Path scratch) {
        using(() -> {
            BackupReader backup = BackupReader.open(file);
            Path directory = scratch == null
                    ? Files.createTempDirectory("coordinator-verify-")
                    : Files.createTempDirectory(scratch, "coordinator-verify-");
            try {
                Coordinator core = backup.load(directory.resolve("checkpoint"), Limits.DEFAULT);
                print(
                        described(backup.header()).put("bytes", backup.bytes()).put("verified", true),
                        "whole: checksum, " + backup.header().getSnapshot().getRows() + " rows and digest "
                                + Long.toHexString(core.digest()) + " agree; " + told(backup.header(), backup.bytes()));
            } finally {
                Files.deleteIfExists(directory);
            }
        });
    }

    @Command(
            name = "restore",
            description = {
                "Make the data directory of the first member of a NEW cluster of a backup. Start the node with it; others"
                        + " join with empty directories.",
                "Sessions and what they held are gone. All numbers go on further than any client can have seen them."
            })
    void restore(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(
                            names = "--data-dir",
                            paramLabel = "DIR",
                            required = true,
                            description = "Where the node will have its data; must not be there, or be empty.")
                    Path data,
            @Option(names = "--node", paramLabel = "NODE", required = true, description = "The member's id.")
                    String node,
            @Option(
                            names = "--member",
                            paramLabel = "PEER/CLIENT",
                            description = "Where others reach it, as peerhost:port/clienthost:port. Default: "
                                    + FirstMember.DEFAULT_ADDRESSES)
                    @Nullable
                    String addresses,
            @Option(
                            names = "--cluster",
                            paramLabel = "NAME",
                            description = "The name of the new cluster; by default that of the old one.")
                    @Nullable
                    String cluster,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the trail of acts.") @Nullable
                    String reason,
            @Option(names = "--operator", paramLabel = "NAME", description = "Who decides; the user by default.")
                    @Nullable
                    String operator) {
        using(() -> {
            BackupReader backup = BackupReader.open(file);
            NewCluster made = Restoring.run(
                    backup,
                    data,
                    cluster == null ? backup.header().getCluster() : cluster,
                    FirstMember.of(node, addresses),
                    FirstMember.operator(operator),
                    reason == null ? "restored from " + file.getFileName() : reason,
                    System.currentTimeMillis());
            print(
                    FirstMember.json(made),
                    "restored into " + data + ": cluster " + made.clusterId() + " begins at revision " + made.revision()
                            + ", behind revision " + made.revisionBefore() + " of the backup");
        });
    }

    private static ObjectNode described(BackupHeader header) {
        SnapshotHeader snapshot = header.getSnapshot();
        return Json.object()
                .put("cluster", header.getCluster())
                .put("clusterId", header.getClusterId())
                .put("group", header.getGroup())
                .put("node", header.getNode())
                .put("created", Instant.ofEpochMilli(header.getCreatedMillis()).toString())
                .put("version", header.getVersion())
                .put("format", header.getFormat())
                .put("snapshotFormat", snapshot.getFormat())
                .put("activeVersion", snapshot.getActiveVersion())
                .put("index", snapshot.getIndex())
                .put("term", snapshot.getTerm())
                .put("revision", snapshot.getRevision())
                .put("lastToken", snapshot.getLastToken())
                .put("rows", snapshot.getRows());
    }

    private static String told(BackupHeader header, long bytes) {
        SnapshotHeader snapshot = header.getSnapshot();
        return "cluster " + header.getCluster() + " as " + header.getNode() + " had it at "
                + Instant.ofEpochMilli(header.getCreatedMillis()) + ", to entry " + snapshot.getIndex() + " of term "
                + snapshot.getTerm() + ", revision " + snapshot.getRevision() + ", " + snapshot.getRows() + " rows, "
                + bytes + " bytes";
    }

    private void print(ObjectNode json, String text) {
        console.out().println(options.output(OutputFormat.table) == OutputFormat.table ? text : Json.line(json));
    }

    /** What is done with files. */
    private interface Use {
        void run() throws BackupException, IOException;
    }

    private static void using(Use use) {
        try {
            use.run();
        } catch (BackupException e) {
            throw new CliException(SnapshotSaving.exitCode(e.code()), e.code() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CliException(ExitCode.ERROR, String.valueOf(e.getMessage()), e);
        }
    }
}
