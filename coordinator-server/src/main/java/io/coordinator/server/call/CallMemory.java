package io.coordinator.server.call;

import java.util.concurrent.atomic.AtomicLong;

/** The heap that ephemeral calls take on this node, as estimated. Safe for use by many threads. */
final class CallMemory {
    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    CallMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    long used() {
        return used.get();
    }

    boolean isFull() {
        return used.get() >= bytesMax;
    }

    void charge(long bytes) {
        used.addAndGet(bytes);
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }
}
