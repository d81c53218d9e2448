package io.coordinator.document;

import io.coordinator.protocol.JsonType;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array. Every operation costs in proportion to the logarithm of its length. */
public final class ArrayValue extends Value implements Iterable<Value> {
    public static final ArrayValue EMPTY = new ArrayValue(null);

    private static final long SEED = 0xA0761D6478BD642FL;

    private final @Nullable Tree<Value> items;

    private ArrayValue(@Nullable Tree<Value> items) {
        this.items = items;
    }

    public static ArrayValue of(List<Value> items) {
        return new ArrayValue(Tree.of(items));
    }

    /**
     * One of its elements.
     *
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public Value get(int index) {
        return Tree.get(items, index);
    }

    @Override
    public Iterator<Value> iterator() {
        return Tree.iterator(items);
    }

    ArrayValue set(int index, Value value) {
        return new ArrayValue(Tree.set(items, index, value));
    }

    ArrayValue insert(int index, Value value) {
        return new ArrayValue(Tree.insert(items, index, value));
    }

    ArrayValue remove(int index) {
        return new ArrayValue(Tree.remove(items, index));
    }

    /** With other elements in place of so many from an index on. */
    ArrayValue splice(int start, int count, ArrayValue instead) {
        Tree<Value> head = Tree.concat(Tree.head(items, start), instead.items);
        return new ArrayValue(Tree.concat(head, Tree.tail(items, start + count)));
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
        return Hash.of(SEED + length(), items == null ? 0 : items.hash);
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
}
