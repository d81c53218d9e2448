package io.coordinator.state.builds;

import io.coordinator.protocol.BuildClearing;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import java.util.HexFormat;

/**
 * Clears that have not come to all of their keys yet. What is older than a clear counts as gone from the moment of the
 * clear (C-09).
 */
final class Clears {
    /** So many at a time, for each look at a build looks at all of them. */
    static final int MAX = 16;

    private static final int NUMBER = 3;
    private static final HexFormat HEX = HexFormat.of();

    private final Table<BuildClearing> rows;

    Clears(Storage storage) {
        rows = storage.sortedTable(DataKind.BUILD, NUMBER, BuildClearing.parser(), never -> 0);
    }

    boolean isFull() {
        return rows.size() >= MAX;
    }

    void add(Name prefix, long ticket) {
        rows.put(
                HEX.toHexDigits(ticket),
                BuildClearing.newBuilder()
                        .setPrefix(prefix.key())
                        .setTicket(ticket)
                        .build());
    }

    void remove(long ticket) {
        rows.remove(HEX.toHexDigits(ticket));
    }

    /** The ticket of the last clear of this build that is still at work; 0 if there is none. */
    long ticket(Name name) {
        if (rows.size() == 0) {
            return 0;
        }
        long last = 0;
        for (String key = rows.ceilingKey(""); key != null; key = rows.higherKey(key)) {
            BuildClearing clearing = rows.get(key);
            if (clearing != null && name.key().startsWith(clearing.getPrefix())) {
                last = Math.max(last, clearing.getTicket());
            }
        }
        return last;
    }
}
