package io.coordinator.server.side;

import java.util.concurrent.atomic.AtomicLong;

/** The heap that what passes over side streams takes on this node, as estimated. Safe for use by many threads. */
public final class SideMemory {
    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    /** @param bytesMax as much makes it full; those who ask take no more then */
    public SideMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** In bytes. */
    public long used() {
        return used.get();
    }

    public boolean isFull() {
        return used.get() >= bytesMax;
    }

    public void charge(long bytes) {
        used.addAndGet(bytes);
    }

    public void release(long bytes) {
        used.addAndGet(-bytes);
    }
}
