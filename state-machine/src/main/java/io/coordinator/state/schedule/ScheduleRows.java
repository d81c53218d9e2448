package io.coordinator.state.schedule;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ScheduleRow;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.OrderedSet;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The schedules by name, and in the order in which the leader is to look at them. */
final class ScheduleRows {
    private final Table<ScheduleRow> rows;
    private final UndoLog undo;
    private final OrderedSet<Due> due =
            new OrderedSet<>(Comparator.comparingLong(Due::millis).thenComparing(Due::key));

    private final ScheduleSums sums = new ScheduleSums();

    /** When the leader is to look at a schedule. */
    record Due(long millis, String key) {}

    ScheduleRows(Storage storage) {
        rows = storage.sortedTable(DataKind.SCHEDULE, 0, ScheduleRow.parser(), never -> 0);
        undo = storage.undo();
    }

    /** Null if there is none. */
    @Nullable
    ScheduleRow find(Name name) {
        return rows.get(name.key());
    }

    void put(Name name, ScheduleRow row) {
        ScheduleRow before = find(name);
        rows.put(name.key(), row);
        derive(name, before, row);
    }

    void remove(Name name) {
        ScheduleRow before = find(name);
        rows.remove(name.key());
        derive(name, before, null);
    }

    private static long next(@Nullable ScheduleRow row) {
        return row == null ? 0 : row.getProgress().getNextMillis();
    }

    private void derive(Name name, @Nullable ScheduleRow before, @Nullable ScheduleRow after) {
        set(name.key(), before, after);
        undo.add(() -> set(name.key(), after, before));
    }

    private void set(String key, @Nullable ScheduleRow before, @Nullable ScheduleRow after) {
        sums.set(before, after);
        move(key, next(before), next(after));
    }

    private void move(String key, long before, long after) {
        if (before == after) {
            return;
        }
        if (before != 0 && !due.remove(new Due(before, key))) {
            throw new IllegalStateException("a schedule is not in the order of those that are due");
        }
        if (after != 0) {
            due.add(new Due(after, key));
        }
    }

    /** The first one in the order of time behind this one, which need not be there; null if there is none. */
    @Nullable
    Due dueBehind(Due last) {
        return due.higher(last);
    }

    int size() {
        return rows.size();
    }

    NameScan scan(String namespace, String prefix) {
        return new NameScan(rows::ceilingKey, rows::higherKey, namespace, prefix);
    }

    ScheduleSums sums() {
        return sums;
    }

    void rebuild() {
        rows.forEachInOrder((key, row) -> set(key, null, row));
    }
}
