package io.coordinator.server.topic;

import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.side.SideMemory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages that wait for one stream. One thread puts them in, one thread takes them out, and neither waits for the
 * other. What was taken counts until the transport has got rid of it.
 */
final class MessageQueue {
    /** What a place in a queue takes, whatever it holds. */
    static final int PLACE_BYTES = 32;

    /** A frame is full with so much; a single message may be larger. */
    private static final int FRAME_BYTES = 32 << 10;

    private final long softLimit;
    private final long hardLimit;
    private final SideMemory memory;
    private final Queue<Object> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    // Of the thread that puts in.
    private long droppedBytes;
    private Gap gap = Gap.OVER;
    // Of the thread that takes out.
    private long handed;

    MessageQueue(long softLimit, long hardLimit, SideMemory memory) {
        this.softLimit = softLimit;
        this.hardLimit = hardLimit;
        this.memory = memory;
    }

    /** Messages that were dropped in a row, in their place in the queue. */
    private static final class Gap {
        private static final long TAKEN = -1;
        /** One that nothing can be added to. */
        static final Gap OVER = new Gap(TAKEN);

        private final AtomicLong count;

        Gap(long count) {
            this.count = new AtomicLong(count);
        }

        /** False if it was taken out already. */
        boolean add() {
            long before = count.get();
            while (before != TAKEN && !count.compareAndSet(before, before + 1)) {
                before = count.get();
            }
            return before != TAKEN;
        }

        long take() {
            return count.getAndSet(TAKEN);
        }
    }

    // ---- putting in ----

    /**
     * Puts a message in, or drops it: then false, and its place is marked.
     *
     * @param undroppable whether it may wait although others would be dropped by now
     */
    boolean offer(SharedMessage message, boolean undroppable) {
        long before = bytes.get();
        if (before == 0) {
            droppedBytes = 0;
        } else if (before >= (undroppable ? hardLimit : softLimit) || memory.isFull()) {
            droppedBytes += message.cost();
            drop();
            return false;
        }
        gap = Gap.OVER;
        bytes.addAndGet(message.cost());
        waiting.add(message);
        return true;
    }

    private void drop() {
        if (!gap.add()) {
            gap = new Gap(1);
            waiting.add(gap);
        }
    }

    /** Whether more has waited or been dropped, since nothing waited, than a stream may be behind. */
    boolean isTooFarBehind() {
        return bytes.get() + droppedBytes > hardLimit;
    }

    // ---- taking out ----

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Puts what fits into a frame; false if there is nothing. A gap ends the frame. */
    boolean fill(TopicServerFrame.Builder frame) {
        long taken = 0;
        int messages = 0;
        boolean any = false;
        while (taken < FRAME_BYTES && frame.getDropped() == 0) {
            Object next = waiting.peek();
            if (next == null || (next instanceof SharedMessage large && any && taken + large.cost() > FRAME_BYTES)) {
                break;
            }
            waiting.remove();
            any = true;
            if (next instanceof SharedMessage message) {
                frame.addMessages(message.bytes());
                taken += message.cost();
                messages++;
                message.left();
            } else if (next instanceof Gap dropped) {
                frame.setDropped(dropped.take());
            }
        }
        handed += taken;
        memory.charge(taken - (long) messages * PLACE_BYTES);
        return any;
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
        for (Object next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next instanceof SharedMessage message) {
                message.left();
                memory.release(PLACE_BYTES);
                bytes.addAndGet(-message.cost());
            }
        }
    }
}
