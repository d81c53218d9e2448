package io.coordinator.state.kernel;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * First-come queues, one for each key, of sessions that wait for it, for one key or for several at once. A waiter is
 * one row with a ticket; its places in the queues are derived. All queues are in the order of tickets, so whoever has
 * the lowest ticket of all is at the head wherever it waits.
 */
public final class WaitQueues<W extends Message> {
    /** A queue of one waiter with its maps, its place in the orders and in the index of sessions; measured. */
    private static final long QUEUE_HEAP = 420;

    private final Table<W> rows;
    private final Columns<W> columns;
    private final Keys<W> keys;
    private final Places<W> places;
    private final UndoLog undo;
    /** The keys for which anybody waits. */
    private final SortedKeys order = new SortedKeys();

    private final SessionIndex requests;

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

    /** What a waiter waits for, and the key of its row. */
    public interface Keys<W> {
        /**
         * The key of a row.
         *
         * @param waitedFor as {@link #waitedFor} finds it in the row
         */
        String rowKey(List<String> waitedFor, long ticket);

        /** The keys that a waiter waits for. */
        List<String> waitedFor(String rowKey, W waiter);
    }

    /** Where the queues are: beside what is waited for, if that has a place of its own. */
    public interface Places<W> {
        /** Null if nobody waits for this key. */
        @Nullable
        WaitQueue<W> queue(String key);

        /** The same, made where there is none. */
        WaitQueue<W> obtainQueue(String key);

        /** Nobody waits for this key any more. */
        void forgetQueue(String key);
    }

    /** Waiters that wait for one key each, under which their rows are. */
    public WaitQueues(Table<W> rows, Columns<W> columns, UndoLog undo) {
        this(rows, columns, new OneKeyWaits<>(columns.kinds), undo);
    }

    private WaitQueues(Table<W> rows, Columns<W> columns, OneKeyWaits<W> simple, UndoLog undo) {
        this(rows, columns, simple, simple, undo);
    }

    /** Waiters that may wait for several keys. */
    public WaitQueues(Table<W> rows, Columns<W> columns, Keys<W> keys, Places<W> places, UndoLog undo) {
        this.rows = rows;
        this.columns = columns;
        this.keys = keys;
        this.places = places;
        this.undo = undo;
        this.requests = new SessionIndex(undo);
    }

    /** The key that a waiter's row waits for, where it is but one. */
    public static String waitedFor(String rowKey) {
        return OneKeyWaits.waitedFor(rowKey);
    }

    // ---- coming and going ----

    /** Appends a waiter for one key and returns how many are ahead of it. */
    public int add(String key, W waiter) {
        return add(List.of(key), waiter);
    }

    /** Appends a waiter and returns how many are ahead of it, at most, in any of its queues. */
    public int add(List<String> waitedFor, W waiter) {
        String rowKey = keys.rowKey(waitedFor, ticket(waiter));
        rows.put(rowKey, waiter);
        int ahead = enter(waitedFor, rowKey, waiter);
        undo.add(() -> leave(waitedFor, waiter));
        return ahead;
    }

    /** Removes a waiter for one key. */
    public void remove(String key, W waiter) {
        remove(List.of(key), waiter);
    }

    /** Removes a waiter, if it is there, from the queues of all its keys. */
    public void remove(List<String> waitedFor, W waiter) {
        remove(keys.rowKey(waitedFor, ticket(waiter)), waitedFor);
    }

    /** Removes a waiter by the key of its row; null if it is gone. */
    public @Nullable W remove(String rowKey) {
        W waiter = rows.get(rowKey);
        if (waiter != null) {
            remove(rowKey, keys.waitedFor(rowKey, waiter));
        }
        return waiter;
    }

    private void remove(String rowKey, List<String> waitedFor) {
        W waiter = rows.remove(rowKey);
        if (waiter != null) {
            leave(waitedFor, waiter);
            undo.add(() -> line(waitedFor, waiter));
            requests.remove(sessionId(waiter), requestSeq(waiter));
        }
    }

    /** Removes the oldest waiter of a session and returns the one key that it waited for; null if there is none. */
    public @Nullable String drop(long sessionId) {
        String rowKey = requests.first(sessionId);
        if (rowKey == null) {
            return null;
        }
        remove(rowKey);
        return waitedFor(rowKey);
    }

    /** Derives the queues from loaded rows, which are in the order of tickets wherever that counts. */
    public void rebuild() {
        rows.forEachInOrder((rowKey, waiter) -> enter(keys.waitedFor(rowKey, waiter), rowKey, waiter));
    }

    private int enter(List<String> waitedFor, String rowKey, W waiter) {
        int ahead = line(waitedFor, waiter);
        requests.add(sessionId(waiter), requestSeq(waiter), rowKey);
        return ahead;
    }

