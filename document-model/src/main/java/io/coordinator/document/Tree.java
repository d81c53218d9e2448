package io.coordinator.document;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A sequence that is never changed: a balanced (AVL) tree of runs of elements, whose changed copies share all but a
 * path with it. Every operation costs in proportion to the logarithm of the length. Null is the empty one.
 *
 * <p>What it knows of its elements together depends on them alone and not on the shape of the tree and the bounds of
 * the runs, which differ with the way in which it came about.
 */
final class Tree<R extends Tree.Run<R>> {
    /** Elements next to each other, at least one. */
    interface Run<R> {
        int count();

        /**
         * Of the elements together: that of the first ones times {@link #power} of the others, plus that of the others.
         */
        long hash();

        long power();

        /** Of the JSON texts of the elements, without what separates them. */
        long bytes();

        /** How deep values are nested in them. */
        int depth();

        /** Some of them, at least one. */
        R slice(int from, int to);

        /** Both as one run; null if they are too large for one. */
        @Nullable
        R with(R next);
    }

    /**
     * A run in a tree.
     *
     * @param start the index of its first element
     */
    record Found<R>(R run, int start) {}

    private final @Nullable Tree<R> left;
    private final R run;
    private final @Nullable Tree<R> right;
    private final long hash;
    private final long power;
    private final long bytes;
    private final int size;
    private final short depth;
    private final byte height;

    private Tree(@Nullable Tree<R> left, R run, @Nullable Tree<R> right) {
        this.left = left;
        this.run = run;
        this.right = right;
        long runPower = run.power();
        long rightPower = right == null ? 1 : right.power;
        size = size(left) + run.count() + size(right);
        height = (byte) (Math.max(height(left), height(right)) + 1);
        power = (left == null ? 1 : left.power) * runPower * rightPower;
        hash = (hash(left) * runPower + run.hash()) * rightPower + hash(right);
        bytes = Sizes.sum(Sizes.sum(bytes(left), run.bytes()), bytes(right));
        depth = (short) Math.max(run.depth(), Math.max(depth(left), depth(right)));
    }

    static int size(@Nullable Tree<?> tree) {
        return tree == null ? 0 : tree.size;
    }

    static long hash(@Nullable Tree<?> tree) {
        return tree == null ? 0 : tree.hash;
    }

    static long bytes(@Nullable Tree<?> tree) {
        return tree == null ? 0 : tree.bytes;
    }

    static int depth(@Nullable Tree<?> tree) {
        return tree == null ? 0 : tree.depth;
    }

    private static int height(@Nullable Tree<?> tree) {
        return tree == null ? 0 : tree.height;
    }

    static <R extends Run<R>> Tree<R> single(R run) {
        return new Tree<>(null, run, null);
    }

    static <R extends Run<R>> @Nullable Tree<R> of(List<R> runs) {
        if (runs.isEmpty()) {
            return null;
        }
        int middle = runs.size() / 2;
        return new Tree<>(of(runs.subList(0, middle)), runs.get(middle), of(runs.subList(middle + 1, runs.size())));
    }

    /**
     * The run that has the element at an index.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    static <R extends Run<R>> Found<R> find(@Nullable Tree<R> tree, int index) {
        if (tree == null || index < 0 || index >= tree.size) {
            throw new IndexOutOfBoundsException(index);
        }
        Tree<R> at = tree;
        int before = 0;
        while (true) {
            int start = before + size(at.left);
            if (index < start && at.left != null) {
                at = at.left;
            } else if (index >= start + at.run.count() && at.right != null) {
                before = start + at.run.count();
                at = at.right;
            } else {
                return new Found<>(at.run, start);
            }
        }
    }

    /**
     * The last run of which something holds that holds of no later one if it does not hold of an earlier one; null if
     * none.
     */
    static <R extends Run<R>> @Nullable Found<R> last(@Nullable Tree<R> tree, Predicate<R> holds) {
        Found<R> last = null;
        int before = 0;
        Tree<R> at = tree;
        while (at != null) {
            int start = before + size(at.left);
            if (holds.test(at.run)) {
                last = new Found<>(at.run, start);
                before = start + at.run.count();
                at = at.right;
            } else {
                at = at.left;
            }
        }
        return last;
    }

    /** With another run in place of one. If it has become small, it is put together with those beside it (C-02b). */
    static <R extends Run<R>> @Nullable Tree<R> replaced(@Nullable Tree<R> tree, Found<R> found, R by) {
        if (tree == null) {
            throw new IndexOutOfBoundsException(found.start());
        }
        boolean hasShrunk = by.bytes() < Packing.RUN_BYTES_MIN && found.run().bytes() >= Packing.RUN_BYTES_MIN;
        if (!hasShrunk || tree.size == found.run().count()) {
            return set(tree, found.start(), by);
        }
        return splice(tree, found.start(), found.run().count(), single(by));
    }

