package io.coordinator.state.kernel;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A set in an order, in small sorted arrays: an element costs one reference, not a tree node, which counts with a
 * million of them. No two elements may be equal in the order. Not thread-safe.
 */
public final class OrderedSet<T> {
    private static final int LEAF_MAX = 256;
    private static final int LEAF_MIN = 2;

    private final Comparator<? super T> order;
    /** In order; none is empty. */
    private Leaf[] leaves = new Leaf[1];

    private int leafCount;
    private int size;

    private static final class Leaf {
        private @Nullable Object[] items = new Object[LEAF_MIN];
        private int size;
    }

    public OrderedSet(Comparator<? super T> order) {
        this.order = order;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Adds an element that is not there yet. */
    public void add(T item) {
        if (leafCount == 0) {
            insertLeaf(0, new Leaf());
        }
        int number = leafOf(item);
        Leaf leaf = leaves[number];
        int at = place(leaf, item);
        size++;
        if (leaf.size < LEAF_MAX) {
            insert(leaf, at, item);
        } else if (at == leaf.size) {
            // They often come in order; leaves that grow at their end stay full.
            insertLeaf(number + 1, new Leaf());
            insert(leaves[number + 1], 0, item);
        } else {
            Leaf upper = split(leaf);
            insertLeaf(number + 1, upper);
            insert(at <= leaf.size ? leaf : upper, at <= leaf.size ? at : at - leaf.size, item);
        }
    }

    /**
     * Removes the element that is equal to this one in the order.
     *
     * @return whether it was there
     */
    public boolean remove(T item) {
        if (leafCount == 0) {
            return false;
        }
        int number = leafOf(item);
        Leaf leaf = leaves[number];
        int at = place(leaf, item);
        if (at == leaf.size || order.compare(get(leaf, at), item) != 0) {
            return false;
        }
        System.arraycopy(leaf.items, at + 1, leaf.items, at, leaf.size - at - 1);
        leaf.items[--leaf.size] = null;
        size--;
        if (leaf.size == 0) {
            removeLeaf(number);
        } else if (leaf.size < leaf.items.length / 4) {
            leaf.items = Arrays.copyOf(leaf.items, Math.max(LEAF_MIN, leaf.items.length / 2));
        }
        return true;
    }

    /** Null if there is none. */
    public @Nullable T first() {
        return leafCount == 0 ? null : get(leaves[0], 0);
    }

    /** The first one behind this one, which need not be there itself; null if there is none. */
    public @Nullable T higher(T item) {
        if (leafCount == 0) {
            return null;
        }
        int number = leafOf(item);
        Leaf leaf = leaves[number];
        int at = place(leaf, item);
        if (at < leaf.size && order.compare(get(leaf, at), item) == 0) {
            at++;
        }
        if (at < leaf.size) {
            return get(leaf, at);
        }
        return number + 1 < leafCount ? get(leaves[number + 1], 0) : null;
    }

    /** The last leaf that begins at or before an item, or else the first one. */
    private int leafOf(T item) {
        int low = 1;
        int high = leafCount - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (order.compare(get(leaves[middle], 0), item) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low - 1;
    }

    /** The place of the first one in a leaf that is not before an item. */
    private int place(Leaf leaf, T item) {
        int low = 0;
        int high = leaf.size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order.compare(get(leaf, middle), item) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @SuppressWarnings("unchecked") // Only what was added is there.
    private T get(Leaf leaf, int at) {
        T item = (T) leaf.items[at];
        if (item == null) {
            throw new IllegalStateException("a leaf has nothing at " + at);
        }
        return item;
    }

    private static void insert(Leaf leaf, int at, Object item) {
        if (leaf.size == leaf.items.length) {
            leaf.items = Arrays.copyOf(leaf.items, Math.min(LEAF_MAX, leaf.size * 2));
        }
        System.arraycopy(leaf.items, at, leaf.items, at + 1, leaf.size - at);
        leaf.items[at] = item;
        leaf.size++;
    }

    /** Keeps the lower half and returns the upper. */
    private static Leaf split(Leaf leaf) {
        Leaf upper = new Leaf();
        int half = leaf.size / 2;
        upper.items = Arrays.copyOfRange(leaf.items, half, half + LEAF_MAX);
        upper.size = leaf.size - half;
        Arrays.fill(leaf.items, half, leaf.size, null);
        leaf.size = half;
        return upper;
    }

    private void insertLeaf(int at, Leaf leaf) {
        if (leafCount == leaves.length) {
            leaves = Arrays.copyOf(leaves, leafCount * 2);
        }
        System.arraycopy(leaves, at, leaves, at + 1, leafCount - at);
        leaves[at] = leaf;
        leafCount++;
    }

    private void removeLeaf(int at) {
        System.arraycopy(leaves, at + 1, leaves, at, leafCount - at - 1);
        leafCount--;
        leaves = leafCount < leaves.length / 4 ? Arrays.copyOf(leaves, leaves.length / 2) : leaves;
    }
}
