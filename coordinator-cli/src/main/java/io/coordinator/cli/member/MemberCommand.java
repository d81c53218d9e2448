package io.coordinator.cli.member;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.AdminAct;
import io.coordinator.client.cluster.AdminActPage;
import io.coordinator.client.cluster.ClusterMembers;
import io.coordinator.client.cluster.MemberInfo;
import io.coordinator.client.cluster.NewMember;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator member}. */
@Command(
        name = "member",
        description = {
            "Show and change who is in the cluster; see its commands. Alone: as 'member list'.",
            "A change is done when the cluster's log has it; the leader then makes it true. Exit code 2 if it is refused"
                    + " with a reason, 3 if there is no such member."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator member list",
            "  coordinator member add n4 --voter --wait 60s",
            "  coordinator member add n5 --spare",
            "  coordinator member promote n4",
            "  coordinator member replace n3 n4 --reason 'host3 is broken'",
            "  coordinator member move n2 host7:7400",
            "  coordinator member remove n1",
            "  coordinator member audit --limit 20"
        })
public final class MemberCommand implements Runnable {
    private static final int PAGE = 100;
    private static final long POLL_MILLIS = 200;

    private final Console console;
    private final GlobalOptions options;

    public MemberCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /** One change of the members. */
    private interface Change {
        void make(ClusterMembers members);
    }

    @Override
    public void run() {
        list(new ListOptions());
    }

    // ---- to see ----

    @Command(
            name = "list",
            description = "List the members, as the cluster's log has them. Who is alive: 'coordinator status'.")
    void list(@Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "member list", format(), MemberColumns.MEMBERS, limits)
                    .print(client.members().list().members());
        }
    }

    @Command(name = "audit", description = "List what was done to the cluster, by whom and why, the newest first.")
    void audit(@Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "member audit", format(), MemberColumns.ACTS, limits).print(last -> {
                AdminActPage page =
                        client.members().acts(last.map(AdminAct::number).orElse(0L), PAGE);
                return new ListPrinter.Page<>(page.acts(), page.more());
            });
        }
    }

    // ---- to change ----

    @Command(
            name = "add",
            description = {
                "Let a node in that runs with an empty data directory; it gets all data and no vote.",
                "Start it with this cluster's members and itself in its --members, then add it."
            })
    void add(
            @Parameters(paramLabel = "NODE") String node,
            @Option(
                            names = "--client-address",
                            paramLabel = "HOST:PORT",
                            defaultValue = "",
                            description = "Where clients reach it; where it says itself by default.")
                    String address,
            @Option(names = "--voter", description = "Give it a vote as soon as it has caught up.") boolean voter,
            @Option(names = "--spare", description = "Let it take the place of a voter that is gone.") boolean spare,
            @Mixin ChangeOptions who,
            @Option(
                            names = "--wait",
                            paramLabel = "TIME",
                            converter = DurationConverter.class,
                            description = "Wait until it has its vote; exit code 4 if it has none in that time.")
                    @Nullable
                    Duration wait)
            throws InterruptedException {
        if (wait != null && !voter) {
            throw new CliException(ExitCode.USAGE, "--wait waits for the vote that --voter asks for; add --voter");
        }
        NewMember member = new NewMember(node, address, spare, voter);
        change("added", node, who, members -> addOnce(members, member, wait != null), Optional.ofNullable(wait));
    }

    /** A command that was interrupted while it waited can be repeated. */
    private static void addOnce(ClusterMembers members, NewMember member, boolean waits) {
        boolean isUnderWay = waits
                && members.list().members().stream()
                        .anyMatch(row -> row.node().equals(member.node()) && (row.voter() || row.promote()));
        if (!isUnderWay) {
            members.add(member);
        }
    }

    @Command(name = "promote", description = "Give a vote to a member that has caught up.")
    void promote(@Parameters(paramLabel = "NODE") String node, @Mixin ChangeOptions who) throws InterruptedException {
        change("promoted", node, who, members -> members.promote(node), Optional.empty());
    }

    @Command(
            name = "remove",
            description = "Take a member out, alive or not. One that leads hands over first; its process ends.")
    void remove(@Parameters(paramLabel = "NODE") String node, @Mixin ChangeOptions who) throws InterruptedException {
        change("removed", node, who, members -> members.remove(node), Optional.empty());
    }

    @Command(
            name = "replace",
            description = "Give the vote of one member, alive or not, to another as soon as that has caught up.")
    void replace(
            @Parameters(paramLabel = "OLD") String old,
            @Parameters(paramLabel = "NEW") String node,
            @Option(
                            names = "--client-address",
                            paramLabel = "HOST:PORT",
                            defaultValue = "",
                            description = "Where clients reach the new one; where it says itself by default.")
                    String address,
            @Mixin ChangeOptions who,
            @Option(
                            names = "--wait",
                            paramLabel = "TIME",
                            converter = DurationConverter.class,
                            description = "Wait until the new one has the vote; exit code 4 if not in that time.")
                    @Nullable
                    Duration wait)
            throws InterruptedException {
        change("replaced", node, who, members -> members.replace(old, node, address), Optional.ofNullable(wait));
    }

    @Command(
            name = "move",
            description = "Tell all where a member is by now; it runs there already, with its data directory.")
    void move(
            @Parameters(paramLabel = "NODE") String node,
            @Parameters(paramLabel = "HOST:PORT", description = "Where clients reach it.") String address,
            @Mixin ChangeOptions who)
            throws InterruptedException {
        change("moved", node, who, members -> members.move(node, address), Optional.empty());
    }

    private void change(String done, String node, ChangeOptions who, Change change, Optional<Duration> wait)
            throws InterruptedException {
        try (CoordinatorClient client = connect()) {
            change.make(who.apply(client.members()));
            if (wait.isPresent()) {
                awaitVote(client.members(), node, wait.get());
            }
            if (format() == OutputFormat.table) {
                console.out().println(node + " " + done);
            } else {
                console.out().println(Json.line(Json.object().put("node", node).put(done, true)));
            }
        }
    }

    private static void awaitVote(ClusterMembers members, String node, Duration wait) throws InterruptedException {
        long begun = System.nanoTime();
        while (members.list().members().stream()
                .filter(MemberInfo::voter)
                .noneMatch(member -> member.node().equals(node))) {
            if (Duration.ofNanos(System.nanoTime() - begun).compareTo(wait) > 0) {
                throw new CliException(
                        ExitCode.TIMEOUT,
                        node + " is in, and has no vote yet; it gets it when it has caught up, see 'member list'");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private CoordinatorClient connect() {
        return new ClusterAccess(options).connect();
    }

    private OutputFormat format() {
        return options.output(OutputFormat.table);
    }
}
