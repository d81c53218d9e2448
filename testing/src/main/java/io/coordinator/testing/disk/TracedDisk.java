package io.coordinator.testing.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * A disk that keeps only what was synced: the content of a file as of its last sync, and of a directory the names as of
 * its own last sync. A real one may keep more; nobody may rely on it (POSIX {@code fsync}).
 *
 * <p>Not modelled: mapped files, and what is done through a descriptor that was duplicated; both are refused.
 */
public final class TracedDisk {
    private static final int RENAME_TO = 1;

    private final Path root;
    private final FileNode top = FileNode.directory();
    private final Map<Integer, Open> open = new HashMap<>();

    private TracedDisk(Path root) {
        this.root = root;
    }

    /** An open file. */
    private static final class Open {
        private final FileNode node;
        private final boolean append;
        private long position;

        Open(FileNode node, boolean append) {
            this.node = node;
            this.append = append;
        }
    }

    /** What a disk has after all that a trace tells. */
    public static TracedDisk of(Trace trace) {
        return of(trace, (call, disk) -> {});
    }

    /**
     * What a disk had at a time, in microseconds since 1970; also what one has that did none of its syncs since then.
     */
    public static TracedDisk asOf(Trace trace, long micros) {
        return of(trace.until(micros));
    }

    /**
     * Something that got its name.
     *
     * @param durable whether the disk had all of it, with everything below, when it was renamed
     */
    public record Renamed(Path to, boolean durable) {}

    /** All that was renamed, in the order in which it was. */
    public static List<Renamed> renamed(Trace trace) {
        List<Renamed> all = new ArrayList<>();
        of(trace, (call, disk) -> {
            if (call.is("rename")) {
                all.add(new Renamed(Path.of(call.path(RENAME_TO)), disk.isDurable(Path.of(call.path(0)))));
            }
        });
        return all;
    }

    /** Looks at each call, and at the disk as it is when the call begins. */
    private interface Watcher {
        void before(Syscall call, TracedDisk disk);
    }

    private static TracedDisk of(Trace trace, Watcher watcher) {
        TracedDisk disk = new TracedDisk(trace.root());
        for (Syscall call : trace.calls()) {
            if (call.succeeded()) {
                watcher.before(call, disk);
                disk.apply(call);
            }
        }
        return disk;
    }

    /**
     * When the disk had bytes, in whichever file, and all the names that lead to it; empty if it has not. In
     * microseconds since 1970.
     */
    public OptionalLong durableAtMicros(byte[] bytes) {
        return durableAtMicros(top, bytes).min();
    }

    private static LongStream durableAtMicros(FileNode node, byte[] bytes) {
        if (!node.isDirectory()) {
            return node.durableAtMicros(bytes).stream();
        }
        return node.names().values().stream()
                .filter(child -> child.namedAtMicros().isPresent())
                .flatMapToLong(child -> durableAtMicros(child, bytes)
                        .map(micros -> Math.max(micros, child.namedAtMicros().getAsLong())));
    }

    /** Whether the disk has a file or directory with all that is below it. Its own name may be missing still. */
    private boolean isDurable(Path path) {
        return find(path).filter(FileNode::isDurable).isPresent();
    }

    /** Puts what the disk has, and no more, in the place of the directory that was traced. */
    public void restore() throws IOException {
        delete(root);
        write(top, root, FileNode::durable, FileNode::durableNames);
    }

    /** Puts in that place what everybody saw, synced or not: what a process leaves that is killed. */
    public void restoreSeen() throws IOException {
        delete(root);
        write(top, root, FileNode::seen, FileNode::names);
    }

