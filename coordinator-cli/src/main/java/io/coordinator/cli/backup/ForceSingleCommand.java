package io.coordinator.cli.backup;

import io.coordinator.cli.command.ClusterProbe;
import io.coordinator.cli.command.NodeReport;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.backup.BackupException;
import io.coordinator.server.backup.ForcedSingle;
import io.coordinator.server.backup.NewCluster;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.data.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator data force-single DIR}: the last resort after the majority of a cluster is lost. */
@Command(
        name = "force-single",
        description = {
            "Make a new cluster with one member of what a survivor has, after the majority of its cluster was lost FOR"
                    + " GOOD. The survivor must not run.",
            "What the others acknowledged and this one has not received is gone. Members of before are refused: empty"
                    + " their directories to let them join. See docs/disaster.md."
        },
        footerHeading = Help.EXAMPLES,
        footer =
                "  coordinator data force-single data/n1 --members n1=h1:7401/h1:7400,n2=h2:7401/h2:7400,n3=h3:7401/h3:7400"
                        + " --reason 'n2 and n3 burnt' --yes-i-lost-the-majority")
public final class ForceSingleCommand implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Console console;
    private final GlobalOptions options;

    @Parameters(paramLabel = "DIR", description = "The data directory of the survivor.")
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Option(
            names = "--members",
            paramLabel = "NODE=PEER/CLIENT,…",
            description =
                    "All members of before, as the nodes had them; none of the others may answer, nor any that the"
                            + " survivor's log names. Environment: COORD_MEMBERS.")
    private @Nullable String members;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept for ever.")
    @SuppressWarnings("NullAway.Init")
    private String reason;

    @Option(names = "--operator", paramLabel = "NAME", description = "Who decides; the user by default.")
    private @Nullable String operator;

    @Option(names = "--yes-i-lost-the-majority", description = "That this is so. Without it nothing is done.")
    private boolean confirmed;

    @Option(
            names = "--ignore-listening",
            description = "Who accepts connections at the address of a lost member, and does not answer, is another.")
    private boolean ignoreListening;

    public ForceSingleCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        if (!confirmed) {
            throw new CliException(
                    ExitCode.USAGE,
                    "this gives up what the lost members acknowledged and this one has not received. While a majority"
                            + " can be brought back, do that instead. If it is lost for good, say"
                            + " --yes-i-lost-the-majority");
        }
        try (ForcedSingle survivor = ForcedSingle.open(directory)) {
            Identity identity = survivor.identity();
            List<ClusterMember> all = members();
            ClusterMember self = all.stream()
                    .filter(member -> member.node().equals(identity.node()))
                    .findFirst()
                    .orElseThrow(() -> new CliException(
                            ExitCode.USAGE,
                            directory + " is that of " + identity.node() + ", which is not among --members"));
            requireSilence(
                    identity,
                    all.stream()
                            .filter(member -> !member.node().equals(identity.node()))
                            .map(member -> member.client().toString())
                            .toList());
            NewCluster made = survivor.run(
                    self,
                    FirstMember.operator(operator),
                    reason,
                    System.currentTimeMillis(),
                    others -> requireSilence(identity, others));
            boolean plain = options.output(OutputFormat.table) == OutputFormat.table;
            console.out()
                    .println(
                            plain
                                    ? identity.node() + " is the one member of cluster " + made.clusterId()
                                            + " now, with all to entry " + made.indexBefore() + "; start it. What was"
                                            + " is in " + directory.resolve("before")
                                    : Json.line(FirstMember.json(made)));
        } catch (BackupException e) {
            throw new CliException(SnapshotSaving.exitCode(e.code()), e.code() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CliException(ExitCode.ERROR, "cannot give back " + directory + ": " + e.getMessage(), e);
        }
    }

    private List<ClusterMember> members() {
        String text = members == null ? options.environment("COORD_MEMBERS").orElse("") : members;
        if (text.isBlank()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "which were the members? Give --members or COORD_MEMBERS as the nodes had it, so that it can be"
                            + " seen whether the others are alive");
        }
        try {
            return ClusterMember.parseList(text);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "--members: " + e.getMessage(), e);
        }
    }

    /**
     * A member that answers may belong to a majority, and in any case must not go on as what it was. One that only
     * accepts connections may be paused, and answer again.
     */
    private void requireSilence(Identity identity, List<String> others) {
        for (NodeReport report : ask(others)) {
            NodeStatusReply answer = report.answer();
            if (answer != null && answer.getCluster().equals(identity.cluster())) {
                throw new CliException(
                        ExitCode.ERROR,
                        "EBUSY: " + answer.getNode() + " is alive at " + report.address()
                                + ", so nothing was changed. If it and this one are a majority, start this one instead;"
                                + " if not, stop " + answer.getNode() + " first");
            }
            if (answer == null && !ignoreListening && listens(report.address())) {
                throw new CliException(
                        ExitCode.ERROR,
                        "EBUSY: somebody accepts connections at " + report.address()
                                + " and does not answer, so nothing"
                                + " was changed. It may be a member that is paused or overloaded, and goes on later: end"
                                + " it first. If it is none, say --ignore-listening");
            }
        }
    }

    private static boolean listens(String address) {
        HostPort place = HostPort.parse(address);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(place.host(), place.port()), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    private List<NodeReport> ask(List<String> addresses) {
        if (addresses.isEmpty()) {
            return List.of();
        }
        try {
            return new ClusterProbe(PATIENCE, options.authToken())
                    .ask(addresses)
                    .nodes();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.ERROR, "interrupted", e);
        }
    }
}
