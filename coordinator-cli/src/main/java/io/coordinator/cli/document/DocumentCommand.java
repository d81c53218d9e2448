package io.coordinator.cli.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.BoundedInput;
import io.coordinator.cli.console.ChangePrinter;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.DocumentPage;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.Selector;
import io.coordinator.client.watch.WatchOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coordinator doc}. */
@Command(
        name = "doc",
        description = {
            "Read and edit JSON documents; see its commands.",
            "A WHERE is a way into a document: names and indexes separated by dots (users.0.name), or a JSON Pointer"
                    + " (/users/0/name). Edits that do not fit what is there change nothing; exit code 3."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator doc open settings '{\"users\": []}'",
            "  coordinator doc push settings users '{\"name\": \"ann\"}'",
            "  coordinator doc get settings users.0.name",
            "  coordinator doc ls"
        })
public final class DocumentCommand implements Runnable {
    private static final int PAGE = 100;

    private static final Columns<DocumentPage.Item> COLUMNS = new Columns<DocumentPage.Item>()
            .text("ID", "id", DocumentPage.Item::id)
            .text("KIND", "kind", item -> item.info().kind().name().toLowerCase(Locale.ROOT))
            .number("BYTES", "bytes", DocumentPage.Item::bytes)
            .number("REVISION", "revision", item -> item.info().revision())
            .number("VERSION", "version", item -> item.info().version());

    private final Console console;
    private final GlobalOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public DocumentCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    // ---- reading ----

    @Command(name = "get", description = "Print a document, or what is at a place in it; exit code 3 if nothing is.")
    void get(
            @Parameters(index = "0", paramLabel = "ID") String id,
            @Parameters(index = "1", arity = "0..1", paramLabel = "WHERE", defaultValue = "") String where) {
        try (CoordinatorClient client = connect()) {
            Document document = client.documents().handle(id);
            JsonNode value = document.at(selector(where)).get().orElseThrow(() -> nothing(client, id, where));
            DocumentInfo info = document.info().orElseThrow(() -> nothing(client, id, where));
            ObjectNode json = Json.object().put("id", id);
            json.set("value", value);
            json.put("revision", info.revision());
            json.put("version", info.version());
            print(Json.line(value), Json.line(json));
        }
    }

