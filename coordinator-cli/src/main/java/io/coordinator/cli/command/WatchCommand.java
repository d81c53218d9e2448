package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Connector;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.ChangeEvent;
import io.coordinator.client.ClosedException;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.CoordinatorException;
import io.coordinator.client.Subscription;
import io.coordinator.client.WatchListener;
import io.coordinator.client.WatchOptions;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator watch KEY}. */
@Command(
        name = "watch",
        description = "Print each change of a key as it happens, one JSON document in a line, until interrupted.")
public final class WatchCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    /** The kinds of data that can be watched, as users type them. */
    enum Data {
        cache,
        build,
        lock
    }

    @Parameters(paramLabel = "KEY")
    private String key = "";

    @Option(names = "--prefix", description = "Watch every key that starts with KEY; '' is all.")
    private boolean prefix;

    @Option(
            names = "--data",
            paramLabel = "KIND",
            description = "What to watch: ${COMPLETION-CANDIDATES}. Default: cache")
    private Data data = Data.cache;

    @Option(
            names = "--from-revision",
            paramLabel = "REVISION",
            description =
                    "Begin with the changes of this revision, as far as the cluster keeps them. Default: from now on")
    private long fromRevision;

    public WatchCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (CoordinatorClient client = new Connector(options).connect();
                Subscription subscription = client.watch(what(), new Printer(end))) {
            return end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private WatchOptions what() {
        WatchOptions what = switch (data) {
            case cache -> prefix ? WatchOptions.cachePrefix(key) : WatchOptions.cacheKey(key);
            case build -> prefix ? WatchOptions.buildPrefix(key) : WatchOptions.buildKey(key);
            case lock -> prefix ? WatchOptions.lockPrefix(key) : WatchOptions.lockName(key);
        };
        return fromRevision == 0 ? what : what.fromRevision(fromRevision);
    }

    private static String format(ChangeEvent event, OutputFormat format) {
        if (format == OutputFormat.table) {
            String value = event.value().map(Json::line).orElse("");
            return String.format(Locale.ROOT, "%-10d %-9s %s %s", event.revision(), event.kind(), event.key(), value)
                    .stripTrailing();
        }
        ObjectNode json = Json.object();
        json.put("revision", event.revision());
        json.put("data", event.data().name().toLowerCase(Locale.ROOT));
        json.put("kind", event.kind().name().toLowerCase(Locale.ROOT));
        json.put("namespace", event.namespace());
        json.put("key", event.key());
        event.value().ifPresent(value -> json.set("value", value));
        return Json.line(json);
    }

    private final class Printer implements WatchListener {
        private final CompletableFuture<Integer> end;

        Printer(CompletableFuture<Integer> end) {
            this.end = end;
        }

        @Override
        public void onChange(ChangeEvent event) {
            console.out().println(format(event, options.output(OutputFormat.jsonl)));
            if (console.out().checkError()) {
                // Whoever read the output, such as `head`, has had enough.
                end.complete(ExitCode.OK);
            }
        }

        @Override
        public void onCompacted(long oldestRevision) {
            end.completeExceptionally(new CliException(
                    ExitCode.ERROR,
                    "changes were missed: the cluster keeps them from revision " + oldestRevision
                            + " on; read the keys again, then watch from there with --from-revision "
                            + oldestRevision));
        }

        @Override
        public void onError(CoordinatorException error) {
            if (error instanceof ClosedException) {
                // Only an interruption closes the client while it watches: an end, not a failure.
                end.complete(ExitCode.OK);
            } else {
                end.completeExceptionally(error);
            }
        }
    }
}
