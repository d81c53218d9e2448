package io.coordinator.cli.topic;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.DurableTopics;
import io.coordinator.client.topic.GroupStatus;
import io.coordinator.client.topic.GroupSummary;
import io.coordinator.client.topic.TopicStatus;
import io.coordinator.client.topic.TopicSummary;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator group}. */
@Command(
        name = "group",
        description = "Show consumer groups, and publish dead letters again; see its commands. Alone: as 'group ls'. To"
                + " take part in one: 'sub --group'.",
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator group ls jobs",
            "  coordinator group show jobs mailer",
            "  coordinator group redrive jobs.mailer.dead --count 10"
        })
public final class GroupCommand implements Runnable {
    private static final int PAGE = 100;

    private final Console console;
    private final GlobalOptions options;

    public GroupCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        list(null, new ListOptions());
    }

    @Command(name = "ls", description = "List the consumer groups.")
    void list(
            @Parameters(arity = "0..1", paramLabel = "TOPIC", description = "Only those of this topic.") @Nullable
                    String topic,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            ListPrinter<GroupSummary> printer =
                    new ListPrinter<>(console, "group ls", format(), TopicListings.GROUPS, limits);
            if (topic == null) {
                printer.print(last -> behind(client.durableTopics(), last));
            } else {
                printer.print(client.durableTopics()
                        .topic(topic)
                        .inspect()
                        .orElseThrow(() -> noTopic(client, topic))
                        .groups());
            }
        }
    }

    /** The groups of the next topic that has some. */
    private static ListPrinter.Page<GroupSummary> behind(DurableTopics topics, Optional<GroupSummary> last) {
        String after = last.map(GroupSummary::topic).orElse("");
        List<TopicSummary> next = topics.list("", after, PAGE);
        while (!next.isEmpty()) {
            for (TopicSummary topic : next) {
                List<GroupSummary> groups = topic.groups() == 0
                        ? List.of()
                        : topics.topic(topic.name())
                                .inspect()
                                .map(TopicStatus::groups)
                                .orElse(List.of());
                if (!groups.isEmpty()) {
                    boolean isLast = topics.list("", topic.name(), 1).isEmpty();
                    return new ListPrinter.Page<>(groups, !isLast);
                }
            }
            next = topics.list("", next.get(next.size() - 1).name(), PAGE);
        }
        return new ListPrinter.Page<>(List.of(), false);
    }

    @Command(name = "show", description = "Show a consumer group with its members; exit code 3 if there is none.")
    void show(
            @Parameters(index = "0", paramLabel = "TOPIC") String topic,
            @Parameters(index = "1", paramLabel = "GROUP") String name) {
        try (CoordinatorClient client = connect()) {
            DurableTopic durable = client.durableTopics().topic(topic);
            GroupStatus group = durable.group(name).inspect().orElseThrow(() -> none(client, durable, name));
            print(TopicListings.table(group), Json.line(TopicListings.json(group)));
        }
    }

    @Command(
            name = "redrive",
            description = "Publish dead letters again, each where it came from and for the group alone that failed with"
                    + " it, and print how many.")
    void redrive(
            @Parameters(paramLabel = "TOPIC", description = "Where the dead letters are; see 'group show'.")
                    String topic,
            @Option(names = "--count", paramLabel = "COUNT", description = "At most so many. Default: all") @Nullable
                    Long count) {
        try (CoordinatorClient client = connect()) {
            DurableTopic durable = client.durableTopics().topic(topic);
            long done = count == null ? durable.redrive() : durable.redrive(count);
            print(
                    Long.toString(done) + '\n',
                    Json.line(Json.object().put("topic", topic).put("redriven", done)));
        }
    }

    private static CliException noTopic(CoordinatorClient client, String topic) {
        return Kind.TOPIC.missing(client, topic, "no durable topic");
    }

    private static CliException none(CoordinatorClient client, DurableTopic topic, String name) {
        return topic.inspect().isEmpty()
                ? noTopic(client, topic.name())
                : new CliException(
                        ExitCode.NOT_FOUND,
                        "no group '" + name + "' of topic '" + topic.name() + "'; see 'coordinator group ls "
                                + topic.name() + "'");
    }

    private CoordinatorClient connect() {
        return new ClusterAccess(options).connect();
    }

    private void print(String table, String json) {
        console.out().print(format() == OutputFormat.table ? table : json + '\n');
    }

    private OutputFormat format() {
        return options.output(OutputFormat.table);
    }
}