    @Command(name = "ls", description = "List documents.")
    void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            defaultValue = "",
                            description = "Only ids with this prefix.")
                    String prefix,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "doc ls", options.output(OutputFormat.table), COLUMNS, limits).print(last -> {
                String after = last.map(DocumentPage.Item::id).orElse("");
                DocumentPage page = client.documents().scan(prefix, after, PAGE, false);
                return new ListPrinter.Page<>(page.documents(), page.more());
            });
        }
    }

    @Command(
            name = "watch",
            description = "Print each change of a document as a JSON Patch, one in a line, until interrupted.")
    int watch(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--prefix", description = "Watch every document whose id starts with ID; '' is all.")
                    boolean prefix) {
        return new ChangePrinter(console, options)
                .printUntilInterrupted(prefix ? WatchOptions.documentPrefix(id) : WatchOptions.documentId(id));
    }

    // ---- whole documents ----

    @Command(name = "open", description = "Create a document if there is none, and print whether it was created.")
    void open(
            @Parameters(index = "0", paramLabel = "ID") String id,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "JSON",
                            defaultValue = "{}",
                            description = "What it begins with; '-' reads it from standard input. Default: {}")
                    String content) {
        try (CoordinatorClient client = connect()) {
            Document document = client.documents()
                    .open(
                            id,
                            OpenOptions.defaults().initialContent(Json.parse(BoundedInput.argument(content, console))));
            print(
                    document.created() ? "created" : "exists",
                    Json.line(Json.object().put("id", id).put("created", document.created())));
        }
    }

    @Command(name = "rm", description = "Delete a document; exit code 3 if there is none.")
    void remove(@Parameters(paramLabel = "ID") String id) {
        try (CoordinatorClient client = connect()) {
            if (!client.documents().handle(id).delete()) {
                throw nothing(client, id, "");
            }
        }
    }

    @Command(
            name = "import",
            description = "Make a JSON file's content that of a document, whether or not there is one.")
    void load(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--id", paramLabel = "ID", description = "Default: the file's absolute path")
                    Optional<String> id) {
        JsonNode content = Json.parse(read(file));
        try (CoordinatorClient client = connect()) {
            String name = id.orElseGet(() -> file.toAbsolutePath().normalize().toString());
            Document document = client.documents()
                    .open(name, OpenOptions.defaults().initialContent(content).file());
            if (!document.created()) {
                done(name, document.replace(content));
            }
            print(name, Json.line(Json.object().put("id", name).put("created", document.created())));
        }
    }

    @Command(name = "export", description = "Write a document to a file, or to standard output.")
    void save(
            @Parameters(index = "0", paramLabel = "ID") String id,
            @Parameters(index = "1", arity = "0..1", paramLabel = "FILE") Optional<Path> file) {
        try (CoordinatorClient client = connect()) {
            JsonNode content = client.documents().handle(id).get().orElseThrow(() -> nothing(client, id, ""));
            String text = content.toPrettyString() + '\n';
            if (file.isPresent()) {
                write(file.get(), text);
            } else {
                console.out().print(text);
            }
        }
    }

    // ---- edits ----

    @Command(name = "set", description = "Set the member, element or whole document at a place.")
    void set(
            @Parameters(index = "0", paramLabel = "ID") String id,
            @Parameters(index = "1", paramLabel = "WHERE", description = "'' is the whole document.") String where,
            @Parameters(index = "2", paramLabel = "JSON", description = "'-' reads it from standard input.")
                    String value,
            @Option(names = "--create-path", description = "Make the objects that are missing on the way.")
                    boolean createPath) {
        JsonNode json = Json.parse(BoundedInput.argument(value, console));
        List<String> path = selector(where).path();
        try (CoordinatorClient client = connect()) {
            Document document = client.documents().handle(id);
            if (path.isEmpty()) {
                done(id, document.replace(json));
                return;
            }
            Selector parent = Selector.of(path.subList(0, path.size() - 1));
            String last = path.get(path.size() - 1);
            if (createPath) {
                done(id, document.at(parent).createPath());
            }
            EditOutcome outcome = document.at(parent).set(last, json);
            boolean isElement = outcome.equals(new EditOutcome.NotApplied(EditOutcome.Reason.NOT_AN_OBJECT));
            done(id, isElement ? document.at(Selector.of(path)).replace(json) : outcome);
        }
    }

    @Command(name = "push", description = "Append elements to the array at a place, and print its length.")
    void push(
            @Parameters(index = "0", paramLabel = "ID") String id,
            @Parameters(index = "1", paramLabel = "WHERE") String where,
            @Parameters(index = "2..*", arity = "1..*", paramLabel = "JSON") List<String> values) {
        Object[] elements = values.stream().map(Json::parse).toArray();
        try (CoordinatorClient client = connect()) {
            EditOutcome outcome =
                    client.documents().handle(id).at(selector(where)).push(elements);
            done(id, outcome);
            long length = ((EditOutcome.Applied) outcome).length();
            print(Long.toString(length), Json.line(Json.object().put("id", id).put("length", length)));
        }
    }

    @Command(
            name = "patch",
            description = "Apply a JSON Patch (RFC 6902), all of it or nothing, and print the revision.")
    void patch(
            @Parameters(index = "0", paramLabel = "ID") String id,
            @Parameters(index = "1", paramLabel = "JSON", description = "'-' reads it from standard input.")
                    String patch,
            @Option(names = "--merge", description = "It is a JSON Merge Patch (RFC 7396).") boolean merge) {
        JsonNode json = Json.parse(BoundedInput.argument(patch, console));
        try (CoordinatorClient client = connect()) {
            Document document = client.documents().handle(id);
            long revision = merge
                    ? document.batch(batch -> batch.merge(json)).info().revision()
                    : document.patch(json).info().revision();
            print(Long.toString(revision), Json.line(Json.object().put("id", id).put("revision", revision)));
        }
    }

    private static void done(String id, EditOutcome outcome) {
        if (outcome instanceof EditOutcome.NotApplied not) {
            throw new CliException(ExitCode.NOT_FOUND, "document '" + id + "' was not changed: " + not.reason());
        }
    }

    // ---- the rest ----

    private static Selector selector(String where) {
        return where.startsWith("/") ? Selector.pointer(where) : Selector.of(where);
    }

    private static CliException nothing(CoordinatorClient client, String id, String where) {
        return Kind.DOCUMENT.missing(
                client, id, "there is nothing" + (where.isEmpty() ? "" : " at '" + where + "'") + " in document");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CliException(ExitCode.ERROR, "cannot read " + file + ": " + e, e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new CliException(ExitCode.ERROR, "cannot write " + file + ": " + e, e);
        }
    }

    private CoordinatorClient connect() {
        return new ClusterAccess(options).connect();
    }

    private void print(String table, String json) {
        console.out().println(options.output(OutputFormat.table) == OutputFormat.table ? table : json);
    }
}
