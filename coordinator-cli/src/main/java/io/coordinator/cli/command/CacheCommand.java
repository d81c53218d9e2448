package io.coordinator.cli.command;

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
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.ScanPage;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coordinator cache}. */
@Command(
        name = "cache",
        description = "Read and write the cache; see its commands. A VALUE is JSON.",
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator cache ls orders/ --limit 20",
            "  coordinator cache incr visits",
            "  coordinator cache cas leader absent 1",
            "  coordinator cache clear orders/"
        })
public final class CacheCommand implements Runnable {
    private static final int PAGE = 500;

    private final Console console;
    private final GlobalOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private CacheCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /** With those of its commands that are also there without it. */
    public static CommandLine commandLine(Console console, GlobalOptions options) {
        CommandLine cache = new CommandLine(new CacheCommand(console, options));
        cache.addSubcommand("get", new GetCommand(console, options));
        cache.addSubcommand("set", new PutCommand(console, options));
        cache.addSubcommand("del", new DeleteCommand(console, options));
        return cache;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private CoordinatorClient connect() {
        return new ClusterAccess(options).connect();
    }

    private boolean isTable() {
        return options.output(OutputFormat.table) == OutputFormat.table;
    }

    @Command(name = "incr", description = "Add to a number and print the sum; a missing key counts as 0.")
    void increment(
            @Parameters(index = "0", paramLabel = "KEY") String key,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "BY",
                            defaultValue = "1",
                            description = "Give it after -- if it is negative.")
                    long by) {
        try (CoordinatorClient client = connect()) {
            long sum = client.cache().increment(key, by);
            console.out()
                    .println(
                            isTable()
                                    ? Long.toString(sum)
                                    : Json.line(Json.object().put("key", key).put("value", sum)));
        }
    }

    @Command(
            name = "cas",
            description = "Store a value if the key holds the expected one, and print the revision; else exit code 3.")
    void compareAndSet(
            @Parameters(index = "0", paramLabel = "KEY") String key,
            @Parameters(index = "1", paramLabel = "EXPECTED", description = "JSON, or 'absent'.") String expected,
            @Parameters(index = "2", paramLabel = "VALUE", description = "JSON, or 'delete'.") String value) {
        Expect expect = expected.equals("absent") ? Expect.absent() : Expect.value(Json.parse(expected));
        Next next = value.equals("delete") ? Next.delete() : Next.value(Json.parse(value));
        try (CoordinatorClient client = connect()) {
            CasResult result = client.cache().compareAndSet(key, expect, next);
            if (!result.applied()) {
                String found = result.current()
                        .map(entry -> "it holds " + Json.line(EntryViews.value(entry)))
                        .orElse("there is no such key");
                throw new CliException(ExitCode.NOT_FOUND, "'" + key + "' was not changed: " + found);
            }
            console.out()
                    .println(
                            isTable()
                                    ? Long.toString(result.revision())
                                    : Json.line(Json.object().put("key", key).put("revision", result.revision())));
        }
    }

    @Command(name = "ls", description = "List keys and values; a table cuts long values.")
    void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            defaultValue = "",
                            description = "Only keys with this prefix.")
                    String prefix,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "cache ls", options.output(OutputFormat.table), EntryViews.COLUMNS, limits)
                    .print(last -> {
                        ScanPage page =
                                client.cache().scan(prefix, last.map(Entry::key).orElse(""), PAGE);
                        return new ListPrinter.Page<>(page.entries(), page.more());
                    });
        }
    }

    @Command(name = "clear", description = "Remove all keys that start with a prefix, and print how many there were.")
    void clear(@Parameters(paramLabel = "PREFIX", description = "'' for the whole namespace.") String prefix) {
        try (CoordinatorClient client = connect()) {
            console.out().println(client.cache().clear(prefix));
        }
    }

    @Command(
            name = "bounds",
            description = "Print the bounds of the namespace, or set those given and keep the others.")
    void bounds(
            @Option(names = "--entries", paramLabel = "N", description = "At most so many; 0 for no bound.") @Nullable
                    Long entries,
            @Option(names = "--bytes", paramLabel = "N", description = "Keys and values together; 0 for no bound.")
                    @Nullable
                    Long bytes,
            @Option(
                            names = "--ttl",
                            paramLabel = "DURATION",
                            converter = DurationConverter.class,
                            description = "Of values that are written without one.")
                    @Nullable
                    Duration ttl) {
        try (CoordinatorClient client = connect()) {
            Cache cache = client.cache();
            CacheSettings settings = cache.settings();
            if (entries != null || bytes != null || ttl != null) {
                settings = settings.maxEntries(entries == null ? settings.maxEntries() : entries)
                        .maxBytes(bytes == null ? settings.maxBytes() : bytes);
                settings = ttl == null ? settings : settings.defaultTtl(ttl);
                cache.configure(settings);
            }
            long millis = settings.defaultTtl().map(Duration::toMillis).orElse(0L);
            console.out()
                    .println(
                            isTable()
                                    ? String.format(
                                            Locale.ROOT,
                                            "entries %d, bytes %d, ttl %d ms",
                                            settings.maxEntries(),
                                            settings.maxBytes(),
                                            millis)
                                    : Json.line(Json.object()
                                            .put("maxEntries", settings.maxEntries())
                                            .put("maxBytes", settings.maxBytes())
                                            .put("ttlMillis", millis)));
        }
    }
}
