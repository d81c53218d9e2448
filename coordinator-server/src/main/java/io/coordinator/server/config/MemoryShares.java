package io.coordinator.server.config;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.coordinator.state.DataKinds;
import java.lang.management.ManagementFactory;

/** What part of this process's memory queues may take, where the configuration does not say. */
final class MemoryShares {
    private static final int SHARE = 8;
    private static final int WATCHES_SHARE = 16;
    private static final int TOPICS_SHARE = 16;
    private static final int CALLS_SHARE = 16;
    private static final int RINGS_SHARE = 8;
    private static final int LOG_CACHE_SHARE = 16;
    private static final int LOG_SEGMENT_SHARE = 32;
    private static final int QUEUE_BYTES_MAX = 128 << 20;
    private static final int RING_BYTES_MAX = 64 << 20;
    private static final int LOG_CACHE_BYTES_MAX = 64 << 20;
    private static final int LOG_SEGMENT_BYTES_MAX = 16 << 20;
    private static final int OUTGOING_BYTES_MAX = 1 << 30;

    private MemoryShares() {}

    /** For commands that wait to be proposed. */
    static int queue() {
        return share(heap() / SHARE, QUEUE_BYTES_MAX);
    }

    /** For what waits to be sent: the transport keeps that in direct memory. */
    static int outgoing() {
        return share(Math.min(heap(), direct()) / SHARE, OUTGOING_BYTES_MAX);
    }

    /** For watches, which keep their names for as long as they are there. */
    static int watches() {
        return share(heap() / WATCHES_SHARE, Integer.MAX_VALUE);
    }

    /** For messages of ephemeral topics that wait for slow clients. */
    static int topics() {
        return share(heap() / TOPICS_SHARE, Integer.MAX_VALUE);
    }

    /** For ephemeral calls, and results that wait for their callers. */
    static int calls() {
        return share(heap() / CALLS_SHARE, Integer.MAX_VALUE);
    }

    /** For recent changes of one kind of data: all kinds together have one share, however many there will be. */
    static int ring() {
        return share(heap() / RINGS_SHARE / DataKinds.all().size(), RING_BYTES_MAX);
    }

    /** For entries of finished files of the log. */
    static int logCache() {
        return share(heap() / LOG_CACHE_SHARE, LOG_CACHE_BYTES_MAX);
    }

    /** For a file of the log, which is in memory for as long as it is being written. */
    static int logSegment() {
        return share(heap() / LOG_SEGMENT_SHARE, LOG_SEGMENT_BYTES_MAX);
    }

    private static int share(long bytes, int max) {
        return (int) Math.max(1 << 20, Math.min(max, bytes));
    }

    private static long heap() {
        return Runtime.getRuntime().maxMemory();
    }

    /** As much as the heap, unless the JVM was told otherwise. */
    private static long direct() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long told = Long.parseLong(jvm.getVMOption("MaxDirectMemorySize").getValue());
        return told == 0 ? heap() : told;
    }
}
