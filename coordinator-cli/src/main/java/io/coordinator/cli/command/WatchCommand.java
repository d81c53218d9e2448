package io.coordinator.cli.command;

import io.coordinator.cli.console.ChangePrinter;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator watch KEY}. */
@Command(
        name = "watch",
        description = {
            "Print each change of a key as it happens, one JSON document in a line, until interrupted.",
            "--data topic is about durable topics; 'coordinator sub' hears those that are not kept, and goes on behind"
                    + " an offset where a watch is too far behind."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator watch greeting",
            "  coordinator watch orders/ --prefix",
            "  coordinator watch report --data build",
            "  coordinator watch orders --data topic"
        })
public final class WatchCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    /** The kinds of data that can be watched, as users type them. */
    enum Data {
        cache(ChangeEvent.Data.CACHE),
        build(ChangeEvent.Data.BUILD),
        lock(ChangeEvent.Data.LOCK),
        semaphore(ChangeEvent.Data.SEMAPHORE),
        document(ChangeEvent.Data.DOCUMENT),
        topic(ChangeEvent.Data.TOPIC);

        private final ChangeEvent.Data type;

        Data(ChangeEvent.Data type) {
            this.type = type;
        }
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
        return new ChangePrinter(console, options).printUntilInterrupted(what());
    }

    private WatchOptions what() {
        WatchOptions what = prefix ? WatchOptions.prefix(data.type, key) : WatchOptions.key(data.type, key);
        return fromRevision == 0 ? what : what.fromRevision(fromRevision);
    }
}
