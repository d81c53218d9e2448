package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;

/**
 * When a row is due. Ordered by time, then by row, so that every replica expires in the same order.
 *
 * @param atMillis cluster time
 * @param table the table's number within its kind
 * @param key the row's key
 */
public record Deadline(long atMillis, DataKind kind, int table, String key) implements Comparable<Deadline> {

    @Override
    public int compareTo(Deadline other) {
        int order = Long.compare(atMillis, other.atMillis);
        if (order == 0) {
            order = Integer.compare(kind.getNumber(), other.kind.getNumber());
        }
        if (order == 0) {
            order = Integer.compare(table, other.table);
        }
        return order == 0 ? key.compareTo(other.key) : order;
    }
}