    private int line(List<String> waitedFor, W waiter) {
        int kind = columns.kind.applyAsInt(waiter);
        int most = 0;
        for (String key : waitedFor) {
            WaitQueue<W> queue = places.obtainQueue(key);
            int ahead = queue.size();
            if (ahead == 0) {
                order.add(key);
            }
            queue.add(kind, ticket(waiter), waiter);
            most = Math.max(most, ahead);
        }
        return most;
    }

    private void leave(List<String> waitedFor, W waiter) {
        int kind = columns.kind.applyAsInt(waiter);
        for (String key : waitedFor) {
            WaitQueue<W> queue = places.queue(key);
            if (queue != null && queue.remove(kind, ticket(waiter)) && queue.size() == 0) {
                order.remove(key);
                places.forgetQueue(key);
            }
        }
    }

    // ---- who waits ----

    /** A waiter by the key of its row; null if it is gone. */
    public @Nullable W row(String rowKey) {
        return rows.get(rowKey);
    }

    /** The first waiter of all kinds; null if nobody waits. */
    public @Nullable W peek(String key) {
        WaitQueue<W> queue = places.queue(key);
        return queue == null ? null : queue.head();
    }

    /** The first waiter of one kind behind a ticket; null if none waits. */
    public @Nullable W first(String key, int kind, long afterTicket) {
        WaitQueue<W> queue = places.queue(key);
        return queue == null ? null : queue.after(kind, afterTicket);
    }

    /** The ticket of the last waiter of one kind; 0 if none waits. */
    public long lastTicket(String key, int kind) {
        WaitQueue<W> queue = places.queue(key);
        return queue == null ? 0 : queue.lastTicket(kind);
    }

    /** What this request of this session queued; null if there is nothing (any more). */
    public @Nullable W find(long sessionId, long requestSeq) {
        String rowKey = requests.get(sessionId, requestSeq);
        return rowKey == null ? null : rows.get(rowKey);
    }

    /** What this request of this session queued for this key alone; null if there is nothing (any more). */
    public @Nullable W find(String key, long sessionId, long requestSeq) {
        String rowKey = requests.get(sessionId, requestSeq);
        return rowKey != null && waitedFor(rowKey).equals(key) ? rows.get(rowKey) : null;
    }

    /** A session's oldest waiter; null if it has none. */
    public @Nullable W oldest(long sessionId) {
        String rowKey = requests.first(sessionId);
        return rowKey == null ? null : rows.get(rowKey);
    }

    /** Visits the waiters of a session, the oldest first, for as long as the visitor wants more. */
    public void forEach(long sessionId, Predicate<W> visitor) {
        for (String rowKey : requests.of(sessionId)) {
            W waiter = rows.get(rowKey);
            if (waiter == null || !visitor.test(waiter)) {
                return;
            }
        }
    }

    /** Visits waiters, queue by queue in the order of keys, for as long as the visitor wants more. */
    public void scan(BiPredicate<String, W> visitor) {
        forEachWaited((key, queue) -> {
            for (int kind = 0; kind < queue.kinds(); kind++) {
                for (W waiter : queue.of(kind)) {
                    if (!visitor.test(key, waiter)) {
                        return false;
                    }
                }
            }
            return true;
        });
    }

    /** Visits the queues in the order of keys, for as long as the visitor wants more. */
    public void forEachWaited(BiPredicate<String, WaitQueue<W>> visitor) {
        for (String key = order.ceiling(""); key != null; key = order.higher(key)) {
            WaitQueue<W> queue = places.queue(key);
            if (queue == null || !visitor.test(key, queue)) {
                return;
            }
        }
    }

    /** The first waiters of a queue, at most so many. */
    public List<W> head(String key, int max) {
        WaitQueue<W> queue = places.queue(key);
        return queue == null ? List.of() : queue.first(max);
    }

    // ---- how many ----

    /** How many waiters a session has. */
    public int count(long sessionId) {
        return requests.count(sessionId);
    }

    public int size(String key) {
        WaitQueue<W> queue = places.queue(key);
        return queue == null ? 0 : queue.size();
    }

    /** Those of one kind. */
    public int size(String key, int kind) {
        WaitQueue<W> queue = places.queue(key);
        return queue == null ? 0 : queue.size(kind);
    }

    /** All waiters. */
    public int size() {
        return rows.size();
    }

    private long sessionId(W waiter) {
        return columns.sessionId.applyAsLong(waiter);
    }

    private long requestSeq(W waiter) {
        return columns.requestSeq.applyAsLong(waiter);
    }

    private long ticket(W waiter) {
        return columns.ticket.applyAsLong(waiter);
    }
}
