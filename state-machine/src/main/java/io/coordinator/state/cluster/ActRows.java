package io.coordinator.state.cluster;

import io.coordinator.protocol.ActList;
import io.coordinator.protocol.ClusterAct;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ListActs;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;

/** The trail: the latest acts, one row each; an old one makes room for a new one. */
final class ActRows {
    static final int KEPT = 1_000;
    private static final int TABLE = 2;

    private final Table<ClusterAct> rows;

    ActRows(Storage storage) {
        rows = storage.table(DataKind.CLUSTER, TABLE, ClusterAct.parser(), never -> 0);
    }

    private static String key(long number) {
        return Long.toHexString(number);
    }

    /** Adds the act with the number after the last one. */
    void add(ClusterAct act) {
        rows.put(key(act.getNumber()), act);
        rows.remove(key(act.getNumber() - KEPT));
    }

    /** Newest first, before that number. */
    ActList list(long last, ListActs asked) {
        ActList.Builder found = ActList.newBuilder();
        Page page = new Page(asked.getLimit());
        long number = asked.getBefore() == 0 ? last : Math.min(last, asked.getBefore() - 1);
        ClusterAct act = rows.get(key(number));
        while (act != null) {
            if (!page.takes(act.getSerializedSize())) {
                return found.setMore(true).build();
            }
            found.addActs(act);
            number--;
            act = rows.get(key(number));
        }
        return found.build();
    }
}
