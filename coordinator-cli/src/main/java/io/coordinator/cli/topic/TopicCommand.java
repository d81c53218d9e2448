package io.coordinator.cli.topic;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicStatus;
import io.coordinator.client.topic.TopicSummary;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator topic}. */
@Command(
        name = "topic",
        description = {
            "Show, make and empty durable topics; see its commands. Alone: as 'topic ls'.",
            "Topics whose messages are not kept need not be made and are not listed: see 'pub' and 'sub'."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator topic create jobs --max-messages 1000 --refuse-new --discard-acknowledged",
            "  coordinator topic ls",
            "  coordinator topic show jobs",
            "  coordinator topic purge jobs --before 120"
        })
public final class TopicCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    public TopicCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        list("", new ListOptions());
    }

    @Command(name = "ls", description = "List the durable topics.")
    void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            defaultValue = "",
                            description = "Only names with this prefix.")
                    String prefix,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "topic ls", format(), TopicListings.TOPICS, limits)
                    .print(ListPrinter.byName(
                            TopicSummary::name,
                            (after, most) -> client.durableTopics().list(prefix, after, most)));
        }
    }

    @Command(
            name = "create",
            description =
                    "Make a durable topic if there is none, and print whether it was made; exit code 3 if there is"
                            + " one with other options.")
    void create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--max-messages",
                            paramLabel = "COUNT",
                            description = "How many messages it keeps. Default: 10000")
                    long messages,
            @Option(
                            names = "--max-bytes",
                            paramLabel = "BYTES",
                            description = "How many bytes of messages it keeps. Default: 67108864")
                    long bytes,
            @Option(
                            names = "--max-age",
                            paramLabel = "DURATION",
                            defaultValue = "0",
                            converter = DurationConverter.class,
                            description = "How long it keeps a message. Default: as long as there is room")
                    Duration age,
            @Option(
                            names = "--refuse-new",
                            description = "Refuse messages while it is full. Default: the oldest ones go")
                    boolean refuse,
            @Option(
                            names = "--discard-acknowledged",
                            description = "A message goes when every group has acknowledged it.")
                    boolean discard) {
        TopicOptions what = TopicOptions.defaults()
                .keepMessages(messages)
                .keepBytes(bytes)
                .keepFor(age)
                .withOverflow(refuse ? TopicOptions.Overflow.REFUSE_NEW : TopicOptions.Overflow.DROP_OLDEST)
                .discardAcknowledged(discard);
        try (CoordinatorClient client = connect()) {
            boolean created = client.durableTopics().topic(name).create(what);
            print(
                    (created ? "created" : "exists") + '\n',
                    Json.line(Json.object().put("topic", name).put("created", created)));
        }
    }

    @Command(name = "show", description = "Show a durable topic with its groups; exit code 3 if there is none.")
    void show(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            TopicStatus topic = client.durableTopics().topic(name).inspect().orElseThrow(() -> none(client, name));
            print(TopicListings.table(topic), Json.line(TopicListings.json(topic)));
        }
    }

    @Command(
            name = "purge",
            description = "Forget messages for good, and print the offset of the first one that is left or to come.")
    void purge(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--before",
                            paramLabel = "OFFSET",
                            description = "Only those before it. Default: all there are")
                    long before) {
        try (CoordinatorClient client = connect()) {
            long first = client.durableTopics().topic(name).purge(before);
            print(
                    Long.toString(first) + '\n',
                    Json.line(Json.object().put("topic", name).put("firstOffset", first)));
        }
    }

    @Command(
            name = "delete",
            description = "Forget a durable topic with its messages and groups; exit code 3 if there is none.")
    void delete(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            if (!client.durableTopics().topic(name).delete()) {
                throw none(client, name);
            }
        }
    }

    private static CliException none(CoordinatorClient client, String name) {
        return Kind.TOPIC.missing(client, name, "no durable topic");
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
