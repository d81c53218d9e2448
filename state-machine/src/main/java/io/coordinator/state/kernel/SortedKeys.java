package io.coordinator.state.kernel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of keys in the order of their code points, which is the order of their UTF-8. A tree of small sorted arrays: a
 * key costs one reference, not a tree node, which counts with a million of them.
 */
public final class SortedKeys {
    private static final int LEAF_MAX = 512;
    private static final int LEAF_MIN = 8;

    private final CodePointOrder order;
    /** Each leaf under a lower bound of its keys; the first under the empty string. No leaf but the first is empty. */
    private final TreeMap<String, Leaf> leaves;

    private int size;

    public SortedKeys() {
        this(new CodePointOrder());
    }

    private SortedKeys(CodePointOrder order) {
        this.order = order;
        leaves = new TreeMap<>(order);
        leaves.put("", new Leaf());
    }

    public int size() {
        return size;
    }

    /** Adds a key that is not there yet. */
    public void add(String key) {
        order.meet(key);
        Leaf leaf = leafOf(key).getValue();
        int at = -leaf.find(key, order) - 1;
        size++;
        if (leaf.size < LEAF_MAX) {
            leaf.insert(at, key);
        } else if (at == leaf.size) {
            // Keys often come in order; leaves that grow at their end stay full.
            leaves.put(key, new Leaf().insert(0, key));
        } else {
            Leaf upper = leaf.split();
            leaves.put(upper.keys[0], upper);
            (at <= leaf.size ? leaf : upper).insert(at <= leaf.size ? at : at - leaf.size, key);
        }
    }

    /** Removes a key that is there. */
    public void remove(String key) {
        Map.Entry<String, Leaf> found = leafOf(key);
        Leaf leaf = found.getValue();
        leaf.remove(leaf.find(key, order));
        size--;
        if (leaf.size == 0 && !found.getKey().isEmpty()) {
            leaves.remove(found.getKey());
        }
    }

    /** The first key at or after this one. */
    public @Nullable String ceiling(String key) {
        order.meet(key);
        Map.Entry<String, Leaf> found = leafOf(key);
        int at = found.getValue().find(key, order);
        return at >= 0 ? found.getValue().keys[at] : keyAt(found, -at - 1);
    }

    /** The first key after this one. */
    public @Nullable String higher(String key) {
        order.meet(key);
        Map.Entry<String, Leaf> found = leafOf(key);
        int at = found.getValue().find(key, order);
        return keyAt(found, at >= 0 ? at + 1 : -at - 1);
    }

    // ---- ranges ----

    /** How many keys have a prefix, leaf by leaf. */
    public int count(String prefix) {
        order.meet(prefix);
        int count = 0;
        Map.Entry<String, Leaf> at = leafOf(prefix);
        while (at != null) {
            Leaf leaf = at.getValue();
            int from = leaf.from(prefix, order);
            int to = leaf.behind(prefix, from);
            count += to - from;
            at = to < leaf.size ? null : leaves.higherEntry(at.getKey());
        }
        return count;
    }

    /** Takes out all keys with a prefix, by whole leaves but for the first and the last. */
    public SortedKeys cut(String prefix) {
        order.meet(prefix);
        SortedKeys part = new SortedKeys(order.copy());
        Map.Entry<String, Leaf> at = leafOf(prefix);
        while (at != null) {
            String bound = at.getKey();
            Leaf leaf = at.getValue();
            int from = leaf.from(prefix, order);
            int to = leaf.behind(prefix, from);
            boolean last = to < leaf.size;
            if (to > from) {
                part.append(leaf.take(from, to));
                size -= to - from;
                tidy(bound, leaf, from == 0);
            }
            at = last ? null : leaves.higherEntry(bound);
        }
        return part;
    }

    /** Puts back what was {@link #cut} out. Since then, no key with that prefix may have come and stayed. */
    public void attach(SortedKeys part) {
        String first = part.ceiling("");
        if (first != null) {
            separate(first);
            part.leaves.values().stream().filter(leaf -> leaf.size > 0).forEach(this::append);
        }
    }

    private void append(Leaf leaf) {
        leaves.put(leaf.keys[0], leaf);
        size += leaf.size;
    }

    /**
     * A leaf has lost keys: it goes if it is empty; if it has lost its first one, its bound moves up to what is left.
     */
    private void tidy(String bound, Leaf leaf, boolean lostFirst) {
        if (!bound.isEmpty() && (leaf.size == 0 || lostFirst)) {
            leaves.remove(bound);
            if (leaf.size > 0) {
                leaves.put(leaf.keys[0], leaf);
            }
        }
    }

