package io.coordinator.cli.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Prints changes as they happen, one in a line. */
public final class ChangePrinter {
    private final Console console;
    private final GlobalOptions options;

    public ChangePrinter(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /** Watches, and returns the exit code when nobody reads the output any more. */
    public int printUntilInterrupted(WatchOptions what) {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (CoordinatorClient client = new ClusterAccess(options).connect();
                Subscription subscription = client.watch(what, new Printer(end))) {
            return end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
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
