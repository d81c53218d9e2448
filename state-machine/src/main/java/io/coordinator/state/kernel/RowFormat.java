package io.coordinator.state.kernel;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.function.ToLongBiFunction;

/**
 * How the rows of a table are stored, and what they contribute to the digest: the same whether a row was just made or
 * comes from a snapshot. Rows are immutable.
 */
public interface RowFormat<R> {
    /** The objects of a usual message besides its bytes. Measured; see docs/limits.md. */
    long MESSAGE_HEAP = 160;

    byte[] toBytes(R row);

    /** The row that was stored so. */
    R parse(byte[] stored) throws InvalidProtocolBufferException;

    /** About as many bytes as {@link #toBytes} makes, known without making them. */
    long size(R row);

    /**
     * The heap that the row itself and what is derived from it are estimated to take; a function of key and row alone.
     */
    default long heap(String key, R row) {
        return MESSAGE_HEAP + size(row);
    }

    long hash(Fingerprint fingerprint, int kind, int table, String key, R row);

    /**
     * The hash of a row that has just been read.
     *
     * @param storedKey as {@link StoredKey} makes it
     */
    default long hashOfStored(Fingerprint fingerprint, byte[] storedKey, byte[] stored, R row) {
        return hash(fingerprint, StoredKey.kind(storedKey), StoredKey.table(storedKey), StoredKey.key(storedKey), row);
    }

    /** Rows that are messages, of which nothing else is kept. */
    static <M extends Message> RowFormat<M> ofMessages(Parser<M> parser) {
        return ofMessages(parser, (key, row) -> MESSAGE_HEAP + row.getSerializedSize());
    }

    /**
     * Rows that are messages.
     *
     * @param heap see {@link #heap}
     */
    static <M extends Message> RowFormat<M> ofMessages(Parser<M> parser, ToLongBiFunction<String, M> heap) {
        return new RowFormat<>() {
            @Override
            public long heap(String key, M row) {
                return heap.applyAsLong(key, row);
            }

            @Override
            public byte[] toBytes(M row) {
                return row.toByteArray();
            }

            @Override
            public long size(M row) {
                return row.getSerializedSize();
            }

            @Override
            public M parse(byte[] stored) throws InvalidProtocolBufferException {
                return parser.parseFrom(stored);
            }

            @Override
            public long hash(Fingerprint fingerprint, int kind, int table, String key, M row) {
                return fingerprint.ofRow(kind, table, key, row);
            }

            @Override
            public long hashOfStored(Fingerprint fingerprint, byte[] storedKey, byte[] stored, M row) {
                return fingerprint.ofRow(
                        StoredKey.kind(storedKey), StoredKey.table(storedKey), storedKey, StoredKey.PREFIX, stored);
            }
        };
    }
}
