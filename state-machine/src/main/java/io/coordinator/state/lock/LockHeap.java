package io.coordinator.state.lock;

import com.google.protobuf.Message;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.RowFormat;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.Usage;

/** What holds and waiters take with the lanes that are derived from them. */
final class LockHeap {
    /** A lane with its maps, its name, and its place in the orders; besides the characters. */
    private static final long LANE_HEAP = 350;
    /** A lane keeps a key of its own, and the parts of it. */
    private static final int COPIES = 2;
    /** The token at the end of a hold's key. */
    private static final int TOKEN_CHARS = 2 + 2 * Long.BYTES;

    static final RowFormat<LockHold> HOLDS = RowFormat.ofMessages(
            LockHold.parser(), (key, hold) -> message(hold) + lane(Usage.text(LockTable.nameKey(key))));

    /**
     * A waiter takes a lane for each name. It counts as what it waits for besides, so that to hand on a lock, which
     * nobody may be refused, does not grow a full state.
     */
    static final RowFormat<LockWaiter> WAITERS =
            RowFormat.ofMessages(LockWaiter.parser(), (key, waiter) -> message(waiter) + granted(waiter));

    private LockHeap() {}

    private static long granted(LockWaiter waiter) {
        long namespace = Usage.text(waiter.getNamespace());
        long row = Table.ROW_HEAP + TOKEN_CHARS + message(waiter);
        long sum = 0;
        for (int i = 0; i < waiter.getNamesCount(); i++) {
            long name = namespace + Usage.text(waiter.getNames(i));
            sum += row + name + lane(name);
        }
        return sum;
    }

    private static long message(Message row) {
        return RowFormat.MESSAGE_HEAP + row.getSerializedSize();
    }

    private static long lane(long nameBytes) {
        return LANE_HEAP + COPIES * nameBytes;
    }
}
