package io.coordinator.state.topic;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The messages of all topics, one row each. Those of a topic are without a gap from its first to its last one. What is
 * before the first waits to be reclaimed.
 */
final class MessageLog {
    private static final int NUMBER = 1;
    /** Messages whose bytes are kept as one sum, so that whole parts of a long log need not be gone through. */
    private static final long BLOCK = 128;

    private static final long LOOK_STEPS = 5;

    private final Table<StoredMessage> rows;
    private final UndoLog undo;
    private final Map<String, Map<Long, Long>> blocks = new HashMap<>();

    MessageLog(Storage storage) {
        rows = storage.table(DataKind.TOPIC, NUMBER, StoredMessage.parser(), never -> 0);
        undo = storage.undo();
    }

    /** What counts for the bounds of a topic. */
    static long bytes(StoredMessage message) {
        return (long) message.getValue().size() + message.getKeyBytes().size();
    }

    @Nullable
    StoredMessage find(String owner, long offset) {
        return rows.get(TopicKeys.item(owner, offset));
    }

    /** A message that is kept. */
    StoredMessage get(String owner, long offset) {
        StoredMessage message = find(owner, offset);
        if (message == null) {
            throw new IllegalStateException("a topic has lost its message " + offset);
        }
        return message;
    }

    void add(String owner, StoredMessage message) {
        rows.put(TopicKeys.item(owner, message.getOffset()), message);
        count(owner, message.getOffset(), bytes(message));
    }

    int size() {
        return rows.size();
    }

    /**
     * Removes rows until the slice is spent.
     *
     * @return the first that is left, or {@code to}
     */
    long reclaim(String owner, long from, long to, Slice slice) {
        long offset = from;
        while (offset < to && !slice.isSpent()) {
            StoredMessage message = rows.remove(TopicKeys.item(owner, offset));
            if (message != null) {
                count(owner, offset, -bytes(message));
            }
            offset++;
        }
        return offset;
    }

    /** Gives a message another offset; what is derived is not kept up to date. */
    void move(String owner, long from, StoredMessage to) {
        rows.remove(TopicKeys.item(owner, from));
        rows.put(TopicKeys.item(owner, to.getOffset()), to);
    }

    /** The bytes of messages that are kept, the last one excluded. */
    long bytes(String owner, long from, long to, Effects effects) {
        long sum = 0;
        long offset = from;
        while (offset < to) {
            effects.meter().steps("messages", LOOK_STEPS);
            boolean whole = offset % BLOCK == 0 && offset + BLOCK <= to;
            sum += whole ? ofBlock(owner, offset) : bytes(get(owner, offset));
            offset += whole ? BLOCK : 1;
        }
        return sum;
    }

    /** The first offset before which, counted from another one, so many bytes lie; {@code end} if there are fewer. */
    long behind(String owner, long from, long end, long bytes, Effects effects) {
        long sum = 0;
        long offset = from;
        while (offset < end && sum < bytes) {
            effects.meter().steps("messages", LOOK_STEPS);
            boolean whole = offset % BLOCK == 0 && offset + BLOCK <= end && sum + ofBlock(owner, offset) < bytes;
            sum += whole ? ofBlock(owner, offset) : bytes(get(owner, offset));
            offset += whole ? BLOCK : 1;
        }
        return offset;
    }

    /**
     * The first message at or after a time.
     *
     * @param time never goes back from one message to the next
     */
    long since(String owner, long first, long end, ToLongFunction<StoredMessage> time, long millis) {
        long low = first;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (time.applyAsLong(get(owner, middle)) < millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void rebuild() {
        rows.forEachInOrder(
                (key, message) -> add(TopicKeys.ownerOf(key), TopicKeys.offsetOf(key) / BLOCK, bytes(message)));
    }

    private void count(String owner, long offset, long change) {
        long block = offset / BLOCK;
        add(owner, block, change);
        undo.add(() -> add(owner, block, -change));
    }

    private void add(String owner, long block, long change) {
        Map<Long, Long> sums = blocks.computeIfAbsent(owner, key -> new HashMap<>());
        sums.merge(block, change, (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
        if (sums.isEmpty()) {
            blocks.remove(owner);
        }
    }

    private long ofBlock(String owner, long offset) {
        return blocks.getOrDefault(owner, Map.of()).getOrDefault(offset / BLOCK, 0L);
    }
}
