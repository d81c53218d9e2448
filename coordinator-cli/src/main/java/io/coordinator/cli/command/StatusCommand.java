package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.Elapsed;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.cli.console.TextTable;
import io.coordinator.client.ClientConfig;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code coordinator status}. */
@Command(
        name = "status",
        description = "Show each node. Exit code 0 only with a leader and a quorum, 5 without, 1 if replicas disagree.",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator status", "  coordinator status -e n1:7400,n2:7400,n3:7400 -o json"})
public final class StatusCommand implements Callable<Integer> {
    /** Who is not heard of for less than that may just be between two heartbeats. */
    private static final long SILENT_MILLIS = 2_000;

    private static final Duration NODE_TIMEOUT_MAX = Duration.ofSeconds(3);

    private final Console console;
    private final GlobalOptions options;

    public StatusCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration timeout = options.timeout().compareTo(NODE_TIMEOUT_MAX) < 0 ? options.timeout() : NODE_TIMEOUT_MAX;
        List<String> endpoints =
                ClientConfig.builder().endpoints(options.endpoints()).build().endpoints();
        ClusterReport report = new ClusterProbe(timeout, options.authToken()).ask(endpoints);
        boolean table = options.output(OutputFormat.table) == OutputFormat.table;
        console.out().print(table ? table(report) : Json.line(json(report)) + "\n");
        return judge(report);
    }

    private int judge(ClusterReport report) {
        for (NodeReport node : report.nodes()) {
            node.status()
                    .filter(status -> !status.getNotReadyReason().isEmpty())
                    .ifPresent(status -> console.err()
                            .println("coordinator status: " + node.node() + " is not ready: "
                                    + status.getNotReadyReason()));
        }
        if (report.diverged()) {
            console.err()
                    .println("coordinator status: replicas disagree on their state; stop writing, keep the data"
                            + " directories and compare the digests");
            return ExitCode.ERROR;
        }
        if (!report.hasQuorum()) {
            console.err().println("coordinator status: no quorum: " + reason(report));
            return ExitCode.NO_QUORUM;
        }
        return ExitCode.OK;
    }

    private static String reason(ClusterReport report) {
        if (report.reachable() == 0) {
            return "no node answered; start the nodes, or check --endpoints";
        }
        Optional<NodeStatusReply> leader = report.leader();
        String counted = report.reachable() + " of " + report.memberCount() + " nodes answered, ";
        if (leader.isEmpty()) {
            return counted + "none of them leads";
        }
        return counted
                + leader.get().getNode()
                + (leader.get().getServing() ? " leads, but no majority follows it" : " leads, but does not serve yet");
    }

    static String table(ClusterReport report) {
        TextTable table = new TextTable(
                "NODE",
                "ADDRESS",
                "ROLE",
                "TERM",
                "COMMITTED",
                "APPLIED",
                "LAG",
                "SERVING",
                "READY",
                "SESSIONS",
                "DIGEST",
                "PART",
                "SILENT");
        for (NodeReport node : report.nodes()) {
            node.status()
                    .ifPresentOrElse(
                            status -> table.row(
                                    node.node(),
                                    node.address(),
                                    role(status),
                                    Long.toString(status.getTerm()),
                                    Long.toString(status.getCommittedIndex()),
                                    Long.toString(status.getAppliedIndex()),
                                    Long.toString(report.lag(status)),
                                    status.getServing() ? "yes" : "no",
                                    status.getReady() ? "yes" : "no",
                                    Long.toString(status.getSessionsAttached()),
                                    digest(status) + "@" + status.getDigestIndex(),
                                    part(node, report),
                                    silent(node, report)),
                            () -> table.row(
                                    node.node().isEmpty() ? "?" : node.node(),
                                    node.address(),
                                    node.failure(),
                                    "-",
                                    "-",
                                    "-",
                                    "-",
                                    "no",
                                    "no",
                                    "-",
                                    "-",
                                    part(node, report),
                                    silent(node, report)));
        }
        StringBuilder text = new StringBuilder(table.render());
        for (Member waiting : report.waiting()) {
            text.append("waiting: ")
                    .append(waiting.getNode())
                    .append(" at ")
                    .append(waiting.getClientAddress())
                    .append("; let it in with 'coordinator member add ")
                    .append(waiting.getNode())
                    .append("'\n");
        }
        report.nodes()
                .forEach(node -> report.contradiction(node)
                        .ifPresent(why ->
                                text.append("contradiction: ").append(why).append('\n')));
        return text.toString();
    }

    private static String part(NodeReport node, ClusterReport report) {
        return report.member(node.node())
                .map(member -> member.getVoter() ? "voter" : member.getSpare() ? "spare" : "learner")
                .orElse("-");
    }

    /** For how long the leader has not heard of it, if for long. */
    private static String silent(NodeReport node, ClusterReport report) {
        return report.member(node.node())
                .map(Member::getSilentMillis)
                .filter(millis -> millis >= SILENT_MILLIS)
                .map(Elapsed::text)
                .orElse("-");
    }

    static ObjectNode json(ClusterReport report) {
        ObjectNode json = Json.object();
        Optional<NodeStatusReply> leader = report.leader();
        json.put("cluster", leader.map(NodeStatusReply::getCluster).orElse(null));
        json.put("leader", leader.map(NodeStatusReply::getNode).orElse(null));
        json.put("quorum", report.hasQuorum());
        json.put("diverged", report.diverged());
        json.put("members", report.memberCount());
        json.put("reachable", report.reachable());
        ArrayNode nodes = json.putArray("nodes");
        report.nodes().forEach(node -> nodes.add(json(node, report)));
        ArrayNode waiting = json.putArray("waiting");
        report.waiting()
                .forEach(node ->
                        waiting.addObject().put("node", node.getNode()).put("clientAddress", node.getClientAddress()));
        return json;
    }

    private static ObjectNode json(NodeReport node, ClusterReport report) {
        ObjectNode json = Json.object();
        json.put("node", node.node());
        json.put("address", node.address());
        json.put("reachable", node.status().isPresent());
        if (!node.failure().isEmpty()) {
            json.put("failure", node.failure());
        }
        report.member(node.node())
                .ifPresent(
                        member -> json.put("part", part(node, report)).put("silentMillis", member.getSilentMillis()));
        report.contradiction(node).ifPresent(why -> json.put("contradiction", why));
        node.status()
                .ifPresent(status -> json.put("role", role(status))
                        .put("term", status.getTerm())
                        .put("committedIndex", status.getCommittedIndex())
                        .put("appliedIndex", status.getAppliedIndex())
                        .put("lag", report.lag(status))
                        .put("snapshotIndex", status.getSnapshotIndex())
                        .put("revision", status.getRevision())
                        .put("serving", status.getServing())
                        .put("ready", status.getReady())
                        .put("sessions", status.getSessionsAttached())
                        .put("digest", digest(status))
                        .put("digestIndex", status.getDigestIndex())
                        .put("digestMismatches", status.getDigestMismatches())
                        .put("version", status.getVersion())
                        .put("uptimeMillis", status.getUptimeMillis()));
        node.status()
                .filter(status -> !status.getNotReadyReason().isEmpty())
                .ifPresent(status -> json.put("notReadyReason", status.getNotReadyReason()));
        return json;
    }

    private static String role(NodeStatusReply status) {
        return status.getRole().name().toLowerCase(Locale.ROOT).replace("unknown_role", "unknown");
    }

    private static String digest(NodeStatusReply status) {
        return String.format(Locale.ROOT, "%016x", status.getDigest());
    }
}