    private static <R extends Run<R>> Tree<R> set(Tree<R> tree, int start, R run) {
        int before = size(tree.left);
        if (start < before && tree.left != null) {
            return new Tree<>(set(tree.left, start, run), tree.run, tree.right);
        }
        return start > before && tree.right != null
                ? new Tree<>(tree.left, tree.run, set(tree.right, start - before - tree.run.count(), run))
                : new Tree<>(tree.left, run, tree.right);
    }

    /** With others in place of so many elements from an index on. */
    static <R extends Run<R>> @Nullable Tree<R> splice(
            @Nullable Tree<R> tree, int start, int count, @Nullable Tree<R> by) {
        return concat(concat(head(tree, start), by), tail(tree, start + count));
    }

    /** Those at the seam are put together, if they fit. */
    private static <R extends Run<R>> @Nullable Tree<R> concat(@Nullable Tree<R> left, @Nullable Tree<R> right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        R first = find(right, 0).run();
        R last = find(left, left.size - 1).run();
        R both = last.with(first);
        Tree<R> rest = withoutFirst(right);
        return both == null ? join(left, first, rest) : join(withoutLast(left), both, rest);
    }

    private static <R extends Run<R>> @Nullable Tree<R> withoutFirst(Tree<R> tree) {
        return tree.left == null ? tree.right : join(withoutFirst(tree.left), tree.run, tree.right);
    }

    private static <R extends Run<R>> @Nullable Tree<R> withoutLast(Tree<R> tree) {
        return tree.right == null ? tree.left : join(tree.left, tree.run, withoutLast(tree.right));
    }

    /** The elements before an index. */
    static <R extends Run<R>> @Nullable Tree<R> head(@Nullable Tree<R> tree, int end) {
        if (tree == null || end <= 0) {
            return null;
        }
        int before = size(tree.left);
        if (end <= before) {
            return head(tree.left, end);
        }
        int count = tree.run.count();
        return end - before < count
                ? join(tree.left, tree.run.slice(0, end - before), null)
                : join(tree.left, tree.run, head(tree.right, end - before - count));
    }

    /** The elements from an index on. */
    static <R extends Run<R>> @Nullable Tree<R> tail(@Nullable Tree<R> tree, int from) {
        if (tree == null || from >= tree.size) {
            return null;
        }
        int before = size(tree.left);
        int count = tree.run.count();
        if (from >= before + count) {
            return tail(tree.right, from - before - count);
        }
        return from > before
                ? join(null, tree.run.slice(from - before, count), tree.right)
                : join(tail(tree.left, from), tree.run, tree.right);
    }

    /** The runs in their order. */
    static <R extends Run<R>> Iterator<R> iterator(@Nullable Tree<R> tree) {
        return new InOrder<>(tree);
    }

    private static final class InOrder<R extends Run<R>> implements Iterator<R> {
        /** Those whose left sides are done. */
        private final Deque<Tree<R>> next = new ArrayDeque<>();

        InOrder(@Nullable Tree<R> tree) {
            descend(tree);
        }

        private void descend(@Nullable Tree<R> tree) {
            for (Tree<R> at = tree; at != null; at = at.left) {
                next.push(at);
            }
        }

        @Override
        public boolean hasNext() {
            return !next.isEmpty();
        }

        @Override
        public R next() {
            Tree<R> at = next.pop();
            descend(at.right);
            return at.run;
        }
    }

    /** Trees of whatever heights around a run. */
    private static <R extends Run<R>> Tree<R> join(@Nullable Tree<R> left, R run, @Nullable Tree<R> right) {
        if (left != null && left.height > height(right) + 1) {
            return balance(left.left, left.run, join(left.right, run, right));
        }
        if (right != null && right.height > height(left) + 1) {
            return balance(join(left, run, right.left), right.run, right.right);
        }
        return new Tree<>(left, run, right);
    }

    /** Trees whose heights differ by 2 at most. */
    private static <R extends Run<R>> Tree<R> balance(@Nullable Tree<R> left, R run, @Nullable Tree<R> right) {
        if (left != null && left.height > height(right) + 1) {
            Tree<R> inner = left.right;
            if (inner == null || height(left.left) >= inner.height) {
                return new Tree<>(left.left, left.run, new Tree<>(inner, run, right));
            }
            return new Tree<>(
                    new Tree<>(left.left, left.run, inner.left), inner.run, new Tree<>(inner.right, run, right));
        }
        if (right != null && right.height > height(left) + 1) {
            Tree<R> inner = right.left;
            if (inner == null || height(right.right) >= inner.height) {
                return new Tree<>(new Tree<>(left, run, inner), right.run, right.right);
            }
            return new Tree<>(
                    new Tree<>(left, run, inner.left), inner.run, new Tree<>(inner.right, right.run, right.right));
        }
        return new Tree<>(left, run, right);
    }
}
