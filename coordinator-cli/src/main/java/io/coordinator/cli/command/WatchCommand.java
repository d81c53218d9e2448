package io.coordinator.cli.command;

import io.coordinator.cli.console.ChangePrinter;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.client.watch.WatchOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator watch KEY}. */
@Command(
        name = "watch",
        description = "Print each change of a key as it happens, one JSON document in a line, until interrupted.",
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator watch greeting",
            "  coordinator watch orders/ --prefix",
            "  coordinator watch report --data build"
        })
public final class WatchCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    /** The kinds of data that can be watched, as users type them. */
    enum Data {
        cache,
        build,
        lock,
        document
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
        WatchOptions what = switch (data) {
            case cache -> prefix ? WatchOptions.cachePrefix(key) : WatchOptions.cacheKey(key);
            case build -> prefix ? WatchOptions.buildPrefix(key) : WatchOptions.buildKey(key);
            case lock -> prefix ? WatchOptions.lockPrefix(key) : WatchOptions.lockName(key);
            case document -> prefix ? WatchOptions.documentPrefix(key) : WatchOptions.documentId(key);
        };
        return fromRevision == 0 ? what : what.fromRevision(fromRevision);
    }
}
