package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.protocol.FinalizeUpgradeReply;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.NodeStatusReply;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;

/** {@code coordinator upgrade}. */
@Command(
        name = "upgrade",
        description = {
            "See which versions the members know, and raise that of the cluster. Alone: as 'upgrade status'.",
            "How to upgrade node by node, and how to go back: docs/upgrading.md."
        },
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator upgrade status", "  coordinator upgrade finalize"})
public final class UpgradeCommand implements Runnable {
    private static final Duration NODE_TIMEOUT_MAX = Duration.ofSeconds(3);
    private static final Columns<NodeReport> MEMBERS = new Columns<NodeReport>()
            .text("NODE", "node", NodeReport::node)
            .text("ADDRESS", "address", NodeReport::address)
            .text(
                    "RELEASE",
                    "release",
                    node -> node.status().map(NodeStatusReply::getVersion).orElse(""))
            .cell("CORE", node -> cell(node, NodeStatusReply::getCoreVersion))
            .cell("ACTIVE", node -> cell(node, NodeStatusReply::getActiveVersion))
            .cell("SNAPSHOTS", node -> cell(node, NodeStatusReply::getSnapshotFormat))
            .numberMember("coreVersion", node -> number(node, NodeStatusReply::getCoreVersion))
            .numberMember("activeVersion", node -> number(node, NodeStatusReply::getActiveVersion))
            .numberMember("snapshotFormat", node -> number(node, NodeStatusReply::getSnapshotFormat))
            .text("FAILURE", "failure", NodeReport::failure);

    private final Console console;
    private final GlobalOptions options;

    public UpgradeCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    private static long number(NodeReport node, ToIntFunction<NodeStatusReply> version) {
        return node.status().map(version::applyAsInt).orElse(0);
    }

    /** An older release does not tell all of them. */
    private static String cell(NodeReport node, ToIntFunction<NodeStatusReply> version) {
        long number = number(node, version);
        return number == 0 ? "" : Long.toString(number);
    }

    @Override
    public void run() {
        status();
    }

    @Command(
            name = "status",
            description = {
                "Show the versions of each member, that of the cluster, and what 'upgrade finalize' would do.",
                "Changes nothing. Exit code 5 without a leader."
            })
    void status() {
        ClusterReport report = report();
        FinalizeUpgradeReply found = ask(report, true);
        if (options.output(OutputFormat.table) == OutputFormat.table) {
            console.out().print(MEMBERS.table(report.nodes()));
            console.out().println(advice(found));
        } else {
            ObjectNode json = json(found).put("finalizable", isFinalizable(found));
            ArrayNode obstacles = json.putArray("obstacles");
            found.getObstaclesList().forEach(obstacles::add);
            json.set("members", MEMBERS.array(report.nodes()));
            console.out().println(Json.line(json));
        }
    }

    @Command(
            name = "finalize",
            description = {
                "Raise the version of the cluster to the newest that all members know, and print it. For good: from then"
                        + " on no member can go back to an older version.",
                "Exit code 3, and nothing changed, while a member is older or silent."
            })
    void finish() {
        FinalizeUpgradeReply raised = ask(report(), false);
        boolean table = options.output(OutputFormat.table) == OutputFormat.table;
        console.out().println(table ? Integer.toString(raised.getActiveVersion()) : Json.line(json(raised)));
    }

    private static ObjectNode json(FinalizeUpgradeReply found) {
        return Json.object()
                .put("activeVersion", found.getActiveVersion())
                .put("newestVersion", found.getNewestVersion());
    }

    private static boolean isFinalizable(FinalizeUpgradeReply found) {
        return found.getObstaclesCount() == 0 && found.getNewestVersion() > found.getActiveVersion();
    }

    private static String advice(FinalizeUpgradeReply found) {
        int active = found.getActiveVersion();
        int newest = found.getNewestVersion();
        if (found.getObstaclesCount() > 0) {
            return "The cluster has core version " + active + " and stays there, because\n  "
                    + String.join("\n  ", found.getObstaclesList());
        }
        return newest == active
                ? "The cluster has core version " + active + ", the newest that its members know: nothing to do."
                : "The cluster has core version " + active + "; all members know " + newest
                        + ". Each can still go back. To turn on what is new, for good: coordinator upgrade finalize";
    }

    private ClusterReport report() {
        Duration timeout = options.timeout().compareTo(NODE_TIMEOUT_MAX) < 0 ? options.timeout() : NODE_TIMEOUT_MAX;
        List<String> endpoints =
                ClientConfig.builder().endpoints(options.endpoints()).build().endpoints();
        try {
            return new ClusterProbe(timeout, options.authToken()).ask(endpoints);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.ERROR, "interrupted while it asked the nodes", e);
        }
    }

    private FinalizeUpgradeReply ask(ClusterReport report, boolean dryRun) {
        NodeStatusReply leader = report.leader()
                .filter(NodeStatusReply::getServing)
                .orElseThrow(() -> new CliException(
                        ExitCode.NO_QUORUM,
                        "no leader serves; " + report.reachable() + " of "
                                + report.nodes().size() + " nodes answered, see 'coordinator status'"));
        FinalizeUpgradeReply reply = call(report, leader, dryRun);
        if (reply.hasError()) {
            throw Errors.of(reply.getError());
        }
        return reply;
    }

    private FinalizeUpgradeReply call(ClusterReport report, NodeStatusReply leader, boolean dryRun) {
        String address = report.nodes().stream()
                .filter(node -> node.node().equals(leader.getNode()))
                .map(NodeReport::address)
                .findFirst()
                .orElseThrow();
        FinalizeUpgradeRequest request = FinalizeUpgradeRequest.newBuilder()
                .setDryRun(dryRun)
                .setAskedBy(options.environment("COORD_CLIENT_NAME").orElseGet(ClientConfig::processName))
                .build();
        try {
            return new ClusterProbe(options.timeout(), options.authToken()).finalizeUpgrade(address, request);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                throw new CliException(
                        ExitCode.NOT_FOUND,
                        "the leader " + leader.getNode() + " runs release " + leader.getVersion()
                                + ", which cannot raise versions; upgrade it first",
                        e);
            }
            throw new CliException(ExitCode.ERROR, ClusterProbe.reason(address, e.getStatus()), e);
        }
    }
}