    private static void write(
            FileNode node,
            Path path,
            Function<FileNode, byte[]> content,
            Function<FileNode, Map<String, FileNode>> names)
            throws IOException {
        if (!node.isDirectory()) {
            Files.write(path, content.apply(node));
            return;
        }
        Files.createDirectories(path);
        for (Map.Entry<String, FileNode> child : names.apply(node).entrySet()) {
            write(child.getValue(), path.resolve(child.getKey()), content, names);
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (var children = Files.list(path)) {
                for (Path child : (Iterable<Path>) children::iterator) {
                    delete(child);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    private void apply(Syscall call) {
        switch (call.name()) {
            case "openat" -> opened(call, call.path(1), call.arguments().get(2));
            case "creat" -> opened(call, call.path(0), "O_CREAT|O_TRUNC");
            case "lseek" -> opened(call).ifPresent(file -> file.position = call.returned());
            case "write", "writev" -> opened(call).ifPresent(file -> append(file, call));
            case "pwrite64", "pwritev", "pwritev2" ->
                opened(call).ifPresent(file -> file.node.write(offset(call), written(call), call));
            case "ftruncate" -> opened(call).ifPresent(file -> file.node.resize((int) call.number(1)));
            case "truncate" -> find(call.path(0)).ifPresent(node -> node.resize((int) call.number(1)));
            case "fallocate" -> opened(call).ifPresent(file -> allocate(file.node, call));
            case "sendfile" -> copy(call, 1, 0);
            case "copy_file_range" -> copy(call, 0, 2);
            case "fsync", "fdatasync" -> opened(call).ifPresent(file -> sync(file.node, call));
            case "mkdir" -> put(call.path(0), FileNode.directory());
            case "mkdirat" -> put(call.path(1), FileNode.directory());
            case "rename" -> put(call.path(RENAME_TO), take(call.path(0)));
            case "renameat", "renameat2" -> put(call.path(3), take(call.path(1)));
            case "link" -> link(call.path(0), call.path(1));
            case "linkat" -> link(call.path(1), call.path(3));
            case "unlink", "rmdir" -> take(call.path(0));
            case "unlinkat" -> take(call.path(1));
            // It neither waits for the disk's cache nor writes down the file's size.
            case "sync_file_range" -> {}
            case "mmap" -> requireReadOnly(call);
            default -> throw new IllegalStateException("not modelled: " + call);
        }
    }

    private void opened(Syscall call, String path, String flags) {
        int descriptor = (int) call.returned();
        open.remove(descriptor);
        Path absolute = Path.of(path).normalize();
        if (!absolute.startsWith(root)) {
            return;
        }
        FileNode node = find(absolute).orElseGet(() -> {
            if (!flags.contains("O_CREAT")) {
                throw new IllegalStateException("opens what the trace did not make: " + call);
            }
            FileNode made = FileNode.file();
            put(path, made);
            return made;
        });
        if (flags.contains("O_TRUNC")) {
            node.resize(0);
        }
        open.put(descriptor, new Open(node, flags.contains("O_APPEND")));
    }

    /** The file of the descriptor that is the first argument; empty if it is none of this disk any more. */
    private Optional<Open> opened(Syscall call) {
        String path = call.descriptorPath(0);
        if (!Path.of(path).startsWith(root) || call.arguments().get(0).endsWith("(deleted)")) {
            return Optional.empty();
        }
        Open file = open.get(call.descriptor(0));
        if (file == null
                || find(Path.of(path)).filter(node -> node == file.node).isEmpty()) {
            throw new IllegalStateException("a descriptor that was not opened as " + path + ": " + call.name());
        }
        return Optional.of(file);
    }

    private static void append(Open file, Syscall call) {
        byte[] bytes = written(call);
        long at = file.append ? file.node.size() : file.position;
        file.node.write(at, bytes, call);
        file.position = at + bytes.length;
    }

    private static byte[] written(Syscall call) {
        byte[] bytes = call.data(1);
        return java.util.Arrays.copyOf(bytes, (int) call.returned());
    }

    /** From the position of one file to that of another. */
    private void copy(Syscall call, int from, int to) {
        Open target = open.get(call.descriptor(to));
        if (target == null) {
            return;
        }
        Open source = open.get(call.descriptor(from));
        if (source == null || call.arguments().stream().anyMatch(argument -> argument.startsWith("["))) {
            throw new IllegalStateException("copies what the trace did not show: " + call);
        }
        int length = (int) call.returned();
        target.node.write(target.position, source.node.read(source.position, length), call);
        source.position += length;
        target.position += length;
    }

    private static long offset(Syscall call) {
        return call.number(3);
    }

    private static void allocate(FileNode node, Syscall call) {
        if (!call.arguments().get(1).contains("KEEP_SIZE")) {
            node.resize(Math.max(node.size(), (int) (call.number(2) + call.number(3))));
        }
    }

    private static void sync(FileNode node, Syscall call) {
        if (node.isDirectory()) {
            node.syncNames(call);
        } else {
            node.sync(call);
        }
    }

    private static void requireReadOnly(Syscall call) {
        if (call.arguments().get(2).contains("PROT_WRITE")
                && call.arguments().get(3).contains("MAP_SHARED")) {
            throw new IllegalStateException("writes through memory, which no trace shows: " + call);
        }
    }

    private void link(String from, String to) {
        put(to, find(Path.of(from)).orElseThrow(() -> new IllegalStateException("no file " + from)));
    }

    private Optional<FileNode> find(String path) {
        return find(Path.of(path));
    }

    private Optional<FileNode> find(Path path) {
        FileNode node = top;
        if (!path.equals(root)) {
            for (Path name : root.relativize(path.normalize())) {
                node = node == null ? null : node.names().get(name.toString());
            }
        }
        return Optional.ofNullable(node);
    }

    private void put(String path, FileNode node) {
        Path absolute = Path.of(path).normalize();
        if (!absolute.equals(root)) {
            parent(absolute).names().put(name(absolute), node);
        }
    }

    private FileNode take(String path) {
        Path absolute = Path.of(path).normalize();
        FileNode node = parent(absolute).names().remove(name(absolute));
        if (node == null) {
            throw new IllegalStateException("no file " + path);
        }
        return node;
    }

    private FileNode parent(Path path) {
        Path parent = path.getParent();
        return Optional.ofNullable(parent)
                .flatMap(this::find)
                .orElseThrow(() -> new IllegalStateException("no directory for " + path));
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
