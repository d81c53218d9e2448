package io.coordinator.server.session;

import com.google.protobuf.MessageLite;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that all clients of this node take with what they asked and were not answered yet, and with refusals that
 * they do not take (C-08). From half of the limit on, only streams are read that have nothing in it; beyond it, the
 * stream that has most ends.
 */
final class Unanswered {
    /** A small message becomes some objects in the heap. */
    static final long PART_BYTES = 200;

    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    Unanswered(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** About what a message takes. */
    static long bytesOf(MessageLite message) {
        return message.getSerializedSize() + PART_BYTES;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }

    long bytes() {
        return used.get();
    }

    boolean isHalfFull() {
        return used.get() >= bytesMax / 2;
    }

    /**
     * Whether whoever has so many bytes must go: not if little would be left, so that any frame is served when alone.
     */
    boolean isTooMuch(long bytes) {
        long now = used.get();
        return now > bytesMax && now - bytes > bytesMax / 2;
    }
}
