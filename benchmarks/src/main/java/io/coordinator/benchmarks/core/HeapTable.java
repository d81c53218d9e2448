package io.coordinator.benchmarks.core;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.LockMode;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What rows take of the heap, measured by what is left of it after a collection. */
@Command(
        name = "benchmarks/heap",
        mixinStandardHelpOptions = true,
        description = "Measures the heap that each kind of row takes in the state machine.")
public final class HeapTable implements Callable<Integer> {
    private static final int COLLECTIONS = 3;
    /** As much as one command brings by default, so within what one command may read. */
    private static final int DOCUMENT_BYTES = 1_000_000;

    private static final int DOCUMENTS = 8;
    private static final String LINE = "%-36s %10s %14s %14s %14s %12s%n";

    @Option(names = "--count", defaultValue = "100000", description = "rows of each small kind")
    private int count;

    @Option(names = "--only", defaultValue = "", description = "rows whose name contains this")
    private String only = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * What is measured.
     *
     * @param count how many are made
     * @param textBytes of the content of each, 0 where there is none
     * @param before what must be there already and is not counted
     * @param make makes them
     */
    private record Subject(String name, int count, long textBytes, Consumer<Core> before, Consumer<Core> make) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new HeapTable()).execute(arguments));
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(LINE, "row", "count", "heap bytes", "estimated", "text bytes", "times text");
        for (Subject subject : subjects()) {
            if (!subject.name().contains(only)) {
                continue;
            }
            Size size = measure(subject);
            long heap = size.heap() / subject.count();
            out.printf(
                    LINE,
                    subject.name(),
                    subject.count(),
                    heap,
                    size.estimated() / subject.count(),
                    subject.textBytes(),
                    subject.textBytes() == 0
                            ? ""
                            : String.format(Locale.ROOT, "%.1f", heap / (double) subject.textBytes()));
            out.flush();
        }
        return 0;
    }

    private List<Subject> subjects() {
        ByteString value = Commands.text(100);
        return List.of(
                small(
                        "cache entry of 100 bytes",
                        100,
                        (core, session) -> core.all(session, count, i -> Commands.put("cache", key(i), value, 0))),
                small(
                        "the same with a ttl",
                        100,
                        (core, session) ->
                                core.all(session, count, i -> Commands.put("cache", key(i), value, 3_600_000))),
                new Subject(
                        "the same in a bounded namespace",
                        count,
                        100,
                        core -> core.all(core.open(), 1, i -> Commands.bound("cache", 10L * count)),
                        core -> core.all(core.open(), count, i -> Commands.put("cache", key(i), value, 0))),
                small(
                        "document {}",
                        2,
                        (core, session) -> core.all(
                                session,
                                count,
                                i -> Commands.openDocument(
                                        key(i), DocumentKind.DURABLE, ByteString.copyFromUtf8("{}")))),
                document("document [0,0,…]", "0"),
                document("document [12,12,…]", "12"),
                document("document [{\"a\":0},…]", "{\"a\":0}"),
                document("document [[],…]", "[]"),
                document("document [\"text\",…]", "\"some text of an item\""),
                document("document [1.5,…]", "1.5"),
                document("document [null,…]", "null"),
                document("document of one text", "\"" + "x".repeat(DOCUMENT_BYTES - 10) + "\""),
                small(
                        "lock held",
                        0,
                        (core, session) -> core.all(session, count, i -> Commands.acquire(key(i), LockMode.EXCLUSIVE))),
                new Subject(
                        "waiter for a lock",
                        count,
                        0,
                        core -> core.all(core.open(), count, i -> Commands.acquire(key(i), LockMode.EXCLUSIVE)),
                        core -> core.allOfSeveral(count, i -> Commands.acquire(key(i), LockMode.EXCLUSIVE))),
                small(
                        "build in the making",
                        0,
                        (core, session) -> core.allOfSeveral(count, i -> Commands.reserve(key(i)))),
                new Subject(
                        "waiter for a build",
                        count,
                        0,
                        core -> core.allOfSeveral(count, i -> Commands.reserve(key(i))),
                        core -> core.allOfSeveral(count, i -> Commands.reserve(key(i)))),
                small(
                        "job that waits",
                        100,
                        (core, session) -> core.all(session, count, i -> Commands.submit("mail", value, 1))),
                small("session", 0, (core, session) -> core.open(count)));
    }

    private interface Make {
        void make(Core core, long session);
    }

    private Subject small(String name, long textBytes, Make make) {
        return new Subject(name, count, textBytes, core -> {}, core -> make.make(core, core.open()));
    }

    private static Subject document(String name, String item) {
        int items = Math.max(1, DOCUMENT_BYTES / (item.length() + 1));
        String text = "[" + item + ("," + item).repeat(items - 1) + "]";
        return new Subject(name, DOCUMENTS, text.length(), core -> {}, core -> {
            long session = core.open();
            for (int i = 0; i < DOCUMENTS; i++) {
                core.apply(session, Commands.openDocument(key(i), DocumentKind.DURABLE, ByteString.copyFromUtf8(text)));
            }
        });
    }

    private static String key(int i) {
        return String.format(Locale.ROOT, "key-%08d", i);
    }

    /**
     * What was made takes together.
     *
     * @param heap as measured
     * @param estimated as counted for the quota
     */
    private record Size(long heap, long estimated) {}

    private static Size measure(Subject subject) {
        Core core = new Core();
        subject.before().accept(core);
        long before = used(core);
        long estimatedBefore = core.stats().getStateBytes();
        subject.make().accept(core);
        long after = used(core);
        return new Size(after - before, core.stats().getStateBytes() - estimatedBefore);
    }

    private static long used(Core core) {
        core.forgetChanges();
        try {
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
            }
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        } finally {
            Reference.reachabilityFence(core);
        }
    }
}
