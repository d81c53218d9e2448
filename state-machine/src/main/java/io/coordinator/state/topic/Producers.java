package io.coordinator.state.topic;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ProducerRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which numbers of each producer were published, so that what comes again is known as such. */
final class Producers {
    static final int NUMBER = 2;

    private final TopicBounds bounds;
    private final Table<ProducerRow> rows;
    private final UndoLog undo;
    private final Map<String, Integer> counts = new HashMap<>();

    Producers(Storage storage, TopicBounds bounds) {
        this.bounds = bounds;
        rows = storage.sortedTable(DataKind.TOPIC, NUMBER, ProducerRow.parser(), ProducerRow::getDeadlineMillis);
        undo = storage.undo();
    }

    /** How many are remembered. */
    int count(String owner) {
        return counts.getOrDefault(owner, 0);
    }

    /** What is remembered of a producer; empty if nothing is, null if there is no room for one more. */
    @Nullable
    ProducerWindow window(Context at, String owner, String producer) {
        ProducerRow row = rows.get(TopicKeys.named(owner, producer));
        if (row == null) {
            return count(owner) >= bounds.producersMax() ? null : ProducerWindow.empty();
        }
        return at.isPast(row.getDeadlineMillis())
                ? ProducerWindow.empty()
                : ProducerWindow.of(row.getLast(), row.getWindow().toByteArray());
    }

    void put(String owner, String producer, ProducerWindow window, long deadlineMillis) {
        String key = TopicKeys.named(owner, producer);
        boolean added = rows.get(key) == null;
        rows.put(
                key,
                ProducerRow.newBuilder()
                        .setLast(window.last())
                        .setWindow(ByteString.copyFrom(window.bytes()))
                        .setDeadlineMillis(deadlineMillis)
                        .build());
        if (added) {
            count(owner, 1);
        }
    }

    /** The time of a producer is over. */
    void remove(String key) {
        if (rows.remove(key) != null) {
            count(ownerOf(key), -1);
        }
    }

    /** Forgets all of a topic that is gone, until the slice is spent; whether none is left. */
    boolean reclaim(String owner, Slice slice) {
        String all = TopicKeys.named(owner, "");
        String key = rows.ceilingKey(all);
        while (key != null && key.startsWith(all) && !slice.isSpent()) {
            remove(key);
            key = rows.ceilingKey(all);
        }
        return key == null || !key.startsWith(all);
    }

    void rebuild() {
        rows.forEachInOrder((key, row) -> add(ownerOf(key), 1));
    }

    /** Behind the second NUL is the producer's name. */
    private static String ownerOf(String key) {
        return key.substring(0, key.indexOf(TopicKeys.SEPARATOR, key.indexOf(TopicKeys.SEPARATOR) + 1));
    }

    private void count(String owner, int change) {
        add(owner, change);
        undo.add(() -> add(owner, -change));
    }

    private void add(String owner, int change) {
        counts.merge(owner, change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }
}
