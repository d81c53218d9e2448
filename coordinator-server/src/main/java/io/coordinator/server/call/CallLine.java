package io.coordinator.server.call;

import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CallServerFrame;
import io.coordinator.protocol.EphemeralDispatch;
import io.coordinator.protocol.EphemeralOutcome;
import io.coordinator.protocol.EphemeralProgress;
import io.coordinator.protocol.OutcomeRefused;
import io.coordinator.server.side.SideMemory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits for one stream, in order. One thread puts it in, one takes it out, and neither waits for the other. What
 * was taken counts until the transport has got rid of it.
 */
final class CallLine {
    /** A frame is full with so much; a single item may be larger. */
    private static final int FRAME_BYTES = 64 << 10;
    /** What an item takes besides its payload. */
    private static final int OVERHEAD = 128;

    private final long bytesMax;
    private final SideMemory memory;
    private final Queue<Item> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    // Of the thread that takes out.
    private long handed;

    CallLine(long bytesMax, SideMemory memory) {
        this.bytesMax = bytesMax;
        this.memory = memory;
    }

    private record Item(Object message, int cost) {}

    /** Whether more than a word may be put in. What nothing waits for always has room, whatever others take. */
    boolean hasRoom() {
        long before = bytes.get();
        return before == 0 || (before < bytesMax && !memory.isFull());
    }

    void put(Object message, int payload) {
        int cost = payload + OVERHEAD;
        bytes.addAndGet(cost);
        memory.charge(cost);
        waiting.add(new Item(message, cost));
    }

    /** Puts what fits into a frame; false if there is nothing. */
    boolean fill(CallServerFrame.Builder frame) {
        long taken = 0;
        for (Item next = waiting.peek(); next != null; next = waiting.peek()) {
            if (taken > 0 && taken + next.cost() > FRAME_BYTES) {
                break;
            }
            waiting.remove();
            add(frame, next.message());
            taken += next.cost();
        }
        handed += taken;
        return taken > 0;
    }

    private static void add(CallServerFrame.Builder frame, Object message) {
        if (message instanceof EphemeralDispatch dispatch) {
            frame.addDispatched(dispatch);
        } else if (message instanceof EphemeralOutcome outcome) {
            frame.addOutcomes(outcome);
        } else if (message instanceof CallRevoked revoked) {
            frame.addRevoked(revoked);
        } else if (message instanceof EphemeralProgress progress) {
            frame.addProgress(progress);
        } else if (message instanceof OutcomeRefused refused) {
            frame.addRefused(refused);
        }
    }

    /** The transport has room again: what it was handed does not count any more. */
    void written() {
        if (handed > 0) {
            memory.release(handed);
            bytes.addAndGet(-handed);
            handed = 0;
        }
    }

    /** Gives up everything; nothing is put in any more. */
    void clear() {
        written();
        for (Item next = waiting.poll(); next != null; next = waiting.poll()) {
            memory.release(next.cost());
            bytes.addAndGet(-next.cost());
        }
    }
}
