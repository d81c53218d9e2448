package io.coordinator.state.lock;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.RowFormat;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.Usage;
import java.util.function.ToLongBiFunction;

/** What holds and waiters take with the lanes that are derived from them. */
final class LockHeap {
    /** A lane with its maps, its name, and its place in the orders; besides the characters. */
    private static final long LANE_HEAP = 350;
    /** A lane keeps a key of its own, and the parts of it. */
    private static final int COPIES = 2;
    /** The token at the end of a hold's key. */
    private static final int TOKEN_CHARS = 2 + 2 * Long.BYTES;

    static final RowFormat<LockHold> HOLDS = new Counted<>(
            RowFormat.ofMessages(LockHold.parser()), (key, hold) -> lane(Usage.text(LockTable.nameKey(key))));

    /**
     * A waiter takes a lane for each name. It counts as what it waits for besides, so that to hand on a lock, which nobody may be
     * refused, does not grow a full state.
     */
    static final RowFormat<LockWaiter> WAITERS =
            new Counted<>(RowFormat.ofMessages(LockWaiter.parser()), (key, waiter) -> granted(waiter));

    private LockHeap() {}

    private static long granted(LockWaiter waiter) {
        long namespace = Usage.text(waiter.getNamespace());
        long row = Table.ROW_HEAP + TOKEN_CHARS + RowFormat.MESSAGE_HEAP + waiter.getSerializedSize();
        long sum = 0;
        for (int i = 0; i < waiter.getNamesCount(); i++) {
            long name = namespace + Usage.text(waiter.getNames(i));
            sum += row + name + lane(name);
        }
        return sum;
    }

    private static long lane(long nameBytes) {
        return LANE_HEAP + COPIES * nameBytes;
    }

    /** Messages of which more is kept than their rows. */
    private record Counted<M extends Message>(RowFormat<M> messages, ToLongBiFunction<String, M> derived)
            implements RowFormat<M> {
        @Override
        public byte[] toBytes(M row) {
            return messages.toBytes(row);
        }

        @Override
        public M parse(byte[] stored) throws InvalidProtocolBufferException {
            return messages.parse(stored);
        }

        @Override
        public long size(M row) {
            return messages.size(row);
        }

        @Override
        public long heap(String key, M row) {
            return messages.heap(key, row) + derived.applyAsLong(key, row);
        }

        @Override
        public long hash(Fingerprint fingerprint, int kind, int table, String key, M row) {
            return messages.hash(fingerprint, kind, table, key, row);
        }

        @Override
        public long hashOfStored(Fingerprint fingerprint, byte[] storedKey, byte[] stored, M row) {
            return messages.hashOfStored(fingerprint, storedKey, stored, row);
        }
    }
}
