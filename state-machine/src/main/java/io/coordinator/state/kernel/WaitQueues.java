package io.coordinator.state.kernel;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * First-come queues, one for each key, of sessions that wait for it. A waiter is a row under the key and its ticket;
 * the queues are derived. Waiters of several kinds can wait for one key, in the order of their tickets each. Every
 * operation costs the logarithm of the queue's length.
 */
public final class WaitQueues<W extends Message> {
    private static final HexFormat HEX = HexFormat.of();
    /** NUL and a ticket in hexadecimal. */
    private static final int SUFFIX = 1 + 2 * Long.BYTES;

    /** A queue of one waiter with its maps, its place in the orders and in the index of sessions; measured. */
    private static final long QUEUE_HEAP = 420;

    private final Table<W> rows;
    private final Columns<W> columns;
    private final UndoLog undo;
    private final Map<String, Queue> queues = new HashMap<>();
    /** The keys for which anybody waits. */
    private final SortedKeys order = new SortedKeys();

    private final SessionIndex sessions;

    /** How the rows of waiters are stored, and what they take with the queues that are derived from them. */
    public static <W extends Message> RowFormat<W> format(Parser<W> parser) {
        return RowFormat.ofMessages(
                parser, (key, waiter) -> RowFormat.MESSAGE_HEAP + waiter.getSerializedSize() + QUEUE_HEAP);
    }

    /**
     * What a waiter's row says.
     *
     * @param kind from 0 to {@code kinds - 1}
     */
    public record Columns<W>(
            ToLongFunction<W> sessionId,
            ToLongFunction<W> requestSeq,
            ToLongFunction<W> ticket,
            ToIntFunction<W> kind,
            int kinds) {
        /** Where all waiters are of one kind. */
        public Columns(ToLongFunction<W> sessionId, ToLongFunction<W> requestSeq, ToLongFunction<W> ticket) {
            this(sessionId, requestSeq, ticket, waiter -> 0, 1);
        }
    }

    /** The keys of rows, by kind; within a queue in the order of tickets, which have a fixed width. */
    private static final class Queue {
        final List<TreeSet<String>> byKind = new ArrayList<>();

        Queue(int kinds) {
            for (int i = 0; i < kinds; i++) {
                byKind.add(new TreeSet<>());
            }
        }

        /** Of one that is not empty. */
        String head() {
            String head = null;
            for (TreeSet<String> each : byKind) {
                if (!each.isEmpty() && (head == null || each.first().compareTo(head) < 0)) {
                    head = each.first();
                }
            }
            if (head == null) {
                throw new IllegalStateException("a queue without waiters is not kept");
            }
            return head;
        }

        int size() {
            int size = 0;
            for (TreeSet<String> each : byKind) {
                size += each.size();
            }
            return size;
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

    /** The first waiter of one kind behind a ticket; null if none waits. */
    public @Nullable W first(String key, int kind, long afterTicket) {
        Queue queue = queues.get(key);
        String rowKey = queue == null ? null : queue.byKind.get(kind).higher(rowKey(key, afterTicket));
        return rowKey == null ? null : rows.get(rowKey);
    }

    /** The ticket of the last waiter of one kind; 0 if none waits. */
    public long lastTicket(String key, int kind) {
        Queue queue = queues.get(key);
        if (queue == null || queue.byKind.get(kind).isEmpty()) {
            return 0;
        }
        String last = queue.byKind.get(kind).last();
        return HexFormat.fromHexDigitsToLong(last, last.length() - 2 * Long.BYTES, last.length());
    }

    /** What this request of this session queued for this key; null if there is nothing (any more). */
    public @Nullable W find(String key, long sessionId, long requestSeq) {
        String rowKey = sessions.get(sessionId, requestSeq);
        return rowKey != null && waitedFor(rowKey).equals(key) ? rows.get(rowKey) : null;
    }

    /** Removes a waiter for a key. */
    public void remove(String key, W waiter) {
        remove(rowKey(key, waiter));
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

    /** Visits waiters, queue by queue in the order of keys, for as long as the visitor wants more. */
    public void scan(BiPredicate<String, W> visitor) {
        for (String key = order.ceiling(""); key != null; key = order.higher(key)) {
            Queue queue = queues.get(key);
            if (queue == null || !scan(key, queue, visitor)) {
                return;
            }
        }
    }

    private boolean scan(String key, Queue queue, BiPredicate<String, W> visitor) {
        for (TreeSet<String> each : queue.byKind) {
            for (String rowKey : each) {
                W waiter = rows.get(rowKey);
                if (waiter == null || !visitor.test(key, waiter)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The first waiters of a queue, at most so many. */
    public List<W> head(String key, int max) {
        Queue queue = queues.get(key);
        List<String> keys = new ArrayList<>();
        if (queue != null) {
            queue.byKind.forEach(each -> each.stream().limit(max).forEach(keys::add));
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
        return queue == null ? 0 : queue.size();
    }

    /** Those of one kind. */
    public int size(String key, int kind) {
        Queue queue = queues.get(key);
        return queue == null ? 0 : queue.byKind.get(kind).size();
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

    private String rowKey(String key, W waiter) {
        return rowKey(key, columns.ticket.applyAsLong(waiter));
    }

    private static String rowKey(String key, long ticket) {
        return key + '\0' + HEX.toHexDigits(ticket);
    }

    private void enqueue(String key, String rowKey, W waiter) {
        Queue queue = queues.get(key);
        if (queue == null) {
            queue = new Queue(columns.kinds);
            queues.put(key, queue);
            order.add(key);
        }
        queue.byKind.get(columns.kind.applyAsInt(waiter)).add(rowKey);
        undo.add(() -> dequeue(key, rowKey, waiter));
    }

    private void dequeue(String key, String rowKey, W waiter) {
        Queue queue = queues.get(key);
        if (queue != null && queue.byKind.get(columns.kind.applyAsInt(waiter)).remove(rowKey)) {
            if (queue.size() == 0) {
                queues.remove(key);
                order.remove(key);
            }
            undo.add(() -> enqueue(key, rowKey, waiter));
        }
    }
}
