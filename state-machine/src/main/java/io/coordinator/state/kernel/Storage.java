package io.coordinator.state.kernel;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.coordinator.protocol.DataKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * All tables of all data types. A type makes its tables here, and they are digested, captured and loaded from then on.
 */
public final class Storage {
    private final List<Table<?>> tables = new ArrayList<>();
    private final Books books = Books.fresh();

    /**
     * A table for look-ups.
     *
     * @param number of the table within its kind, for ever
     * @param deadline when a row is due in cluster time; 0 for never
     */
    public <M extends Message> Table<M> table(DataKind kind, int number, Parser<M> parser, ToLongFunction<M> deadline) {
        return table(kind, number, RowFormat.ofMessages(parser), deadline);
    }

    /** A table for look-ups of rows that are not messages, or of which more than the row is kept. */
    public <R> Table<R> table(DataKind kind, int number, RowFormat<R> format, ToLongFunction<R> deadline) {
        return register(new Table<>(kind, number, format, deadline, null, books));
    }

    /** A table for look-ups and scans. */
    public <M extends Message> Table<M> sortedTable(
            DataKind kind, int number, Parser<M> parser, ToLongFunction<M> deadline) {
        return sortedTable(kind, number, RowFormat.ofMessages(parser), deadline);
    }

    /** A table for look-ups and scans of rows that are not messages. */
    public <R> Table<R> sortedTable(DataKind kind, int number, RowFormat<R> format, ToLongFunction<R> deadline) {
        return register(new Table<>(kind, number, format, deadline, new SortedKeys(), books));
    }

    /** Of all tables together. */
    public UndoLog undo() {
        return books.undo();
    }

    /** What the present command may make and do. */
    public Budget budget() {
        return books.budget();
    }

    /** How much heap the rows take. */
    public Usage usage() {
        return books.usage();
    }

    public Deadlines deadlines() {
        return books.deadlines();
    }

    public Fingerprint fingerprint() {
        return books.fingerprint();
    }

    public long digest() {
        long digest = 0;
        for (Table<?> table : tables) {
            digest += table.digest();
        }
        return digest;
    }

    public long rows() {
        long rows = 0;
        for (Table<?> table : tables) {
            rows += table.size();
        }
        return rows;
    }

    public int dirtyRows() {
        int dirty = 0;
        for (Table<?> table : tables) {
            dirty += table.dirtyRows();
        }
        return dirty;
    }

    /** Freezes the rows changed since the last call, in constant time for each table. */
    public Capture capture() {
        List<DirtyTable<?>> frozen = new ArrayList<>(tables.size());
        for (Table<?> table : tables) {
            frozen.add(freeze(table));
        }
        return new Capture(frozen);
    }

    private static <R> DirtyTable<R> freeze(Table<R> table) {
        return new DirtyTable<>(table.kind().getNumber(), table.number(), table.format(), table.freeze());
    }

    /**
     * Inserts a stored row.
     *
     * @return false if no table has such rows, or has this one already
     * @throws InvalidProtocolBufferException if the value is not a row of its table
     */
    public boolean load(byte[] key, byte[] value) throws InvalidProtocolBufferException {
        for (Table<?> table : tables) {
            if (table.kind().getNumber() == StoredKey.kind(key) && table.number() == StoredKey.table(key)) {
                return load(table, key, value);
            }
        }
        return false;
    }

    private <R> boolean load(Table<R> table, byte[] key, byte[] value) throws InvalidProtocolBufferException {
        R row = table.format().parse(value);
        return table.load(StoredKey.key(key), row, table.format().hashOfStored(books.fingerprint(), key, value, row));
    }

    private <R> Table<R> register(Table<R> table) {
        tables.add(table);
        return table;
    }

    /** Changed rows, frozen. */
    public static final class Capture {
        private final List<DirtyTable<?>> tables;

        private Capture(List<DirtyTable<?>> tables) {
            this.tables = tables;
        }

        public int size() {
            int size = 0;
            for (DirtyTable<?> table : tables) {
                size += table.frozen.keys().size();
            }
            return size;
        }

        public void forEach(RowVisitor visitor) {
            for (DirtyTable<?> table : tables) {
                table.forEach(visitor);
            }
        }
    }

    private record DirtyTable<R>(int kind, int table, RowFormat<R> format, DirtyRows.Frozen<R> frozen) {
        void forEach(RowVisitor visitor) {
            for (int i = 0; i < frozen.keys().size(); i++) {
                byte[] key = StoredKey.encode(kind, table, frozen.keys().get(i));
                R row = frozen.rows().get(i);
                if (row == null) {
                    visitor.delete(key);
                } else {
                    visitor.put(key, format.toBytes(row));
                }
            }
        }
    }
}
