package io.coordinator.server.topic;

import java.util.concurrent.atomic.AtomicLong;

/** What all messages take that wait on this node: each once, and a place for each stream that it waits for. */
final class TopicMemory {
    /** A place in a queue. */
    static final int PLACE_BYTES = 32;

    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    TopicMemory(long bytesMax) {
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
