package io.coordinator.cli.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.cli.console.TextTable;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.data.DataInfo;
import io.coordinator.server.data.OfflineData;
import io.coordinator.server.data.OfflineException;
import io.coordinator.server.data.SkipRequest;
import io.coordinator.server.raft.SkippedEntry;
import io.coordinator.server.raft.StoredEntry;
import io.coordinator.server.snapshot.CheckpointInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code coordinator data}: what lies in the data directory of a node that does not run. */
@Command(
        name = "data",
        description = {
            "Look into the data directory of a stopped node; see its commands.",
            "`skip` is for the day on which the log holds an entry that no member can apply: docs/operating.md, 'When"
                    + " an entry cannot be applied'."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator data info --data-dir data/n1",
            "  coordinator data entry --data-dir data/n1 --index 4711"
        })
public final class DataCommand implements Runnable {
    private static final Columns<CheckpointInfo> SNAPSHOTS = new Columns<CheckpointInfo>()
            .number("SNAPSHOT", "index", CheckpointInfo::index)
            .number("TERM", "term", CheckpointInfo::term)
            .number("FORMAT", "format", CheckpointInfo::format)
            .number("ROWS", "rows", CheckpointInfo::rows)
            .text("PROBLEM", "problem", CheckpointInfo::problem);

    private static final Columns<StoredEntry> ENTRIES = new Columns<StoredEntry>()
            .number("INDEX", "index", StoredEntry::index)
            .number("TERM", "term", StoredEntry::term)
            .text("KIND", "kind", EntryJson::kind)
            .number("BYTES", "bytes", entry -> entry.data().size())
            .text("COMMANDS", "commands", DataCommand::commands);

    private static final Columns<SkippedEntry> SKIPPED = new Columns<SkippedEntry>()
            .number("SKIPPED", "index", SkippedEntry::index)
            .number("TERM", "term", SkippedEntry::term)
            .text("", "sha256", SkippedEntry::sha256)
            .text("WHEN", "marked", mark -> mark.marked().toString())
            .text("WHO", "operator", SkippedEntry::operator)
            .text("WHY", "reason", SkippedEntry::reason);

    private final Console console;
    private final GlobalOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The node's data directory. Environment: COORD_DATA_DIR.")
    private @Nullable Path directory;

