package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one type by key. Rows are immutable, so that a captured row stays what it was while the table moves
 * on. Keeps up to date with every change: the digest, the rows' deadlines, the order of the keys where the table is
 * sorted, and what the next capture has to write.
 */
public final class Table<M> {
    /** The objects around a row: its slot, key and places in maps. Measured; see docs/limits.md. */
    public static final long ROW_HEAP = 200;
    /** Keys that are moved by whole leaves. */
    private static final int HIDDEN_A_STEP = 64;

    private final DataKind kind;
    private final int number;
    private final RowFormat<M> format;
    private final ToLongFunction<M> deadline;
    private final @Nullable SortedKeys sorted;
    private final Books books;
    private final SegmentedMap<Slot<M>> slots = new SegmentedMap<>();
    private final DirtyRows<M> dirty = new DirtyRows<>();
    private long digest;

    Table(
            DataKind kind,
            int number,
            RowFormat<M> format,
            ToLongFunction<M> deadline,
            @Nullable SortedKeys sorted,
            Books books) {
        this.kind = kind;
        this.number = number;
        this.format = format;
        this.deadline = deadline;
        this.sorted = sorted;
        this.books = books;
    }

    public @Nullable M get(String key) {
        Slot<M> slot = slots.get(key);
        return slot == null ? null : slot.row;
    }

    /** Inserts or replaces. */
    public void put(String key, M row) {
        books.budget().row(format.size(row));
        Slot<M> slot = slots.get(key);
        if (slot == null) {
            books.undo().add(() -> take(key));
        } else {
            M before = slot.row;
            books.undo().add(() -> set(key, before));
        }
        set(key, slot, row);
    }

    private void set(String key, M row) {
        set(key, slots.get(key), row);
    }

    private void set(String key, @Nullable Slot<M> slot, M row) {
        long hash = format.hash(books.fingerprint(), kind.getNumber(), number, key, row);
        if (slot == null) {
            dirty.added(insert(key, row, hash));
        } else {
            replace(slot, row, hash);
            dirty.changed(slot);
        }
    }

    /** Removes a row and returns it; null if there is none. */
    public @Nullable M remove(String key) {
        M row = get(key);
        if (row != null) {
            books.budget().row(0);
            books.undo().add(() -> set(key, row));
            take(key);
        }
        return row;
    }

    private void take(String key) {
        Slot<M> slot = slots.remove(key);
        if (slot == null) {
            throw new IllegalStateException("a row of " + kind + " to be taken is not there");
        }
        digest -= slot.hash;
        unschedule(key, deadline.applyAsLong(slot.row));
        books.usage().add(slot.usage, -1, -heap(key, slot.row));
        if (sorted != null) {
            sorted.remove(key);
        }
        dirty.removed(slot);
    }

    public int size() {
        return slots.size();
    }

    /** The first key at or after this one in the order of UTF-8. Only in sorted tables. */
    public @Nullable String ceilingKey(String key) {
        return sorted().ceiling(key);
    }

    /** The first key after this one in the order of UTF-8. Only in sorted tables. */
    public @Nullable String higherKey(String key) {
        return sorted().higher(key);
    }

    /** How many keys have a prefix. Only in sorted tables. */
    public int count(String prefix) {
        return sorted().count(prefix);
    }

    /**
     * Takes all keys with a prefix out of the order, in far less time than it takes to remove their rows. The rows
     * stay where they are; whoever hides them must {@link #reveal} each before it changes it. Only in sorted tables.
     */
    public SortedKeys hide(String prefix) {
        SortedKeys order = sorted();
        SortedKeys hidden = order.cut(prefix);
        books.undo().add(() -> order.attach(hidden));
        books.budget().steps("rows", hidden.size() / HIDDEN_A_STEP);
        return hidden;
    }

    /** Hides a key with others, after rows have been loaded. */
    public void hide(SortedKeys hidden, String key) {
        sorted().remove(key);
        hidden.add(key);
    }

    /** Brings a hidden key back into the order. */
    public void reveal(SortedKeys hidden, String key) {
        SortedKeys order = sorted();
        hidden.remove(key);
        order.add(key);
        books.undo().add(() -> hide(hidden, key));
    }

    /** Visits every row in the order of the keys; sorts them first, so not for every day. */
    public void forEachInOrder(BiConsumer<String, M> visitor) {
        List<String> keys = slots.keys();
        Collections.sort(keys);
        for (String key : keys) {
            M row = get(key);
            if (row != null) {
                visitor.accept(key, row);
            }
        }
    }

    DataKind kind() {
        return kind;
    }

    int number() {
        return number;
    }

    RowFormat<M> format() {
        return format;
    }

    long digest() {
        return digest;
    }

    int dirtyRows() {
        return dirty.size();
    }

    /** Inserts a row that a snapshot holds already; false if the key is taken. */
    boolean load(String key, M row, long hash) {
        if (slots.get(key) != null) {
            return false;
        }
        insert(key, row, hash);
        return true;
    }

    /** Takes the rows changed since the last call, in constant time. */
    DirtyRows.Frozen<M> freeze() {
        return dirty.freeze();
    }

    private Slot<M> insert(String key, M row, long hash) {
        Slot<M> slot = new Slot<>(key, row, hash, books.usage().of(kind, key));
        books.usage().add(slot.usage, 1, heap(key, row));
        slots.put(slot.key, slot);
        if (sorted != null) {
            sorted.add(key);
        }
        schedule(key, deadline.applyAsLong(row));
        digest += hash;
        return slot;
    }

    private void replace(Slot<M> slot, M row, long hash) {
        long before = deadline.applyAsLong(slot.row);
        long after = deadline.applyAsLong(row);
        if (before != after) {
            unschedule(slot.key, before);
            schedule(slot.key, after);
        }
        books.usage().add(slot.usage, 0, heap(slot.key, row) - heap(slot.key, slot.row));
        digest += hash - slot.hash;
        slot.row = row;
        slot.hash = hash;
    }

    private long heap(String key, M row) {
        return ROW_HEAP + Usage.text(key) + format.heap(key, row);
    }

    private void schedule(String key, long atMillis) {
        if (atMillis != 0) {
            books.deadlines().add(new Deadline(atMillis, kind, number, key));
        }
    }

    private void unschedule(String key, long atMillis) {
        if (atMillis != 0) {
            books.deadlines().remove(new Deadline(atMillis, kind, number, key));
        }
    }

    private SortedKeys sorted() {
        if (sorted == null) {
            throw new IllegalStateException("table " + number + " of " + kind + " is not sorted");
        }
        return sorted;
    }
}
