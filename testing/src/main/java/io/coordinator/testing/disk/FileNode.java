package io.coordinator.testing.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A file or a directory: as the system shows it, and as the disk has it. */
final class FileNode {
    private static final String TEMPORARY = ".tmp";

    private final boolean directory;
    private byte[] content = new byte[0];
    private int size;
    private byte[] durable = new byte[0];
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, FileNode> names = new TreeMap<>();
    private Map<String, FileNode> durableNames = Map.of();
    private OptionalLong namedAtMicros = OptionalLong.empty();

    private FileNode(boolean directory) {
        this.directory = directory;
    }

    static FileNode file() {
        return new FileNode(false);
    }

    static FileNode directory() {
        return new FileNode(true);
    }

    /** A write or a sync. */
    private record Change(boolean sync, long from, long to, long startMicros, long endMicros) {}

    boolean isDirectory() {
        return directory;
    }

    int size() {
        return size;
    }

    Map<String, FileNode> names() {
        return names;
    }

    /** The names that the disk has. */
    Map<String, FileNode> durableNames() {
        return durableNames;
    }

    /** The bytes that everybody sees. */
    byte[] seen() {
        return Arrays.copyOf(content, size);
    }

    /** The bytes that the disk has. */
    byte[] durable() {
        return durable;
    }

    void write(long offset, byte[] bytes, Syscall call) {
        int end = Math.toIntExact(offset + bytes.length);
        resize(Math.max(size, end));
        System.arraycopy(bytes, 0, content, Math.toIntExact(offset), bytes.length);
        changes.add(new Change(false, offset, end, call.startMicros(), call.endMicros()));
    }

    byte[] read(long offset, int length) {
        return Arrays.copyOfRange(content, (int) offset, (int) offset + length);
    }

    void resize(int length) {
        if (length > content.length) {
            content = Arrays.copyOf(content, Math.max(length, content.length + content.length / 2));
        }
        if (length < size) {
            Arrays.fill(content, length, size, (byte) 0);
        }
        size = length;
    }

    void sync(Syscall call) {
        durable = Arrays.copyOf(content, size);
        changes.add(new Change(true, 0, size, call.startMicros(), call.endMicros()));
    }

    void syncNames(Syscall call) {
        durableNames = Map.copyOf(names);
        durableNames.forEach((name, child) -> child.named(name, call.endMicros()));
    }

    /** By the name that it has only while it is made, nobody would find it. */
    private void named(String name, long micros) {
        if (namedAtMicros.isEmpty() && !name.endsWith(TEMPORARY)) {
            namedAtMicros = OptionalLong.of(micros);
        }
    }

    /** When the disk had a name for it, the first time. */
    OptionalLong namedAtMicros() {
        return namedAtMicros;
    }

    /** Whether the disk has all of it, with everything below. */
    boolean isDurable() {
        if (!directory) {
            return Arrays.equals(durable, 0, durable.length, content, 0, size);
        }
        return durableNames.equals(names) && names.values().stream().allMatch(FileNode::isDurable);
    }

    /** When the disk had bytes of a file, the first time; empty if it has not, or if they were never written. */
    OptionalLong durableAtMicros(byte[] bytes) {
        int at = indexOf(bytes);
        if (at < 0) {
            return OptionalLong.empty();
        }
        long written = changes.stream()
                .filter(change -> !change.sync() && change.from() < at + bytes.length && change.to() > at)
                .mapToLong(Change::endMicros)
                .max()
                .orElseThrow();
        return changes.stream()
                .filter(change -> change.sync() && change.startMicros() >= written)
                .mapToLong(Change::endMicros)
                .min();
    }

    private int indexOf(byte[] bytes) {
        for (int at = 0; at <= size - bytes.length; at++) {
            if (content[at] == bytes[0] && Arrays.equals(content, at, at + bytes.length, bytes, 0, bytes.length)) {
                return at;
            }
        }
        return -1;
    }
}