    /** Makes room for leaves at a key: none has keys on both sides of it, or a bound far below its keys. */
    private void separate(String key) {
        Map.Entry<String, Leaf> found = leafOf(key);
        Leaf leaf = found.getValue();
        int at = leaf.from(key, order);
        if (at < leaf.size) {
            Leaf upper = leaf.take(at, leaf.size);
            tidy(found.getKey(), leaf, false);
            leaves.put(upper.keys[0], upper);
        }
        Map.Entry<String, Leaf> next = leaves.higherEntry(key);
        while (next != null && !next.getKey().equals(next.getValue().keys[0])) {
            tidy(next.getKey(), next.getValue(), true);
            next = leaves.higherEntry(next.getValue().keys[0]);
        }
    }

    private @Nullable String keyAt(Map.Entry<String, Leaf> leaf, int at) {
        if (at < leaf.getValue().size) {
            return leaf.getValue().keys[at];
        }
        Map.Entry<String, Leaf> next = leaves.higherEntry(leaf.getKey());
        return next == null ? null : next.getValue().keys[0];
    }

    private Map.Entry<String, Leaf> leafOf(String key) {
        Map.Entry<String, Leaf> leaf = leaves.floorEntry(key);
        if (leaf == null) {
            throw new IllegalStateException("the empty string bounds every key");
        }
        return leaf;
    }

    private static final class Leaf {
        private @Nullable String[] keys = new String[LEAF_MIN];
        private int size;

        /** The place of a key, or {@code -(place it would take) - 1}. */
        int find(String key, CodePointOrder order) {
            int low = 0;
            int high = size - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int compared = order.compare(keys[middle], key);
                if (compared == 0) {
                    return middle;
                }
                if (compared < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return -low - 1;
        }

        /** The place of the first key at or after this one. */
        int from(String key, CodePointOrder order) {
            int at = find(key, order);
            return at >= 0 ? at : -at - 1;
        }

        /** From a place on, where keys with a prefix come first: the place behind them. */
        int behind(String prefix, int from) {
            int low = from;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (keyAt(middle).startsWith(prefix)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private String keyAt(int at) {
            String key = keys[at];
            if (key == null) {
                throw new IllegalStateException("a leaf has no key " + at);
            }
            return key;
        }

        /** Takes keys out into a leaf of their own. */
        Leaf take(int from, int to) {
            Leaf taken = new Leaf();
            if (from == 0 && to == size) {
                taken.keys = keys;
                keys = new String[LEAF_MIN];
            } else {
                taken.keys = Arrays.copyOfRange(keys, from, to);
                System.arraycopy(keys, to, keys, from, size - to);
                Arrays.fill(keys, size - (to - from), size, null);
            }
            taken.size = to - from;
            size -= taken.size;
            return taken;
        }

        Leaf insert(int at, String key) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, Math.min(LEAF_MAX, size * 2));
            }
            System.arraycopy(keys, at, keys, at + 1, size - at);
            keys[at] = key;
            size++;
            return this;
        }

        void remove(int at) {
            System.arraycopy(keys, at + 1, keys, at, size - at - 1);
            keys[--size] = null;
            if (size < keys.length / 4 && keys.length > LEAF_MIN) {
                keys = Arrays.copyOf(keys, keys.length / 2);
            }
        }

        /** Keeps the lower half and returns the upper. */
        Leaf split() {
            Leaf upper = new Leaf();
            int half = size / 2;
            upper.keys = Arrays.copyOfRange(keys, half, half + LEAF_MAX);
            upper.size = size - half;
            Arrays.fill(keys, half, size, null);
            size = half;
            return upper;
        }
    }

    /**
     * Java's own order of strings is that of UTF-16 units, and the fast one. The two differ only where surrogates meet
     * units above them, so the slow comparison starts with the first key that has any.
     */
    static final class CodePointOrder implements Comparator<String> {
        private boolean surrogates;

        CodePointOrder copy() {
            CodePointOrder copy = new CodePointOrder();
            copy.surrogates = surrogates;
            return copy;
        }

        /** Must see every key before it is compared. */
        void meet(String key) {
            if (!surrogates) {
                surrogates = hasSurrogate(key);
            }
        }

        @Override
        public int compare(String a, String b) {
            return surrogates ? compareCodePoints(a, b) : a.compareTo(b);
        }

        private static boolean hasSurrogate(String key) {
            for (int i = 0; i < key.length(); i++) {
                if (Character.isSurrogate(key.charAt(i))) {
                    return true;
                }
            }
            return false;
        }

        static int compareCodePoints(String a, String b) {
            int length = Math.min(a.length(), b.length());
            for (int i = 0; i < length; i++) {
                char x = a.charAt(i);
                char y = b.charAt(i);
                if (x != y) {
                    boolean mixed = Character.isSurrogate(x) != Character.isSurrogate(y);
                    boolean high = x >= Character.MIN_SURROGATE && y >= Character.MIN_SURROGATE;
                    return mixed && high ? Character.compare(y, x) : Character.compare(x, y);
                }
            }
            return a.length() - b.length();
        }
    }
}