    public DataCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "info", description = "Whose it is, its snapshots, the extent of its log, and what is skipped.")
    void info() {
        using(data -> {
            DataInfo info = data.info();
            if (isTable()) {
                printTable(info);
            } else {
                console.out().println(Json.line(json(info)));
            }
        });
    }

    @Command(name = "entries", description = "List the entries of the log.")
    void entries(
            @Option(names = "--from", paramLabel = "INDEX", defaultValue = "0", description = "The first to list.")
                    long from,
            @Option(names = "--to", paramLabel = "INDEX", description = "The last to list; by default all.") @Nullable
                    Long to) {
        using(data -> {
            if (isTable()) {
                listAsTable(data, from, to == null ? Long.MAX_VALUE : to);
            } else {
                data.forEachEntry(
                        from,
                        to == null ? Long.MAX_VALUE : to,
                        entry -> console.out().println(Json.line(ENTRIES.json(entry))));
            }
        });
    }

    private void listAsTable(OfflineData data, long from, long to) throws OfflineException {
        TextTable table = new TextTable(ENTRIES.headings());
        AtomicLong count = new AtomicLong();
        try {
            data.forEachEntry(from, to, entry -> {
                if (count.incrementAndGet() <= ListPrinter.TABLE_ROWS_MAX) {
                    table.row(List.copyOf(ENTRIES.cells(entry).values()));
                }
            });
        } finally {
            // Also what comes before damage is shown.
            console.out().print(table.render());
        }
        if (count.get() > table.size()) {
            console.err()
                    .println("coordinator data entries: these are the first " + table.size() + " of " + count
                            + "; see others with --from and --to, or all with -o jsonl");
        }
    }

    private static String commands(StoredEntry entry) {
        if (entry.kind() != StoredEntry.Kind.COMMANDS) {
            return "-";
        }
        try {
            return Integer.toString(Entry.parseFrom(entry.data()).getCommandsCount());
        } catch (InvalidProtocolBufferException e) {
            return "unreadable";
        }
    }

    @Command(name = "entry", description = "Print an entry of the log as JSON; long values are cut.")
    void entry(@Option(names = "--index", paramLabel = "INDEX", required = true) long index) {
        using(data -> {
            ObjectNode json = EntryJson.of(data.entry(index));
            console.out().println(isTable() ? pretty(json) : Json.line(json));
        });
    }

    @Command(
            name = "skip",
            description = {
                "Mark an entry as not to be applied by this member, for ever. EVERY member must be given the same mark"
                        + " before any of them is started.",
                "With --term and --sha256 also a member that has not received the entry yet can be marked."
            })
    void skip(
            @Option(names = "--index", paramLabel = "INDEX", required = true) long index,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept for ever.")
                    String reason,
            @Option(names = "--term", paramLabel = "TERM", description = "Refuse if the entry is of another term.")
                    @Nullable
                    Long term,
            @Option(names = "--sha256", paramLabel = "HASH", description = "Refuse if the entry is another one.")
                    @Nullable
                    String sha256,
            @Option(names = "--operator", paramLabel = "NAME", description = "Who decides; the user by default.")
                    @Nullable
                    String operator) {
        using(data -> {
            SkippedEntry mark = data.skip(new SkipRequest(
                    index,
                    Optional.ofNullable(term),
                    Optional.ofNullable(sha256),
                    operator == null ? System.getProperty("user.name", "unknown") : operator,
                    reason,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS)));
            console.out().println(isTable() ? told(mark) : Json.line(SKIPPED.json(mark)));
            console.err()
                    .println("EVERY other member must get the same mark before any of them is started, or the"
                            + " replicas differ. On each of them, stopped:\n  " + commandForOthers(mark)
                            + "\nRun one version on all of them until each has a snapshot past entry " + mark.index()
                            + " (`coordinator data info`): the mark is no part of the log, and a member of another"
                            + " version that can apply the entry, or reads no marks, would differ.");
        });
    }

    private static String told(SkippedEntry mark) {
        return "entry " + mark.index() + " of term " + mark.term() + " will not be applied here (SHA-256 "
                + mark.sha256() + ")";
    }

    private static String commandForOthers(SkippedEntry mark) {
        return "coordinator data skip --data-dir DIR --index " + mark.index() + " --term " + mark.term() + " --sha256 "
                + mark.sha256() + " --reason '" + mark.reason().replace("'", "'\\''") + "'";
    }

    private void printTable(DataInfo info) {
        console.out()
                .println("node " + info.identity().node() + " of cluster "
                        + info.identity().cluster());
        console.out()
                .println(
                        info.firstIndex().isPresent() && info.lastIndex().isPresent()
                                ? "log from " + info.firstIndex().get() + " to "
                                        + info.lastIndex().get()
                                : "log empty");
        console.out().print(SNAPSHOTS.table(info.snapshots()));
        if (!info.skipped().isEmpty()) {
            console.out().print(SKIPPED.table(info.skipped()));
        }
    }

    private static ObjectNode json(DataInfo info) {
        ObjectNode json = Json.object()
                .put("cluster", info.identity().cluster())
                .put("node", info.identity().node());
        info.firstIndex().ifPresent(index -> json.put("firstIndex", index));
        info.lastIndex().ifPresent(index -> json.put("lastIndex", index));
        json.set("snapshots", SNAPSHOTS.array(info.snapshots()));
        json.set("skipped", SKIPPED.array(info.skipped()));
        return json;
    }

    private static String pretty(ObjectNode json) {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree cannot be written", e);
        }
    }

    private boolean isTable() {
        return options.output(OutputFormat.table) == OutputFormat.table;
    }

    /** What a command does with the open directory. */
    private interface Use {
        void of(OfflineData data) throws OfflineException;
    }

    private void using(Use use) {
        try (OfflineData data = OfflineData.open(path())) {
            use.of(data);
        } catch (OfflineException e) {
            throw new CliException(exitCode(e.code()), e.code() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CliException(ExitCode.ERROR, "cannot give back " + path() + ": " + e.getMessage(), e);
        }
    }

    private Path path() {
        if (directory != null) {
            return directory;
        }
        return Path.of(options.environment("COORD_DATA_DIR")
                .orElseThrow(() ->
                        new CliException(ExitCode.USAGE, "which data directory? Give --data-dir or COORD_DATA_DIR")));
    }

    private static int exitCode(ErrorCode code) {
        return switch (code) {
            case EKEYNOTFOUND -> ExitCode.NOT_FOUND;
            case EINVAL, EMISMATCH -> ExitCode.USAGE;
            default -> ExitCode.ERROR;
        };
    }
}
