package io.coordinator.state.rpc;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ProcedureRow;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;

/** The names that have a worker or a call, and how many calls may wait for each. */
final class ProcedureNames {
    static final int BACKLOG_DEFAULT = 10_000;

    private static final int NUMBER = 0;

    private final Table<ProcedureRow> rows;

    ProcedureNames(Storage storage) {
        rows = storage.sortedTable(DataKind.RPC, NUMBER, ProcedureRow.parser(), never -> 0);
    }

    boolean exists(Name name) {
        return rows.get(name.key()) != null;
    }

    /** A call is about to wait, or to be served: the name is kept. */
    void keep(Name name) {
        if (!exists(name)) {
            rows.put(name.key(), ProcedureRow.getDefaultInstance());
        }
    }

    /** A registration says how many calls may wait; 0: the default. */
    void setBacklog(Name name, int max) {
        ProcedureRow before = rows.get(name.key());
        if (before == null || before.getBacklogMax() != max) {
            rows.put(name.key(), ProcedureRow.newBuilder().setBacklogMax(max).build());
        }
    }

    /** How many calls may wait, unsigned. */
    int backlogMax(Name name) {
        ProcedureRow row = rows.get(name.key());
        return row == null || row.getBacklogMax() == 0 ? BACKLOG_DEFAULT : row.getBacklogMax();
    }

    void forget(Name name) {
        rows.remove(name.key());
    }

    int size() {
        return rows.size();
    }

    NameScan scan(String namespace, String prefix) {
        return new NameScan(rows::ceilingKey, rows::higherKey, namespace, prefix);
    }
}
