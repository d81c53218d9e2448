package io.coordinator.server.call;

import java.util.Comparator;

/** One procedure that one stream's client serves. Used by the exchange's thread only. */
final class WorkerOffer {
    /** Who has the fewest calls comes first; among equals, whose last one is longest ago. */
    static final Comparator<WorkerOffer> LEAST_BUSY_FIRST = Comparator.<WorkerOffer>comparingInt(offer -> offer.running)
            .thenComparingLong(offer -> offer.lastDispatch)
            .thenComparingLong(offer -> offer.number);

    private final CallStream stream;
    private final long id;
    private final ProcedureLine line;
    private final int concurrency;
    /** Unlike any other's; later ones have higher ones. */
    private final long number;

    private int running;
    private long lastDispatch;
    private boolean open = true;

    WorkerOffer(CallStream stream, long id, ProcedureLine line, int concurrency, long number) {
        this.stream = stream;
        this.id = id;
        this.line = line;
        this.concurrency = concurrency;
        this.number = number;
    }

    CallStream stream() {
        return stream;
    }

    /** Chosen by the client. */
    long id() {
        return id;
    }

    ProcedureLine line() {
        return line;
    }

    /** Whether it takes another call. */
    boolean isFree() {
        return open && running < concurrency;
    }

    /** It takes no more calls; those that it has go on. */
    void close() {
        open = false;
    }

    // The place in an order changes with these.

    void begin(long dispatch) {
        running++;
        lastDispatch = dispatch;
    }

    void end() {
        running--;
    }
}
