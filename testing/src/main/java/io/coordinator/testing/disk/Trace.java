package io.coordinator.testing.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What one process did to the files below a directory, in the order in which it took effect. */
public final class Trace {
    /** What the tracer writes last for a thread. */
    private static final String END = "+++";

    private final Path root;
    private final List<Syscall> calls;

    private Trace(Path root, List<Syscall> calls) {
        this.root = root;
        this.calls = calls;
    }

    /**
     * Waits until everything is written down that an ended process did, and reads it.
     *
     * @param output as given to {@link Strace#command}
     * @param root absolute
     */
    public static Trace read(Path output, Path root) {
        Awaitility.await("the end of the trace " + output)
                .until(() -> files(output).stream().allMatch(Trace::isComplete));
        String escapedRoot = escaped(root);
        List<Syscall> calls = new ArrayList<>();
        for (Path file : files(output)) {
            try (Stream<String> lines = Files.lines(file, StandardCharsets.US_ASCII)) {
                // Most of it is the network.
                lines.filter(line -> line.contains(escapedRoot))
                        .map(Syscall::parse)
                        .flatMap(Optional::stream)
                        .forEach(calls::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
        // A sync covers what was written before it began; everything else counts from its end.
        calls.sort(Comparator.comparingLong(Trace::order).thenComparing(call -> isSync(call) ? 1 : 0));
        return new Trace(root, calls);
    }

    /** Only what was done by then. */
    Trace until(long micros) {
        return new Trace(
                root, calls.stream().filter(call -> call.endMicros() <= micros).toList());
    }

    /** Only so many of the first calls. */
    public Trace first(int count) {
        return new Trace(root, calls.subList(0, count));
    }

    /** After how many calls the files were others than before: not after reads and syncs, nor words for people. */
    public List<Integer> changes() {
        List<Integer> changes = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            if (isChange(calls.get(i))) {
                changes.add(i + 1);
            }
        }
        return changes;
    }

    private static boolean isChange(Syscall call) {
        boolean reads = isSync(call)
                || call.is("lseek", "mmap", "sync_file_range")
                || (call.is("openat") && !call.arguments().get(2).contains("O_CREAT"));
        boolean told = call.is("write") && call.descriptorPath(0).endsWith("/LOG");
        return call.succeeded() && !reads && !told;
    }

    private static long order(Syscall call) {
        return isSync(call) ? call.startMicros() : call.endMicros();
    }

    static boolean isSync(Syscall call) {
        return call.is("fsync", "fdatasync");
    }

    Path root() {
        return root;
    }

    List<Syscall> calls() {
        return calls;
    }

    private static List<Path> files(Path output) {
        try (Stream<Path> files = Files.list(output.toAbsolutePath().getParent())) {
            String prefix = output.getFileName() + ".";
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isComplete(Path file) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.US_ASCII)) {
            return lines.reduce((earlier, later) -> later)
                    .filter(line -> line.contains(END))
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String escaped(Path path) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : path.toString().getBytes(StandardCharsets.UTF_8)) {
            escaped.append(String.format(Locale.ROOT, "\\x%02x", b));
        }
        return escaped.toString();
    }
}
