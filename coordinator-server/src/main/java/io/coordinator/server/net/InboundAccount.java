package io.coordinator.server.net;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What messages that have not arrived in full take, of all clients together. When that is too much, those that have
 * been on their way for longest end: who sends and is heard has long been through.
 */
final class InboundAccount {
    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();
    private final AtomicBoolean relieving = new AtomicBoolean();
    private final Set<InboundMeter> meters = ConcurrentHashMap.newKeySet();

    InboundAccount(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    long used() {
        return used.get();
    }

    void join(InboundMeter meter) {
        meters.add(meter);
    }

    void leave(InboundMeter meter) {
        meters.remove(meter);
    }

    void charge(long bytes) {
        if (used.addAndGet(bytes) > bytesMax && relieving.compareAndSet(false, true)) {
            try {
                relieve();
            } finally {
                relieving.set(false);
            }
        }
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** A quarter at once, so that this is rare; the youngest stays, for even the only one can be larger than it all. */
    private void relieve() {
        List<InboundMeter.Waiting> oldestFirst = meters.stream()
                .flatMap(meter -> meter.waiting(this).stream())
                .sorted(Comparator.comparingLong(InboundMeter.Waiting::order))
                .toList();
        for (int i = 0; i < oldestFirst.size() - 1 && used.get() > bytesMax / 4 * 3; i++) {
            oldestFirst.get(i).meter().evict();
        }
    }
}
