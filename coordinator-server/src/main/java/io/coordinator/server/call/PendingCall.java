package io.coordinator.server.call;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.EphemeralCall;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A call from its arrival until it is over: it waits, a worker has it, or nobody wants its outcome any more and it only
 * takes its worker's place. Times are nanoseconds since the exchange began. Used by the exchange's thread only.
 */
final class PendingCall {
    static final Comparator<PendingCall> FIRST_DUE_FIRST =
            Comparator.<PendingCall>comparingLong(call -> call.due).thenComparingLong(call -> call.number);

    /** What one takes besides its arguments, with its places in maps. */
    private static final int OVERHEAD = 512;

    private final CallStream caller;
    private final ProcedureLine line;
    /** Unlike any other's, in the order of arrival. */
    private final long number;

    private final long id;
    private final boolean waitsForWorker;
    private final boolean idempotent;
    private final long deadline;
    private final int cost;
    private ByteString arguments;

    private long workerUntil;
    private boolean accepted;
    private long due;
    private @Nullable WorkerOffer worker;
    private long token;
    private int attempts;
    private boolean givenUp;

    /** @param workerUntil when somebody must serve it */
    PendingCall(
            CallStream caller, ProcedureLine line, long number, EphemeralCall asked, long deadline, long workerUntil) {
        this.caller = caller;
        this.line = line;
        this.number = number;
        this.id = asked.getId();
        this.waitsForWorker = asked.getWaitForWorkerMillis() != 0;
        this.idempotent = asked.getIdempotent();
        this.arguments = asked.getArguments();
        this.cost = cost(asked);
        this.deadline = deadline;
        this.workerUntil = workerUntil;
    }

    /** The heap that a call takes, as estimated. */
    static int cost(EphemeralCall asked) {
        return asked.getArguments().size() + OVERHEAD;
    }

    CallStream caller() {
        return caller;
    }

    ProcedureLine line() {
        return line;
    }

    long number() {
        return number;
    }

    /** Chosen by the caller. */
    long id() {
        return id;
    }

    boolean waitsForWorker() {
        return waitsForWorker;
    }

    boolean isIdempotent() {
        return idempotent;
    }

    ByteString arguments() {
        return arguments;
    }

    long deadline() {
        return deadline;
    }

    int cost() {
        return cost;
    }

    // ---- waiting ----

    /** When somebody must serve it, unless that was so already. */
    long workerUntil() {
        return workerUntil;
    }

    /** Whether somebody has served it since it came: then it waits until its deadline. */
    boolean isAccepted() {
        return accepted;
    }

    void accept() {
        accepted = true;
    }

    // ---- with a worker ----

    @Nullable
    WorkerOffer worker() {
        return worker;
    }

    long token() {
        return token;
    }

    int attempts() {
        return attempts;
    }

    void dispatched(WorkerOffer to, long newToken) {
        worker = to;
        token = newToken;
        attempts++;
    }

    /** @param counts whether that was an attempt */
    void takenBack(boolean counts) {
        worker = null;
        if (!counts) {
            attempts--;
        }
    }

    boolean isGivenUp() {
        return givenUp;
    }

    void giveUp() {
        givenUp = true;
        arguments = ByteString.EMPTY;
    }

    // ---- what is next ----

    /** When to look at it again. */
    long due() {
        return due;
    }

    void due(long newDue) {
        due = newDue;
    }
}
