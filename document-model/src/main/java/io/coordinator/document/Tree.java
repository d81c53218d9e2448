package io.coordinator.document;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sequence that is never changed: a balanced (AVL) tree whose changed copies share all but a path with it. Every operation
 * costs in proportion to the logarithm of the length. Null is the empty one.
 *
 * <p>What it knows of its elements together depends on them alone and not on the shape of the tree, which differs with the
 * way in which it came about.
 */
final class Tree<E extends Tree.Element> {
    /** Odd, so that its powers do not run out. */
    private static final long BASE = 0x9FB21C651E98DF25L;

    /** What a tree sums up. */
    interface Element {
        long hash();

        /** Of its JSON text. */
        long bytes();

        /** How deep values are nested in it. */
        int depth();
    }

    final @Nullable Tree<E> left;
    final E element;
    final @Nullable Tree<E> right;
    final int size;
    /** Of the elements in their order. */
    final long hash;
    /** Of the elements in whatever order. */
    final long sum;

    final long bytes;
    final int depth;
    private final int height;
    private final long power;

    private Tree(@Nullable Tree<E> left, E element, @Nullable Tree<E> right) {
        this.left = left;
        this.element = element;
        this.right = right;
        long elementHash = element.hash();
        long rightPower = right == null ? 1 : right.power;
        size = size(left) + 1 + size(right);
        height = Math.max(height(left), height(right)) + 1;
        power = (left == null ? 1 : left.power) * BASE * rightPower;
        hash = ((left == null ? 0 : left.hash) * BASE + elementHash) * rightPower + (right == null ? 0 : right.hash);
        sum = (left == null ? 0 : left.sum) + elementHash + (right == null ? 0 : right.sum);
        bytes = Sizes.sum(Sizes.sum(bytes(left), element.bytes()), bytes(right));
        depth = Math.max(element.depth(), Math.max(depth(left), depth(right)));
    }

    static int size(@Nullable Tree<?> tree) {
        return tree == null ? 0 : tree.size;
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

    static <E extends Element> @Nullable Tree<E> of(List<E> elements) {
        if (elements.isEmpty()) {
            return null;
        }
        int middle = elements.size() / 2;
        return new Tree<>(
                of(elements.subList(0, middle)),
                elements.get(middle),
                of(elements.subList(middle + 1, elements.size())));
    }

    /** The element at an index. */
    static <E extends Element> E get(@Nullable Tree<E> tree, int index) {
        Tree<E> at = require(tree, index);
        int before = size(at.left);
        if (index == before) {
            return at.element;
        }
        return index < before ? get(at.left, index) : get(at.right, index - before - 1);
    }

    static <E extends Element> Tree<E> set(@Nullable Tree<E> tree, int index, E element) {
        Tree<E> at = require(tree, index);
        int before = size(at.left);
        if (index == before) {
            return new Tree<>(at.left, element, at.right);
        }
        return index < before
                ? new Tree<>(set(at.left, index, element), at.element, at.right)
                : new Tree<>(at.left, at.element, set(at.right, index - before - 1, element));
    }

    /** With an element that will be at that index, at most the length. */
    static <E extends Element> Tree<E> insert(@Nullable Tree<E> tree, int index, E element) {
        if (tree == null) {
            if (index != 0) {
                throw new IndexOutOfBoundsException(index);
            }
            return new Tree<>(null, element, null);
        }
        int before = size(tree.left);
        return index <= before
                ? join(insert(tree.left, index, element), tree.element, tree.right)
                : join(tree.left, tree.element, insert(tree.right, index - before - 1, element));
    }

    static <E extends Element> @Nullable Tree<E> remove(@Nullable Tree<E> tree, int index) {
        Tree<E> at = require(tree, index);
        int before = size(at.left);
        if (index == before) {
            return concat(at.left, at.right);
        }
        return index < before
                ? join(remove(at.left, index), at.element, at.right)
                : join(at.left, at.element, remove(at.right, index - before - 1));
    }

    static <E extends Element> @Nullable Tree<E> concat(@Nullable Tree<E> left, @Nullable Tree<E> right) {
        if (left == null) {
            return right;
        }
        return right == null ? left : join(left, get(right, 0), remove(right, 0));
    }

    /** The elements before an index. */
    static <E extends Element> @Nullable Tree<E> head(@Nullable Tree<E> tree, int end) {
        if (tree == null || end <= 0) {
            return null;
        }
        int before = size(tree.left);
        return end <= before ? head(tree.left, end) : join(tree.left, tree.element, head(tree.right, end - before - 1));
    }

    /** The elements from an index on. */
    static <E extends Element> @Nullable Tree<E> tail(@Nullable Tree<E> tree, int from) {
        if (tree == null || from >= tree.size) {
            return null;
        }
        int before = size(tree.left);
        return from > before
                ? tail(tree.right, from - before - 1)
                : join(tail(tree.left, from), tree.element, tree.right);
    }

    static <E extends Element> Iterator<E> iterator(@Nullable Tree<E> tree) {
        return new InOrder<>(tree);
    }

    private static final class InOrder<E extends Element> implements Iterator<E> {
        /** Those whose left sides are done. */
        private final Deque<Tree<E>> next = new ArrayDeque<>();

        InOrder(@Nullable Tree<E> tree) {
            descend(tree);
        }

        private void descend(@Nullable Tree<E> tree) {
            for (Tree<E> at = tree; at != null; at = at.left) {
                next.push(at);
            }
        }

        @Override
        public boolean hasNext() {
            return !next.isEmpty();
        }

        @Override
        public E next() {
            Tree<E> at = next.pop();
            descend(at.right);
            return at.element;
        }
    }

    /** Trees of whatever heights around an element. */
    private static <E extends Element> Tree<E> join(@Nullable Tree<E> left, E element, @Nullable Tree<E> right) {
        if (left != null && left.height > height(right) + 1) {
            return balance(left.left, left.element, join(left.right, element, right));
        }
        if (right != null && right.height > height(left) + 1) {
            return balance(join(left, element, right.left), right.element, right.right);
        }
        return new Tree<>(left, element, right);
    }

    /** Trees whose heights differ by 2 at most. */
    private static <E extends Element> Tree<E> balance(@Nullable Tree<E> left, E element, @Nullable Tree<E> right) {
        if (left != null && left.height > height(right) + 1) {
            Tree<E> inner = left.right;
            if (inner == null || height(left.left) >= inner.height) {
                return new Tree<>(left.left, left.element, new Tree<>(inner, element, right));
            }
            return new Tree<>(
                    new Tree<>(left.left, left.element, inner.left),
                    inner.element,
                    new Tree<>(inner.right, element, right));
        }
        if (right != null && right.height > height(left) + 1) {
            Tree<E> inner = right.left;
            if (inner == null || height(right.right) >= inner.height) {
                return new Tree<>(new Tree<>(left, element, inner), right.element, right.right);
            }
            return new Tree<>(
                    new Tree<>(left, element, inner.left),
                    inner.element,
                    new Tree<>(inner.right, right.element, right.right));
        }
        return new Tree<>(left, element, right);
    }

    private static <E extends Element> Tree<E> require(@Nullable Tree<E> tree, int index) {
        if (tree == null || index < 0 || index >= tree.size) {
            throw new IndexOutOfBoundsException(index);
        }
        return tree;
    }
}
