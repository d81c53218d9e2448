package io.coordinator.state.kernel;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list that grows by a chunk at a time. An array list of a million rows would copy them all in one go when it grows,
 * and several of them grow in the same entry.
 */
final class ChunkedList<E extends @Nullable Object> extends AbstractList<E> implements RandomAccess {
    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int FIRST = 8;

    private final List<@Nullable Object[]> chunks = new ArrayList<>();
    private int size;

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean add(E element) {
        int chunk = size >>> CHUNK_BITS;
        int at = at(size);
        if (at == 0) {
            // Most lists stay short; so the first chunk begins small.
            chunks.add(new Object[chunk == 0 ? FIRST : CHUNK]);
        } else if (at == chunks.get(chunk).length) {
            chunks.set(chunk, Arrays.copyOf(chunks.get(chunk), 2 * at));
        }
        chunks.get(chunk)[at] = element;
        size++;
        return true;
    }

    @Override
    public E get(int index) {
        return element(chunk(index)[at(index)]);
    }

    @Override
    public E set(int index, E element) {
        @Nullable Object[] chunk = chunk(index);
        @Nullable Object before = chunk[at(index)];
        chunk[at(index)] = element;
        return element(before);
    }

    private @Nullable Object[] chunk(int index) {
        return chunks.get(Objects.checkIndex(index, size) >>> CHUNK_BITS);
    }

    private static int at(int index) {
        return index & (CHUNK - 1);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // Nothing but elements comes into a chunk.
    private E element(@Nullable Object kept) {
        return (E) kept;
    }
}
