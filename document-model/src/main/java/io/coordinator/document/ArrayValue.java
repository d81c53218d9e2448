package io.coordinator.document;

import io.coordinator.protocol.JsonType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array. Every operation costs in proportion to the logarithm of its length. */
public final class ArrayValue extends Value implements Iterable<Value> {
    public static final ArrayValue EMPTY = new ArrayValue(null);

    private static final long SEED = 0xA0761D6478BD642FL;

    private final @Nullable Tree<ItemRun> items;

    private ArrayValue(@Nullable Tree<ItemRun> items) {
        this.items = items;
    }

    public static ArrayValue of(List<Value> items) {
        Builder builder = new Builder();
        items.forEach(builder::add);
        return builder.build();
    }

    /** Puts elements together, packed where they are small. */
    static final class Builder {
        private final List<ItemRun> runs = new ArrayList<>();
        private final PackedItems.Builder run = new PackedItems.Builder();

        void add(Value value) {
            if (!Packing.isSmall(value.bytes(), value.depth())) {
                flush();
                runs.add(new OneItem(value));
                return;
            }
            if (!run.takes(value)) {
                flush();
            }
            run.add(value);
        }

        private void flush() {
            if (!run.isEmpty()) {
                runs.add(run.build());
            }
        }

        ArrayValue build() {
            flush();
            return runs.isEmpty() ? EMPTY : new ArrayValue(Tree.of(runs));
        }
    }

    /** What its elements are as text, with commas between; the small ones stay packed. Counts what does not. */
    static ArrayValue unpacked(byte[] text, int from, int to, Meter meter) {
        if (from == to) {
            return EMPTY;
        }
        if (to - from <= Packing.RUN_BYTES_MAX) {
            return new ArrayValue(Tree.single(PackedItems.of(Arrays.copyOfRange(text, from, to))));
        }
        List<ItemRun> runs = new ArrayList<>();
        int start = from;
        int end;
        for (int at = from; at < to; at = end + 1) {
            end = Scan.end(text, at);
            boolean isOwnValue = Packing.isOwnValue(text, at, end);
            if (at > start && (isOwnValue || end - start > Packing.RUN_BYTES_MAX)) {
                runs.add(PackedItems.of(Arrays.copyOfRange(text, start, at - 1)));
                start = at;
            }
            if (isOwnValue) {
                runs.add(new OneItem(Scan.value(text, at, end, meter)));
                start = end + 1;
            }
        }
        if (start < to) {
            runs.add(PackedItems.of(Arrays.copyOfRange(text, start, to)));
        }
        return new ArrayValue(Tree.of(runs));
    }

    /**
     * One of its elements.
     *
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public Value get(int index) {
        return get(index, Meter.UNMETERED);
    }

    /** As {@link #get(int)}; counts what is unpacked. */
    Value get(int index, Meter meter) {
        Tree.Found<ItemRun> found = Tree.find(items, index);
        Packing.countLookup(bytes(), found.run().packedBytes(), meter);
        return found.run().get(index - found.start(), meter);
    }

    @Override
    public Iterator<Value> iterator() {
        return iterator(Meter.UNMETERED);
    }

    /** Counts what is unpacked, one by one. */
    Iterator<Value> iterator(Meter meter) {
        Packing.countVisit(bytes(), meter);
        return new Flat<>(
                Tree.iterator(items),
                run -> run.values(meter),
                value -> Packing.packedBytes(value.bytes(), value.depth()),
                meter);
    }

    ArrayValue set(int index, Value value, Meter meter) {
        return replaced(Tree.find(items, index), index, index + 1, value, meter);
    }

    ArrayValue insert(int index, Value value, Meter meter) {
        return items == null
                ? new ArrayValue(Tree.single(ItemRun.of(value)))
                : replaced(Tree.find(items, Math.min(index, length() - 1)), index, index, value, meter);
    }

    ArrayValue remove(int index, Meter meter) {
        return replaced(Tree.find(items, index), index, index + 1, null, meter);
    }

    private ArrayValue replaced(Tree.Found<ItemRun> found, int from, int to, @Nullable Value by, Meter meter) {
        Packing.countChange(bytes(), found.run().packedBytes(), by, meter);
        ItemRun run = found.run().replaced(from - found.start(), to - found.start(), by);
        return new ArrayValue(
                run == null
                        ? Tree.splice(items, from, to - from, by == null ? null : Tree.single(ItemRun.of(by)))
                        : Tree.replaced(items, found, run));
    }

    /** With other elements in place of so many from an index on. */
    ArrayValue splice(int start, int count, ArrayValue instead, Meter meter) {
        if (count == 0 && instead.length() == 1) {
            return insert(start, instead.get(0, meter), meter);
        }
        return new ArrayValue(Tree.splice(items, start, count, instead.items));
    }

    ArrayValue slice(int start, int count) {
        return new ArrayValue(Tree.head(Tree.tail(items, start), count));
    }

    @Override
    public JsonType type() {
        return JsonType.JSON_ARRAY;
    }

    @Override
    public long hash() {
        return hash(length(), Tree.hash(items));
    }

    static long hash(int count, long items) {
        return Hash.of(SEED + count, items);
    }

    @Override
    public long bytes() {
        return Sizes.sum(Tree.bytes(items), 2 + Math.max(0, length() - 1));
    }

    @Override
    public int depth() {
        return 1 + Tree.depth(items);
    }

    @Override
    public int length() {
        return Tree.size(items);
    }

    @Override
    void write(TextOut out) {
        out.write('[');
        boolean more = false;
        for (Iterator<ItemRun> runs = Tree.iterator(items); runs.hasNext(); more = true) {
            if (more) {
                out.write(',');
            }
            runs.next().write(out);
        }
        out.write(']');
    }
}
