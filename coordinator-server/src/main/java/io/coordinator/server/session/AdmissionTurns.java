package io.coordinator.server.session;

import io.coordinator.protocol.ServerFrame;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long a stream may keep the thread of its transport with the admission of what it sent: a few milliseconds, and
 * then to the end of one command. The rest is done in later turns of that thread, between which it hears other clients;
 * the stream's next frame is not read before. What waits for its turn counts in {@link Unanswered}.
 *
 * <p>One command is not divided. The slowest found is a transaction of three values of 1 MiB, {@code [0,0,…]} or arrays
 * in each other: about 8 ms a MiB, 23 ms in all. As many small values as a command may have, 100,000, take 15 ms; they
 * are bounded for that, since to begin one takes longer than to read it. Measured with JDK 17 on a core of an AMD EPYC.
 */
final class AdmissionTurns {
    static final long TURN_NANOS = 5_000_000;

    private final FrameSink<ServerFrame> sink;
    private final StreamAccount account;
    private final LongSupplier nanoTime;
    private volatile boolean busy;

    AdmissionTurns(FrameSink<ServerFrame> sink, StreamAccount account, LongSupplier nanoTime) {
        this.sink = sink;
        this.account = account;
        this.nanoTime = nanoTime;
    }

    /** What a stream does with its frame. */
    interface Serving {
        /** Called before each turn: whether the stream still wants it. */
        boolean goesOn();

        /** All have been looked at; on the thread of the transport, perhaps within {@link AdmissionTurns#begin}. */
        void examined();
    }

    /** Whether a frame is being looked at. */
    boolean isBusy() {
        return busy;
    }

    /** Has the commands of a frame looked at; not while another is. On the thread of the transport. */
    void begin(Examination frame, Serving serving) {
        if (frame.goOn(turn())) {
            serving.examined();
            return;
        }
        long kept = frame.partBytes()
                + frame.commands().stream().mapToLong(Unanswered::bytesOf).sum();
        busy = true;
        account.keep(kept);
        sink.later(() -> goOn(frame, serving, kept));
    }

    private void goOn(Examination frame, Serving serving, long kept) {
        boolean wanted = serving.goesOn();
        if (wanted && !frame.goOn(turn())) {
            sink.later(() -> goOn(frame, serving, kept));
            return;
        }
        busy = false;
        account.keep(-kept);
        if (wanted) {
            serving.examined();
        }
    }

    private BooleanSupplier turn() {
        long begun = nanoTime.getAsLong();
        return () -> nanoTime.getAsLong() - begun >= TURN_NANOS;
    }
}
