package io.coordinator.server.call;

import io.coordinator.protocol.CallServerFrame;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.EphemeralCall;
import io.coordinator.protocol.OutcomeRefused;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.protocol.ServeProcedure;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.session.SessionFollower;
import io.coordinator.server.session.SideDoor;
import io.coordinator.server.side.SideMemory;
import io.coordinator.server.side.SideStreams;
import io.coordinator.state.MessageGate;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Ephemeral calls on the leader: from one stream to another and back, nothing of them in the log. One thread
 * decides who gets which; it only puts them in line, and each transport's own thread writes them.
 */
public final class CallExchange {
    private final CallSettings settings;
    private final MessageGate gate;
    private final SideStreams streams;
    private final SideMemory memory;
    private final CallFigures figures = new CallFigures();
    /** Of the thread. */
    private final CallRouting routing;

    /**
     * Serves nobody yet.
     *
     * @param gate the rules of what clients send
     * @param nanoTime monotonic
     * @param thread runs one task at a time, in order, and none in place
     */
    public CallExchange(
            String node,
            CallSettings settings,
            MessageGate gate,
            LeaderView leadership,
            SideDoor door,
            CallRegistrations registrations,
            LongSupplier nanoTime,
            Executor thread) {
        this.settings = settings;
        this.gate = gate;
        this.memory = new SideMemory(settings.memoryBytes());
        this.streams = new SideStreams(kind(settings), node, leadership, door, thread);
        this.routing = new CallRouting(settings, memory, registrations, nanoTime, figures, this::runAndWake);
    }

    private void runAndWake(Runnable task) {
        streams.run(() -> {
            task.run();
            routing.wake();
        });
    }

    private static SideStreams.Kind kind(CallSettings settings) {
        return new SideStreams.Kind(
                "call stream",
                "its calls, whose outcomes are lost; its session goes on, open another call stream",
                settings.streamsMax(),
                settings.slowConsumerMillis());
    }

    /** A client has opened a call stream; on its transport's thread. */
    public CallStream connect(FrameSink<CallServerFrame> sink) {
        CallStream stream = new CallStream(this, streams, sink, new CallLine(settings.lineBytes(), memory));
        streams.connect(stream);
        return stream;
    }

    /** Ends what has taken too long: calls, and streams whose clients say or take nothing; from time to time. */
    public void sweep(long nowNanos) {
        streams.sweep(nowNanos);
        streams.run(routing::expire);
    }

    /** What it has to hear of sessions. */
    public SessionFollower follower() {
        return streams;
    }

    // ---- figures ----

    /** Call streams open. */
    public int openStreams() {
        return streams.open();
    }

    /** Calls that came. */
    public long calls() {
        return figures.calls();
    }

    /** Calls that workers have. */
    public int inFlight() {
        return figures.inFlight();
    }

    /** Calls that wait for a worker. */
    public int waiting() {
        return figures.waiting();
    }

    /** Calls that were refused: not run. */
    public long refused() {
        return figures.refused();
    }

    /** Calls whose time passed, or that nobody served in time. */
    public long timedOut() {
        return figures.timedOut();
    }

    /** The heap that calls take, and what waits for clients. */
    public long bytes() {
        return memory.used();
    }

    // ---- for streams ----

    MessageGate gate() {
        return gate;
    }

    void countRefused() {
        figures.refuse();
    }

    /** What a frame asks for, in this order, as far as it is well formed. */
    record Wishes(
            List<CompleteCall> outcomes,
            List<OutcomeRefused> untellable,
            List<ReportCallProgress> progress,
            List<Long> stopServing,
            List<ServeProcedure> serve,
            List<EphemeralCall> calls,
            List<Long> cancel) {}

    void serve(CallStream stream, Wishes wishes) {
        streams.run(() -> serveNow(stream, wishes));
    }

    private void serveNow(CallStream stream, Wishes wishes) {
        if (stream.hasEnded() || !streams.leads(stream)) {
            return;
        }
        wishes.stopServing().forEach(id -> routing.stopServing(stream, id));
        wishes.progress().forEach(report -> routing.progress(stream, report));
        wishes.outcomes().forEach(outcome -> routing.complete(stream, outcome));
        wishes.untellable().forEach(outcome -> routing.refuseOutcome(stream, outcome));
        wishes.serve().forEach(wanted -> stream.answer(routing.serve(stream, wanted)));
        wishes.calls().forEach(call -> routing.call(stream, call));
        wishes.cancel().forEach(id -> routing.cancel(stream, id));
        stream.wantFrame();
        stream.wake();
        routing.wake();
    }

    /** On the thread. */
    void left(CallStream stream) {
        routing.left(stream);
        routing.wake();
    }
}
