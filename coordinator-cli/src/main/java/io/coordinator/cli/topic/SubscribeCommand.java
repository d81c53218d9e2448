package io.coordinator.cli.topic;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicSubscription;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator sub TOPIC}. */
@Command(
        name = "sub",
        description = {
            "Print the messages of a topic as they come, one JSON document in a line, until interrupted.",
            "Alone, those that are published from now on, and are not kept. With --durable, --replay or --group, those"
                    + " of the durable topic of that name. What is missed is told on standard error, a line for each gap."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator sub 'orders.*'",
            "  coordinator sub jobs --replay all",
            "  coordinator sub jobs --replay 15m --no-wait",
            "  coordinator sub jobs --group mailer --count 10"
        })
public final class SubscribeCommand implements Callable<Integer> {
    private static final int PAGE = 1_000;

    private final Console console;
    private final GlobalOptions options;

    @Parameters(
            paramLabel = "TOPIC",
            description = "One that ends with '*' is every topic that begins with what is before it; not of durable"
                    + " ones.")
    private String topic = "";

    @Option(names = "--durable", description = "Read the durable topic of that name, from now on.")
    private boolean durable;

    @Option(
            names = "--replay",
            paramLabel = "FROM",
            converter = Replay.class,
            description =
                    "Read the durable topic from here on: all; 10 for the last ten messages; @120 for an offset; 15m"
                            + " for what was published in the last 15 minutes; or a time as 2026-11-30T10:00:00Z.")
    private @Nullable StartAt replay;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "Take part in this consumer group: its members share the messages, and each is acknowledged"
                    + " when it was printed. A new group begins where --replay says, or else with what is published"
                    + " from now on; one that is there goes on where it is.")
    private @Nullable String group;

    @Option(names = "--count", paramLabel = "COUNT", description = "End after so many messages.")
    private @Nullable Long count;

    @Option(names = "--no-wait", description = "End when all that is there was printed; needs --replay.")
    private boolean noWait;

    public SubscribeCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        if (noWait && (replay == null || group != null)) {
            throw new CliException(ExitCode.USAGE, "--no-wait needs --replay, and does not go with --group");
        }
        MessagePrinter printer = new MessagePrinter(console, count);
        MessageLines lines = new MessageLines(options.output(OutputFormat.jsonl));
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            if (group != null) {
                return new GroupReading(printer, lines).read(durable(client).group(group), replay);
            }
            if (replay == null && !durable) {
                return listen(client, printer, lines);
            }
            RecordReading reading = new RecordReading(printer, lines);
            StartAt start = replay == null ? StartAt.latest() : replay;
            return noWait ? readAll(client, reading, start) : reading.follow(durable(client), start);
        }
    }

    private DurableTopic durable(CoordinatorClient client) {
        DurableTopic named = client.durableTopics().topic(topic);
        if (topic.endsWith("*") && named.inspect().isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "no durable topic has the name '" + topic
                            + "', and patterns are for topics that are not kept; name one durable topic");
        }
        return named;
    }

    private int readAll(CoordinatorClient client, RecordReading reading, StartAt start) {
        if (durable(client).inspect().isEmpty()) {
            throw Kind.TOPIC.missing(client, topic, "no durable topic");
        }
        return reading.readAll(durable(client), start, PAGE);
    }

    private int listen(CoordinatorClient client, MessagePrinter printer, MessageLines lines) {
        SubscribeOptions how = SubscribeOptions.defaults()
                .onGap(gap -> printer.note(MessageLines.gap(gap)))
                .onError(printer::fail);
        try (TopicSubscription subscription =
                client.topics().subscribe(topic, message -> printer.print(lines.of(message)), how)) {
            hintAtDurable(client, printer);
            return printer.await();
        }
    }

    /** Each kind of topic has names of its own, which is easily forgotten. */
    private void hintAtDurable(CoordinatorClient client, MessagePrinter printer) {
        if (client.durableTopics().topic(topic).inspect().isPresent()) {
            printer.note("prints messages that are not kept; for the durable topic '" + topic + "' add --durable");
        }
    }
}
