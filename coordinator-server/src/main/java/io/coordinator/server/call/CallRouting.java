package io.coordinator.server.call;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.EphemeralCall;
import io.coordinator.protocol.EphemeralOutcome;
import io.coordinator.protocol.OutcomeRefused;
import io.coordinator.protocol.ProcedureServed;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.protocol.ServeProcedure;
import io.coordinator.server.side.SideMemory;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who gets which call, and what becomes of it. Calls are given in the order in which they came, each to the worker that
 * has the fewest. One that nobody waits for any more keeps its worker's place until that is done with it, or for
 * {@link #GRACE_NANOS}. Used by the exchange's thread only.
 */
final class CallRouting {
    /** A worker that has not stopped by then hangs, and gets others in its place. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final SideMemory memory;
    private final CallFigures figures;
    private final CallTimes times;
    private final CallOutlets outlets = new CallOutlets();
    private final ServedProcedures procedures;
    private final CallAdmission admission;
    private long lastNumber;
    private long lastToken;
    private int running;
    private int waiting;

    /**
     * Nothing is called yet.
     *
     * @param thread runs something on the exchange's thread, later
     */
    CallRouting(
            CallSettings settings,
            SideMemory memory,
            CallRegistrations registrations,
            LongSupplier nanoTime,
            CallFigures figures,
            Executor thread) {
        this.memory = memory;
        this.figures = figures;
        times = new CallTimes(nanoTime);
        procedures = new ServedProcedures(settings, times, registrations, thread, new ServedProcedures.Unserved() {
            @Override
            public void lookAgain(PendingCall call) {
                times.set(call, Math.min(call.deadline(), times.in(ServedProcedures.LOOK_AGAIN_NANOS)));
            }

            @Override
            public void giveUp(PendingCall call, EphemeralOutcome why) {
                unserved(call, why);
            }
        });
        admission = new CallAdmission(settings, memory);
    }

    /** Sends what was put in line since the last time. */
    void wake() {
        figures.show(running, waiting);
        outlets.wake();
    }

    // ---- workers ----

    /** Takes a worker, or says why not. */
    ProcedureServed serve(CallStream stream, ServeProcedure wanted) {
        ProcedureServed answer = procedures.serve(stream, wanted);
        if (!answer.hasError()) {
            ProcedureLine line = procedures.line(wanted.getNamespace(), wanted.getName());
            line.all().forEach(this::accept);
            give(line);
        }
        return answer;
    }

    private void accept(PendingCall call) {
        call.accept();
        times.set(call, call.deadline());
    }

    /** A worker gets no more. */
    void stopServing(CallStream stream, long id) {
        procedures.stop(stream, id);
    }

    // ---- calls ----

    void call(CallStream caller, EphemeralCall asked) {
        figures.call();
        ProcedureLine line = procedures.line(asked.getNamespace(), asked.getName());
        admission
                .refuse(caller, asked, line)
                .ifPresentOrElse(
                        why -> {
                            figures.refuse();
                            procedures.forgetIfUnused(line);
                            outlets.put(caller, CallStream.refused(asked, why), 0);
                        },
                        () -> take(caller, asked, line));
    }

    private void take(CallStream caller, EphemeralCall asked, ProcedureLine line) {
        long deadline = times.inMillis(CallAdmission.timeoutMillis(asked));
        long wait = asked.getWaitForWorkerMillis();
        long until = wait < 0 ? deadline : Math.min(deadline, times.inMillis(wait));
        PendingCall call = new PendingCall(caller, line, ++lastNumber, asked, deadline, until);
        caller.calls().put(call.id(), call);
        caller.charge(call.cost());
        memory.charge(call.cost());
        enqueue(call);
        if (line.isServed()) {
            accept(call);
            give(line);
        } else {
            times.set(call, until);
            if (wait == 0) {
                procedures.ask(line);
            }
        }
    }

    private void enqueue(PendingCall call) {
        call.line().add(call);
        waiting++;
    }

    private void dequeue(PendingCall call) {
        call.line().remove(call);
        waiting--;
    }

    /** Gives calls from the head for as long as somebody takes them. */
    private void give(ProcedureLine line) {
        PendingCall head = line.first();
        WorkerOffer next = head == null ? null : line.next();
        while (head != null && next != null) {
            dequeue(head);
            dispatch(head, next);
            head = line.first();
            next = head == null ? null : line.next();
        }
        procedures.forgetIfUnused(line);
    }

    private void dispatch(PendingCall call, WorkerOffer worker) {
        call.dispatched(worker, ++lastToken);
        call.line().begin(worker, call.token());
        worker.stream().running().put(call.token(), call);
        running++;
        times.set(call, call.deadline());
        outlets.put(
                worker.stream(),
                CallMessages.dispatch(call, worker, times.millisUntil(call.deadline())),
                call.arguments().size());
    }

    /** Its caller does not want it any more. */
    void cancel(CallStream caller, long id) {
        PendingCall call = caller.calls().get(id);
        if (call != null) {
            leave(call, CallRevoked.Reason.CANCELLED);
        }
    }

    /** Nobody waits for the outcome of a call any more: tells the worker that has it, and waits for that to stop. */
    private void leave(PendingCall call, CallRevoked.Reason reason) {
        told(call);
        WorkerOffer worker = call.worker();
        if (worker == null) {
            dequeue(call);
            times.clear(call);
            procedures.forgetIfUnused(call.line());
        } else {
            call.giveUp();
            times.set(call, times.in(GRACE_NANOS));
            outlets.put(worker.stream(), CallMessages.revoked(call, reason), 0);
        }
    }

    // ---- outcomes ----

    /** Says what became of a call. */
    private void tell(PendingCall call, EphemeralOutcome outcome, int payload) {
        told(call);
        outlets.put(call.caller(), outcome, payload);
    }

    /** It is over for its caller. */
    private void told(PendingCall call) {
        call.caller().calls().remove(call.id(), call);
        call.caller().charge(-call.cost());
        memory.release(call.cost());
    }

    /** Only who has a call completes it. */
    void complete(CallStream stream, CompleteCall outcome) {
        PendingCall call = stream.running().get(outcome.getToken());
        if (call == null) {
            return;
        }
        boolean handedBack = outcome.hasHandedBack() && !call.isGivenUp();
        if (!call.isGivenUp() && !handedBack) {
            switch (outcome.getOutcomeCase()) {
                case RESULT -> returned(call, outcome.getResult());
                case FAILURE ->
                    tell(
                            call,
                            CallAnswers.failed(call, outcome.getFailure()),
                            outcome.getFailure().getSerializedSize());
                case CANCELLED, HANDED_BACK, OUTCOME_NOT_SET -> tell(call, CallAnswers.stopped(call), 0);
            }
        }
        free(call, handedBack, false);
    }

    private void returned(PendingCall call, ByteString result) {
        if (call.caller().hasRoom()) {
            tell(call, CallMessages.returned(call, result), result.size());
        } else {
            tell(call, CallAnswers.noRoom(call), 0);
        }
    }

    /** The outcome of a call cannot be told: both sides hear so. */
    void refuseOutcome(CallStream stream, OutcomeRefused refused) {
        PendingCall call = stream.running().get(refused.getToken());
        if (call == null) {
            return;
        }
        WorkerOffer worker = call.worker();
        if (worker != null) {
            outlets.put(stream, refused.toBuilder().setId(worker.id()).build(), 0);
        }
        if (!call.isGivenUp()) {
            tell(call, CallAnswers.untellable(call, refused.getError()), 0);
        }
        free(call, false, false);
    }

    /** What there is no room for is dropped: the next one says more. */
    void progress(CallStream stream, ReportCallProgress report) {
        PendingCall call = stream.running().get(report.getToken());
        if (call != null && !call.isGivenUp() && call.caller().hasRoom()) {
            outlets.put(
                    call.caller(),
                    CallMessages.progress(call, report.getValue()),
                    report.getValue().size());
        }
    }

    /**
     * The worker has a call no longer, and another one gets its place.
     *
     * @param again whether the call is given to somebody else
     * @param counts whether this was an attempt, if so
     */
    private void free(PendingCall call, boolean again, boolean counts) {
        WorkerOffer worker = call.worker();
        if (worker == null) {
            throw new IllegalStateException("a call that waits has no worker to lose");
        }
        worker.stream().running().remove(call.token());
        running--;
        call.line().end(worker);
        if (again) {
            call.takenBack(counts);
            times.set(call, call.deadline());
            enqueue(call);
        } else {
            times.clear(call);
        }
        give(call.line());
    }

    // ---- ends ----

    /** A client has left: what it called, and what it had to do. */
    void left(CallStream stream) {
        List.copyOf(stream.calls().values()).forEach(call -> leave(call, CallRevoked.Reason.CALLER_GONE));
        List.copyOf(stream.served().keySet()).forEach(id -> procedures.stop(stream, id));
        List.copyOf(stream.running().values()).forEach(this::orphan);
    }

    private void orphan(PendingCall call) {
        boolean again = call.isIdempotent() && !call.isGivenUp();
        if (!again && !call.isGivenUp()) {
            tell(call, CallAnswers.failed(call, CallFailed.Reason.WORKER_GONE), 0);
        }
        free(call, again, true);
    }

    /** Nobody serves it, in time or at all. */
    private void unserved(PendingCall call, EphemeralOutcome why) {
        if (why.hasRefused()) {
            figures.refuse();
        } else {
            figures.timeOut();
        }
        dequeue(call);
        times.clear(call);
        tell(call, why, 0);
    }

    /** Looks at all whose time has come. */
    void expire() {
        for (PendingCall call = times.nextDue(); call != null; call = times.nextDue()) {
            due(call, call.worker());
        }
        procedures.giveAgain(this::give);
        wake();
    }

    private void due(PendingCall call, @Nullable WorkerOffer worker) {
        if (call.isGivenUp()) {
            free(call, false, false);
        } else if (times.isPast(call.deadline())) {
            figures.timeOut();
            outlets.put(call.caller(), CallAnswers.failed(call, CallFailed.Reason.TIMED_OUT), 0);
            leave(call, CallRevoked.Reason.TIMED_OUT);
        } else if (worker == null && !call.isAccepted()) {
            times.set(call, Math.min(call.deadline(), times.in(ServedProcedures.LOOK_AGAIN_NANOS)));
            procedures.ask(call.line());
        } else {
            times.set(call, call.deadline());
        }
    }
}
