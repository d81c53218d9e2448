package io.coordinator.document;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What edits have changed, as a JSON Patch (RFC 6902). Its size is known before it is written. Where it would be larger
 * than the value that the edits leave behind, it says that value instead (C-01, C-02); how much is kept in memory is
 * bounded alike.
 */
final class Changes {
    /** A patch up to this size tells what was done even if the value is smaller: that is what watchers want to know. */
    static final int SMALL_BYTES = 4_096;

    private static final byte[] OPERATION = utf8("{\"op\":\"");
    private static final byte[] PATH = utf8("\",\"path\":");
    private static final byte[] VALUE = utf8(",\"value\":");
    private static final byte[] WHOLE = utf8("[{\"op\":\"replace\",\"path\":\"\",\"value\":");
    private static final byte[] WHOLE_END = utf8("}]");

    private static final String AT_THE_END = "-";
    private static final int NO_INDEX = -1;

    private final List<Change> kept = new ArrayList<>();
    private final long bytesMax;
    /** Of the patch that tells each change; the brackets count, each change with what separates it from the next. */
    private long bytes = 1;

    private boolean isWhole;

    /** @param rootBytesMax how large the value can become that the edits leave behind */
    Changes(long rootBytesMax) {
        bytesMax = Math.max(SMALL_BYTES, Sizes.sum(rootBytesMax, WHOLE.length + WHOLE_END.length));
    }

    /**
     * What was changed.
     *
     * @param text as JSON
     * @param appended for each operation that adds at the end of an array its number, and then the index that the
     *     element got
     */
    record Patch(ByteString text, List<Integer> appended) {
        Patch {
            appended = List.copyOf(appended);
        }
    }

    /** @param index what an element got that was added at the end of an array; negative otherwise */
    private record Change(
            String operation, Scalar pointer, @Nullable Value value, int index) {
        long bytes() {
            long bytes = OPERATION.length + operation.length() + PATH.length + pointer.bytes() + 1;
            return value == null ? bytes : Sizes.sum(bytes + VALUE.length, value.bytes());
        }

        void write(TextOut out) {
            out.write(OPERATION);
            out.write(utf8(operation));
            out.write(PATH);
            pointer.write(out);
            if (value != null) {
                out.write(VALUE);
                value.write(out);
            }
            out.write('}');
        }
    }

    /** Where changes can go back to. */
    record Mark(int kept, long bytes, boolean isWhole) {}

    Mark mark() {
        if (isWhole) {
            kept.clear();
        }
        return new Mark(kept.size(), bytes, isWhole);
    }

    void backTo(Mark mark) {
        kept.subList(mark.kept(), kept.size()).clear();
        bytes = mark.bytes();
        isWhole = mark.isWhole();
    }

    boolean isEmpty() {
        return kept.isEmpty() && !isWhole;
    }

    /** Whether the patch will say the whole value whatever else is changed, so that nothing more need be added. */
    boolean isWhole() {
        return isWhole;
    }

    void replaceWhole() {
        isWhole = true;
    }

    /**
     * Adds a change below a container.
     *
     * @param operation of RFC 6902
     * @param container the path to it
     * @param step the name of the member or the index of the element
     */
    void add(String operation, List<String> container, String step, @Nullable Value value) {
        add(operation, container, step, value, NO_INDEX);
    }

    /** Adds the addition of an element at the end of an array, where it gets this index. */
    void append(List<String> array, int index, Value value) {
        add("add", array, AT_THE_END, value, index);
    }

    private void add(String operation, List<String> container, String step, @Nullable Value value, int index) {
        if (isWhole) {
            return;
        }
        Scalar pointer = Scalar.string(Path.toPointer(container) + Path.toPointer(List.of(step)));
        Change change = new Change(operation, pointer, value, index);
        long sum = Sizes.sum(bytes, change.bytes() + 1);
        if (sum > bytesMax) {
            isWhole = true;
        } else {
            bytes = sum;
            kept.add(change);
        }
    }

    /**
     * The patch.
     *
     * @param root the value that the changes have led to
     */
    Patch write(Value root, Meter meter) {
        long whole = Sizes.sum(root.bytes(), WHOLE.length + WHOLE_END.length);
        boolean asWhole = isWhole || bytes > Math.max(SMALL_BYTES, whole);
        long size = asWhole ? whole : bytes;
        meter.bytes("the patch", size);
        TextOut out = new TextOut(size);
        if (asWhole) {
            out.write(WHOLE);
            root.write(out);
            out.write(WHOLE_END);
        } else {
            writeEach(out);
        }
        return new Patch(out.toText(), asWhole ? List.of() : appended());
    }

    private List<Integer> appended() {
        List<Integer> appended = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            int index = kept.get(i).index();
            if (index != NO_INDEX) {
                appended.add(i);
                appended.add(index);
            }
        }
        return appended;
    }

    private void writeEach(TextOut out) {
        char before = '[';
        for (Change change : kept) {
            out.write(before);
            change.write(out);
            before = ',';
        }
        out.write(']');
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
