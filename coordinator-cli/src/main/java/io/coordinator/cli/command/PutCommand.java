package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.cli.console.BoundedInput;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator put KEY VALUE}. */
@Command(
        name = "put",
        description = "Store a JSON value and print the revision of the change.",
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator put greeting '{\"text\": \"hello\"}'",
            "  coordinator put greeting --string hello --ttl 1h",
            "  coordinator put greeting - <greeting.json",
            "  coordinator put job/1 true --if-absent"
        })
public final class PutCommand implements Runnable {

    private final Console console;
    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "KEY")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "JSON; '-' reads it from standard input.")
    private String value = "";

    @Option(names = "--string", description = "VALUE is text, not JSON.")
    private boolean string;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "The key expires after this time; without it, never, or after the namespace's.")
    private @Nullable Duration ttl;

    @Option(names = "--sliding", description = "The ttl counts from the last access.")
    private boolean sliding;

    @ArgGroup
    private @Nullable Condition condition;

    /** When to store; exit code 3 if it does not hold. */
    static final class Condition {
        @Option(names = "--if-absent", description = "Only if there is no such key; else exit code 3.")
        private boolean absent;

        @Option(
                names = "--if-revision",
                paramLabel = "REVISION",
                description =
                        "Only if this is the revision of the key's last change; else exit code 3. Keeps the key's ttl.")
        private long revision;

        Expect expectation() {
            return absent ? Expect.absent() : Expect.revision(revision);
        }
    }

    public PutCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        JsonNode json = json();
        PutOptions how = putOptions();
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            Cache cache = client.cache();
            long revision = condition == null ? cache.put(key, json, how) : putIf(condition.expectation(), cache, json);
            console.out().println(format(revision));
        }
    }

    private PutOptions putOptions() {
        if (ttl == null && sliding) {
            throw new ValidationException("--sliding needs --ttl");
        }
        return ttl == null ? PutOptions.defaults() : sliding ? PutOptions.sliding(ttl) : PutOptions.ttl(ttl);
    }

    private long putIf(Expect expectation, Cache cache, JsonNode json) {
        Next.Value next = ttl == null ? Next.value(json) : Next.value(json).ttlIfCreated(ttl);
        CasResult result = cache.compareAndSet(key, expectation, next);
        if (!result.applied()) {
            String found = result.current()
                    .map(entry -> "it is at revision " + entry.revision())
                    .orElse("there is no such key");
            throw new CliException(ExitCode.NOT_FOUND, "'" + key + "' was not changed: " + found);
        }
        return result.revision();
    }

    private JsonNode json() {
        String text = BoundedInput.argument(value, console);
        return string ? TextNode.valueOf(text) : Json.parse(text);
    }

    private String format(long revision) {
        return options.output(OutputFormat.table) == OutputFormat.table
                ? Long.toString(revision)
                : Json.line(Json.object().put("key", key).put("revision", revision));
    }
}
