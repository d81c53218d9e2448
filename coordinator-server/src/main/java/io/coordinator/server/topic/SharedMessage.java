package io.coordinator.server.topic;

import com.google.protobuf.ByteString;
import io.coordinator.server.side.SideMemory;
import java.util.concurrent.atomic.AtomicInteger;

/** A message as it is on the wire, written once for all streams that it waits for. */
final class SharedMessage {
    /** What a message takes besides its bytes. */
    private static final int OVERHEAD = 96;
    /** As if so many had it, until it is known how many have. */
    private static final int UNKNOWN = 1 << 30;

    private final ByteString bytes;
    private final SideMemory memory;
    private final AtomicInteger holders = new AtomicInteger(UNKNOWN);

    SharedMessage(ByteString bytes, SideMemory memory) {
        this.bytes = bytes;
        this.memory = memory;
    }

    ByteString bytes() {
        return bytes;
    }

    /** What it counts for a stream. */
    int cost() {
        return bytes.size() + OVERHEAD;
    }

    /** It was put into so many queues, some of which may have given it up by now; called once, behind the last. */
    void queued(int queues) {
        memory.charge(cost() + (long) queues * MessageQueue.PLACE_BYTES);
        if (holders.addAndGet(queues - UNKNOWN) == 0) {
            memory.release(cost());
        }
    }

    /** A queue has given it up; its place there is not counted here. */
    void left() {
        if (holders.decrementAndGet() == 0) {
            memory.release(cost());
        }
    }
}
