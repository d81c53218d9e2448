package io.coordinator.cli.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.NewMessage;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator pub TOPIC MESSAGE}. */
@Command(
        name = "pub",
        description = {
            "Publish a message to whoever subscribes now, and print how many sessions get it.",
            "It is not kept, as with 'redis-cli publish' and 'nats pub': 0 means that nobody was there. With --durable"
                    + " the cluster keeps it, and its offset is printed once it is committed; the first message makes"
                    + " the topic."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator pub orders.created '{\"id\": 7}'",
            "  coordinator pub news --string 'hello world'",
            "  coordinator pub jobs '{\"id\": 7}' --durable --key customer-3",
            "  coordinator pub jobs - --durable <jobs.jsonl"
        })
public final class PublishCommand implements Runnable {
    private static final String STANDARD_INPUT = "-";
    private static final int BATCH = 100;

    private final Console console;
    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "TOPIC")
    private String topic = "";

    @Parameters(
            index = "1",
            paramLabel = "MESSAGE",
            description = "JSON; '-' publishes each line of standard input, as it comes.")
    private String message = "";

    @Option(names = "--string", description = "MESSAGE, or each line, is text, not JSON.")
    private boolean string;

    @Option(names = "--durable", description = "Publish in the durable topic of that name, and print the offset.")
    private boolean durable;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "What the message is about: groups that are ordered by key keep the order of those with one"
                    + " key. Needs --durable.")
    private @Nullable String key;

    public PublishCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        if (key != null && !durable) {
            throw new CliException(ExitCode.USAGE, "--key needs --durable: only messages that are kept have keys");
        }
        boolean lines = message.equals(STANDARD_INPUT);
        JsonNode one = lines ? null : value(message);
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            if (one == null) {
                publishLines(client);
            } else {
                publish(client, List.of(one));
            }
        }
    }

    private JsonNode value(String text) {
        return string ? TextNode.valueOf(text) : Json.parse(text);
    }

    // ---- standard input ----

    private void publishLines(CoordinatorClient client) {
        BufferedReader reader = new BufferedReader(new InputStreamReader(console.in(), UTF_8));
        LineBatches batches = new LineBatches(reader, durable ? BATCH : 1);
        long before = 0;
        List<String> lines = batches.next();
        while (!lines.isEmpty()) {
            publishLines(client, lines, before);
            before += lines.size();
            lines = batches.next();
        }
    }

    /** What is before a bad line is published. */
    private void publishLines(CoordinatorClient client, List<String> lines, long before) {
        List<JsonNode> values = new ArrayList<>();
        CliException bad = null;
        for (int i = 0; i < lines.size() && bad == null; i++) {
            try {
                if (string || !lines.get(i).isBlank()) {
                    values.add(value(lines.get(i)));
                }
            } catch (CliException e) {
                bad = new CliException(
                        e.exitCode(),
                        "line " + (before + i + 1) + ": " + e.getMessage() + "; the lines before it are published",
                        e);
            }
        }
        if (!values.isEmpty()) {
            publish(client, values);
        }
        if (bad != null) {
            throw bad;
        }
    }

    // ---- publishing ----

    private void publish(CoordinatorClient client, List<JsonNode> values) {
        if (durable) {
            String name = key == null ? "" : key;
            List<NewMessage> messages =
                    values.stream().map(value -> NewMessage.of(name, value)).toList();
            client.durableTopics().topic(topic).publishAll(messages).forEach(offset -> print("offset", offset));
            return;
        }
        for (JsonNode value : values) {
            int sessions = client.topics().publish(topic, value);
            print("sessions", sessions);
            if (sessions == 0 && !message.equals(STANDARD_INPUT)) {
                hintAtDurable(client);
            }
        }
    }

    /** Each kind of topic has names of its own, which is easily forgotten. */
    private void hintAtDurable(CoordinatorClient client) {
        if (client.durableTopics().topic(topic).inspect().isPresent()) {
            console.err()
                    .println("coordinator pub: nobody subscribes to '" + topic
                            + "', and the message is not kept; for the durable topic of that name add --durable");
        }
    }

    private void print(String what, long number) {
        console.out()
                .println(
                        options.output(OutputFormat.table) == OutputFormat.table
                                ? Long.toString(number)
                                : Json.line(Json.object().put("topic", topic).put(what, number)));
    }
}
