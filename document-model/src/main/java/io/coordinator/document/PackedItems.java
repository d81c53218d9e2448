package io.coordinator.document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements as text. */
final class PackedItems implements ItemRun {
    /** With commas between. */
    private final byte[] text;

    private final int count;
    private final int depth;
    private final long hash;

    private PackedItems(byte[] text, int count, int depth, long hash) {
        this.text = text;
        this.count = count;
        this.depth = depth;
        this.hash = hash;
    }

    static PackedItems of(Value value) {
        return new PackedItems(value.text(), 1, value.depth(), value.hash());
    }

    /** Puts a run together; used again for the next one. */
    static final class Builder {
        private final TextOut text = new TextOut(Packing.RUN_BYTES_MAX);
        private int count;
        private int depth;
        private long hash;

        boolean isEmpty() {
            return count == 0;
        }

        boolean takes(Value value) {
            return count == 0 || text.size() + 1 + value.bytes() <= Packing.RUN_BYTES_MAX;
        }

        void add(Value value) {
            if (count > 0) {
                text.write(',');
            }
            value.write(text);
            count++;
            depth = Math.max(depth, value.depth());
            hash = hash * Hash.BASE + value.hash();
        }

        PackedItems build() {
            PackedItems run = new PackedItems(text.toBytes(), count, depth, hash);
            text.clear();
            count = 0;
            depth = 0;
            hash = 0;
            return run;
        }
    }

    /** @param text at least one element, with commas between */
    static PackedItems of(byte[] text) {
        Scan scan = new Scan(text, 0);
        int count = 0;
        int depth = 0;
        long hash = 0;
        while (scan.next()) {
            hash = hash * Hash.BASE + scan.value();
            depth = Math.max(depth, scan.depth());
            count++;
        }
        return new PackedItems(text, count, depth, hash);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long hash() {
        return hash;
    }

    @Override
    public long bytes() {
        return (long) text.length - (count - 1);
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public Value get(int index, Meter meter) {
        int from = start(index, 0, 0);
        int to = Scan.end(text, from);
        return Scan.value(text, from, to, meter);
    }

    @Override
    public List<Value> values(Meter meter) {
        List<Value> values = new ArrayList<>(count);
        for (int at = 0; at < text.length; ) {
            int end = Scan.end(text, at);
            values.add(Scan.value(text, at, end, meter));
            at = end + 1;
        }
        return values;
    }

    @Override
    public int packedBytes() {
        return text.length;
    }

    @Override
    public @Nullable ItemRun replaced(int from, int to, @Nullable Value by) {
        if (by == null ? to - from == count : !Packing.isSmall(by.bytes(), by.depth())) {
            return null;
        }
        if (by != null && to - from == count) {
            return of(by);
        }
        Scan before = new Scan(text, 0);
        long head = from == count ? hash : before.items(from);
        int start = from == count ? text.length + 1 : before.nextStart();
        long gone = before.items(to - from);
        int goneDepth = from == to ? -1 : before.depth();
        int end = from == count ? start : before.nextStart();
        if (by != null && text.length - (end - start) + 1 + by.bytes() > Packing.RUN_BYTES_MAX) {
            return null;
        }
        byte[] replaced = Packing.replaced(text, start, end, by == null ? Packing.NOTHING : by.text());
        if (goneDepth == depth && depth > 0) {
            // The others may be nested less.
            return of(replaced);
        }
        long tailPower = Hash.power(count - to);
        long tail = hash - (head * Hash.power(to - from) + gone) * tailPower;
        long joined = by == null ? head : head * Hash.BASE + by.hash();
        return new PackedItems(
                replaced,
                count - (to - from) + (by == null ? 0 : 1),
                by == null ? depth : Math.max(depth, by.depth()),
                joined * tailPower + tail);
    }

    @Override
    public @Nullable ItemRun with(ItemRun next) {
        if (!(next instanceof PackedItems other) || text.length + 1 + other.text.length > Packing.RUN_BYTES_MAX) {
            return null;
        }
        byte[] both = Packing.replaced(text, text.length + 1, text.length + 1, other.text);
        return new PackedItems(
                both, count + other.count, Math.max(depth, other.depth), hash * other.power() + other.hash);
    }

    @Override
    public ItemRun slice(int from, int to) {
        int start = start(from, 0, 0);
        return of(Arrays.copyOfRange(text, start, start(to, from, start) - 1));
    }

    @Override
    public void write(TextOut out) {
        out.write(text);
    }

    /** Where an element begins, seen from an earlier one; of the one after the last, one beyond the end of the text. */
    private int start(int index, int earlier, int start) {
        if (index == count) {
            return text.length + 1;
        }
        int at = start;
        for (int i = earlier; i < index; i++) {
            at = Scan.end(text, at) + 1;
        }
        return at;
    }
}
