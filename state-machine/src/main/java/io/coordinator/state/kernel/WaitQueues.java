package io.coordinator.state.kernel;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * First-come queues, one for each key, of sessions that wait for it. A waiter is a row under the key and its ticket; the
 * queues are derived. Waiters of two kinds can wait for one key, in the order of their tickets each. Every operation costs the logarithm of
 * the queue's length.
 */
public final class WaitQueues<W extends Message> {
    private static final HexFormat HEX = HexFormat.of();
    /** NUL and a ticket in hexadecimal. */
    private static final int SUFFIX = 1 + 2 * Long.BYTES;

    private final Table<W> rows;
    private final Columns<W> columns;
    private final UndoLog undo;
    private final Map<String, Queue> queues = new HashMap<>();
    private final SessionIndex sessions;

    /**
     * What a waiter's row says.
     *
     * @param isSecond whether it is of the second kind
     */
    public record Columns<W>(
            ToLongFunction<W> sessionId,
            ToLongFunction<W> requestSeq,
            ToLongFunction<W> ticket,
            Predicate<W> isSecond) {
        /** Where all waiters are of one kind. */
        public Columns(ToLongFunction<W> sessionId, ToLongFunction<W> requestSeq, ToLongFunction<W> ticket) {
            this(sessionId, requestSeq, ticket, waiter -> false);
        }
    }

    /** The keys of rows; within a queue in the order of tickets, which have a fixed width. */
    private static final class Queue {
        final TreeSet<String> first = new TreeSet<>();
        final TreeSet<String> second = new TreeSet<>();

        SortedSet<String> of(boolean isSecond) {
            return isSecond ? second : first;
        }

        /** Of one that is not empty. */
        String head() {
            if (first.isEmpty() || second.isEmpty()) {
                return first.isEmpty() ? second.first() : first.first();
            }
            return first.first().compareTo(second.first()) < 0 ? first.first() : second.first();
        }

        boolean isEmpty() {
            return first.isEmpty() && second.isEmpty();
        }
    }

    public WaitQueues(Table<W> rows, Columns<W> columns, UndoLog undo) {
        this.rows = rows;
        this.columns = columns;
        this.undo = undo;
        this.sessions = new SessionIndex(undo);
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
        sessions.add(columns.sessionId.applyAsLong(waiter), columns.requestSeq.applyAsLong(waiter), rowKey);
        return size(key) - 1;
    }

    /** The first waiter of all kinds; null if nobody waits. */
    public @Nullable W peek(String key) {
        Queue queue = queues.get(key);
        return queue == null ? null : rows.get(queue.head());
    }

    /** The first waiter of one kind; null if none waits. */
    public @Nullable W peek(String key, boolean isSecond) {
        Queue queue = queues.get(key);
        return queue == null || queue.of(isSecond).isEmpty()
                ? null
                : rows.get(queue.of(isSecond).first());
    }

    /** Removes the first waiter of all kinds and returns it; null if nobody waits. */
    public @Nullable W poll(String key) {
        return removed(key, peek(key));
    }

    /** Removes the first waiter of one kind and returns it; null if none waits. */
    public @Nullable W poll(String key, boolean isSecond) {
        return removed(key, peek(key, isSecond));
    }

    private @Nullable W removed(String key, @Nullable W waiter) {
        return waiter == null ? null : remove(rowKey(key, waiter));
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
        if (waiter != null) {
            dequeue(waitedFor(rowKey), rowKey, waiter);
            sessions.remove(columns.sessionId.applyAsLong(waiter), columns.requestSeq.applyAsLong(waiter));
        }
        return waiter;
    }

    /** How many waiters a session has. */
    public int count(long sessionId) {
        return sessions.count(sessionId);
    }

    /** Removes the oldest waiter of a session and returns what it waited for; null if there is none. */
    public @Nullable String drop(long sessionId) {
        String rowKey = sessions.first(sessionId);
        if (rowKey == null) {
            return null;
        }
        remove(rowKey);
        return waitedFor(rowKey);
    }

    /** Visits every waiter, queue by queue. */
    public void forEach(BiConsumer<String, W> visitor) {
        rows.forEachInOrder((rowKey, waiter) -> visitor.accept(waitedFor(rowKey), waiter));
    }

    /** The first waiters of a queue, at most so many. */
    public List<W> head(String key, int max) {
        Queue queue = queues.get(key);
        List<String> keys = new ArrayList<>();
        if (queue != null) {
            queue.first.stream().limit(max).forEach(keys::add);
            queue.second.stream().limit(max).forEach(keys::add);
            keys.sort(null);
        }
        List<W> head = new ArrayList<>();
        for (String rowKey : keys) {
            W waiter = rows.get(rowKey);
            if (waiter != null && head.size() < max) {
                head.add(waiter);
            }
        }
        return head;
    }

    public int size(String key) {
        Queue queue = queues.get(key);
        return queue == null ? 0 : queue.first.size() + queue.second.size();
    }

    /** Over all queues. */
    public int size() {
        return rows.size();
    }

    /** Derives the queues from loaded rows. */
    public void rebuild() {
        rows.forEachInOrder((rowKey, waiter) -> {
            enqueue(waitedFor(rowKey), rowKey, waiter);
            sessions.add(columns.sessionId.applyAsLong(waiter), columns.requestSeq.applyAsLong(waiter), rowKey);
        });
    }

    private void enqueue(String key, String rowKey, W waiter) {
        queues.computeIfAbsent(key, k -> new Queue())
                .of(columns.isSecond.test(waiter))
                .add(rowKey);
        undo.add(() -> dequeue(key, rowKey, waiter));
    }

    private void dequeue(String key, String rowKey, W waiter) {
        Queue queue = queues.get(key);
        if (queue != null && queue.of(columns.isSecond.test(waiter)).remove(rowKey)) {
            if (queue.isEmpty()) {
                queues.remove(key);
            }
            undo.add(() -> enqueue(key, rowKey, waiter));
        }
    }
}
