package io.coordinator.state.kernel;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * First-come queues, one for each key, of sessions that wait for it. A waiter is a row under the key and its ticket; the
 * queues are derived. Every operation costs the same in a queue of one and of ten thousand.
 */
public final class WaitQueues<W extends Message> {
    private static final HexFormat HEX = HexFormat.of();
    /** NUL and a ticket in hexadecimal. */
    private static final int SUFFIX = 1 + 2 * Long.BYTES;

    private final Table<W> rows;
    private final Columns<W> columns;
    private final Map<String, LinkedHashSet<String>> queues = new HashMap<>();
    private final SessionIndex sessions = new SessionIndex();

    /** Where a waiter's row says whose it is. */
    public record Columns<W>(ToLongFunction<W> sessionId, ToLongFunction<W> requestSeq, ToLongFunction<W> ticket) {}

    public WaitQueues(Table<W> rows, Columns<W> columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** The key that a waiter's row waits for. */
    public static String waitedFor(String rowKey) {
        return rowKey.substring(0, rowKey.length() - SUFFIX);
    }

    /** Appends a waiter and returns how many are ahead of it. */
    public int add(String key, W waiter) {
        String rowKey = rowKey(key, waiter);
        rows.put(rowKey, waiter);
        enqueue(key, rowKey, waiter);
        return size(key) - 1;
    }

    /** Removes the first waiter and returns it; null if nobody waits. */
    public @Nullable W poll(String key) {
        LinkedHashSet<String> queue = queues.get(key);
        return queue == null ? null : remove(queue.iterator().next());
    }

    /** Removes the first waiter of a kind and returns it; null if none waits. Looks at those before it. */
    public @Nullable W poll(String key, Predicate<W> kind) {
        LinkedHashSet<String> queue = queues.get(key);
        String found = null;
        if (queue != null) {
            for (Iterator<String> all = queue.iterator(); all.hasNext() && found == null; ) {
                String rowKey = all.next();
                W waiter = rows.get(rowKey);
                found = waiter != null && kind.test(waiter) ? rowKey : null;
            }
        }
        return found == null ? null : remove(found);
    }

    /** Removes all waiters of a kind and returns them, the oldest first. */
    public List<W> pollAll(String key, Predicate<W> kind) {
        List<W> removed = new ArrayList<>(head(key, size(key)));
        removed.removeIf(kind.negate());
        removed.forEach(waiter -> remove(rowKey(key, waiter)));
        return removed;
    }

    private String rowKey(String key, W waiter) {
        return key + '\0' + HEX.toHexDigits(columns.ticket.applyAsLong(waiter));
    }

    /** Removes what this request of this session queued for this key; null if there is nothing (any more). */
    public @Nullable W cancel(String key, long sessionId, long requestSeq) {
        String rowKey = sessions.get(sessionId, requestSeq);
        return rowKey != null && waitedFor(rowKey).equals(key) ? remove(rowKey) : null;
    }

    /** Removes a waiter by the key of its row; null if it is gone. */
    public @Nullable W remove(String rowKey) {
        W waiter = rows.remove(rowKey);
        if (waiter == null) {
            return null;
        }
        String key = waitedFor(rowKey);
        LinkedHashSet<String> queue = queues.get(key);
        if (queue != null && queue.remove(rowKey) && queue.isEmpty()) {
            queues.remove(key);
        }
        sessions.remove(columns.sessionId.applyAsLong(waiter), columns.requestSeq.applyAsLong(waiter));
        return waiter;
    }

    /** Removes every waiter of an ended session and returns what they waited for, the oldest wait first. */
    public List<String> drop(long sessionId) {
        List<String> keys = new ArrayList<>();
        for (String rowKey : sessions.drop(sessionId)) {
            remove(rowKey);
            keys.add(waitedFor(rowKey));
        }
        return keys;
    }

    /** The first waiter; null if nobody waits. */
    public @Nullable W peek(String key) {
        LinkedHashSet<String> queue = queues.get(key);
        return queue == null ? null : rows.get(queue.iterator().next());
    }

    /** Visits every waiter, queue by queue. */
    public void forEach(BiConsumer<String, W> visitor) {
        rows.forEachInOrder((rowKey, waiter) -> visitor.accept(waitedFor(rowKey), waiter));
    }

    /** The first waiters of a queue, at most so many. */
    public List<W> head(String key, int max) {
        List<W> head = new ArrayList<>();
        LinkedHashSet<String> queue = queues.get(key);
        if (queue == null) {
            return head;
        }
        for (String rowKey : queue) {
            W waiter = rows.get(rowKey);
            if (waiter == null || head.size() == max) {
                break;
            }
            head.add(waiter);
        }
        return head;
    }

    public int size(String key) {
        LinkedHashSet<String> queue = queues.get(key);
        return queue == null ? 0 : queue.size();
    }

    /** Over all queues. */
    public int size() {
        return rows.size();
    }

    /** Derives the queues from loaded rows. */
    public void rebuild() {
        // In the order of keys: within a queue that of tickets, which have a fixed width.
        rows.forEachInOrder((rowKey, waiter) -> enqueue(waitedFor(rowKey), rowKey, waiter));
    }

    private void enqueue(String key, String rowKey, W waiter) {
        queues.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(rowKey);
        sessions.add(columns.sessionId.applyAsLong(waiter), columns.requestSeq.applyAsLong(waiter), rowKey);
    }
}
