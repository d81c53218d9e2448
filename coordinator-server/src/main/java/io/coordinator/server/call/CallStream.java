package io.coordinator.server.call;

import io.coordinator.protocol.CallClientFrame;
import io.coordinator.protocol.CallServerFrame;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.EphemeralCall;
import io.coordinator.protocol.EphemeralOutcome;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.OutcomeRefused;
import io.coordinator.protocol.ProcedureServed;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.protocol.ServeProcedure;
import io.coordinator.protocol.TopicHello;
import io.coordinator.protocol.TopicWelcome;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.side.SideStream;
import io.coordinator.server.side.SideStreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's end of the stream over which one client calls and serves. */
public final class CallStream extends SideStream<CallClientFrame, CallServerFrame> {
    private final CallExchange exchange;
    private final CallLine line;
    // Of the exchange's thread.
    private final Map<Long, PendingCall> calls = new HashMap<>(0);
    private final Map<Long, WorkerOffer> served = new HashMap<>(0);
    private final Map<Long, PendingCall> running = new HashMap<>(0);
    private long callBytes;

    CallStream(CallExchange exchange, SideStreams streams, FrameSink<CallServerFrame> sink, CallLine line) {
        super(streams, sink);
        this.exchange = exchange;
        this.line = line;
    }

    // ---- on the transport's thread ----

    @Override
    protected Optional<TopicHello> hello(CallClientFrame frame) {
        return frame.hasHello() ? Optional.of(frame.getHello()) : Optional.empty();
    }

    /** What is bad of itself is refused alone; the rest of its frame is served. */
    @Override
    protected void serve(CallClientFrame frame) {
        Optional<Error> bad = exchange.gate().refuse(frame);
        if (bad.isPresent()) {
            goodbye(bad.get());
            return;
        }
        List<EphemeralCall> good = new ArrayList<>(frame.getCallsCount());
        for (EphemeralCall call : frame.getCallsList()) {
            exchange.gate()
                    .refuse(call)
                    .ifPresentOrElse(
                            error -> {
                                exchange.countRefused();
                                answer(refused(call, error));
                            },
                            () -> good.add(call));
        }
        List<ServeProcedure> serve = new ArrayList<>(frame.getServeCount());
        for (ServeProcedure wanted : frame.getServeList()) {
            exchange.gate()
                    .refuse(wanted)
                    .ifPresentOrElse(error -> answer(refused(wanted, error)), () -> serve.add(wanted));
        }
        List<CompleteCall> outcomes = new ArrayList<>(frame.getOutcomesCount());
        List<OutcomeRefused> untellable = new ArrayList<>(0);
        for (CompleteCall outcome : frame.getOutcomesList()) {
            exchange.gate()
                    .refuse(outcome)
                    .ifPresentOrElse(
                            error -> untellable.add(OutcomeRefused.newBuilder()
                                    .setToken(outcome.getToken())
                                    .setError(error)
                                    .build()),
                            () -> outcomes.add(outcome));
        }
        List<ReportCallProgress> progress = frame.getProgressList().stream()
                .filter(report -> exchange.gate().refuse(report).isEmpty())
                .toList();
        exchange.serve(
                this,
                new CallExchange.Wishes(
                        outcomes,
                        untellable,
                        progress,
                        frame.getStopServingList(),
                        serve,
                        good,
                        frame.getCancelList()));
    }

    static EphemeralOutcome refused(EphemeralCall call, Error why) {
        return EphemeralOutcome.newBuilder().setId(call.getId()).setRefused(why).build();
    }

    static ProcedureServed refused(ServeProcedure wanted, Error why) {
        return ProcedureServed.newBuilder().setId(wanted.getId()).setError(why).build();
    }

    @Override
    protected @Nullable CallServerFrame nextFrame() {
        CallServerFrame.Builder frame = CallServerFrame.newBuilder();
        boolean answers = takeAnswers(next -> add(frame, next));
        return line.fill(frame) || answers ? frame.build() : null;
    }

    private static void add(CallServerFrame.Builder frame, Object answer) {
        if (answer instanceof EphemeralOutcome outcome) {
            frame.addOutcomes(outcome);
        } else if (answer instanceof ProcedureServed served) {
            frame.addServed(served);
        } else if (answer instanceof TopicWelcome welcome) {
            frame.setWelcome(welcome);
        }
    }

    @Override
    protected CallServerFrame goodbyeFrame(Error why) {
        return CallServerFrame.newBuilder().setGoodbye(why).build();
    }

    @Override
    protected void written() {
        line.written();
    }

    @Override
    protected boolean hasRoom() {
        return line.hasRoom();
    }

    @Override
    protected void clear() {
        line.clear();
    }

    // ---- on the exchange's thread ----

    @Override
    protected void left() {
        exchange.left(this);
    }

    /** Puts something in line; false if the stream has ended. */
    boolean put(Object message, int payload) {
        if (hasEnded()) {
            return false;
        }
        line.put(message, payload);
        return true;
    }

    /** Calls of this client that are not over for it, by its ids. */
    Map<Long, PendingCall> calls() {
        return calls;
    }

    /** The heap that they take. */
    long callBytes() {
        return callBytes;
    }

    void charge(long bytes) {
        callBytes += bytes;
    }

    /** What this client serves, by its ids. */
    Map<Long, WorkerOffer> served() {
        return served;
    }

    /** Calls that this client has, by their tokens. */
    Map<Long, PendingCall> running() {
        return running;
    }
}
