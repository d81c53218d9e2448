package io.coordinator.state.session;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.SharedValue;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What many events tell alike: a row of its own, kept until nothing refers to it any more. How many do is derived,
 * since a row that counted them would be written anew with each.
 */
public final class SharedValues {
    private static final int TABLE = 3;
    private static final HexFormat HEX = HexFormat.of();

    private final Table<SharedValue> rows;
    private final UndoLog undo;
    private final Map<Long, Integer> references = new HashMap<>();

    public SharedValues(Storage storage) {
        rows = storage.table(DataKind.SESSION, TABLE, SharedValue.parser(), never -> 0);
        undo = storage.undo();
    }

    /** Keeps a value that nothing refers to yet; {@link #dropUnused} must follow. */
    public void add(long id, ByteString value) {
        rows.put(key(id), SharedValue.newBuilder().setValue(value).build());
    }

    public ByteString get(long id) {
        SharedValue row = rows.get(key(id));
        if (row == null) {
            throw new IllegalStateException("shared value " + id + " is referred to and is not there");
        }
        return row.getValue();
    }

    /** Its bytes; 0 if there is none, which a damaged snapshot may have. */
    int size(long id) {
        SharedValue row = id == 0 ? null : rows.get(key(id));
        return row == null ? 0 : row.getValue().size();
    }

    /** Something refers to it from now on; 0 names none. */
    public void refer(long id) {
        if (id != 0) {
            references.merge(id, 1, Integer::sum);
            undo.add(() -> count(id, -1));
        }
    }

    /** Something refers to it no longer; the last one takes it away. */
    public void release(long id) {
        if (id != 0) {
            count(id, -1);
            undo.add(() -> count(id, 1));
            dropUnused(id);
        }
    }

    /** Takes away a value to which nothing refers. */
    public void dropUnused(long id) {
        if (!references.containsKey(id)) {
            rows.remove(key(id));
        }
    }

    private void count(long id, int change) {
        references.merge(id, change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }

    /** An event as it is sent, with the value that it names. */
    public Event filledIn(Event stored) {
        return stored.getValueId() == 0
                ? stored
                : stored.toBuilder()
                        .setValue(get(stored.getValueId()))
                        .clearValueId()
                        .build();
    }

    private static String key(long id) {
        return HEX.toHexDigits(id);
    }
}
