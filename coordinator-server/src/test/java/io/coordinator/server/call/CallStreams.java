package io.coordinator.server.call;

import io.coordinator.protocol.CallServerFrame;
import io.coordinator.server.side.SideStage;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import java.util.ArrayList;
import java.util.List;

/** An exchange of calls whose thread, transports, clock and registrations are the test's. */
final class CallStreams implements AutoCloseable {
    static final CallSettings SETTINGS = new CallSettings(20_000, 100_000, 50, 30_000, 5, 100, 20, 10_000);

    final SideStage stage = new SideStage();
    /** Whoever has asked for registrations and was not told. */
    final List<CallRegistrations.Asker> askers = new ArrayList<>();

    long nanos = Long.MAX_VALUE - 1_000; // A clock that has come around.
    final CallExchange exchange = new CallExchange(
            "n1",
            SETTINGS,
            new MessageGate(Limits.DEFAULT),
            stage.leads(),
            stage.node().gateway().sideDoor(),
            (namespace, name, asker) -> askers.add(asker),
            () -> nanos,
            stage::later);

    CallStreams() {
        stage.node().gateway().follow(exchange.follower());
    }

    void run() {
        stage.run();
    }

    /** So much time passes, and what is due by then happens. */
    void pass(long millis) {
        nanos += millis * 1_000_000;
        exchange.sweep(System.nanoTime());
        run();
    }

    /** Tells all who have asked for registrations. */
    void registered(int workers) {
        List<CallRegistrations.Asker> asked = List.copyOf(askers);
        askers.clear();
        asked.forEach(asker -> asker.found(workers));
        run();
    }

    SideStage.Sink<CallServerFrame> sink() {
        return stage.new Sink<>();
    }

    @Override
    public void close() {
        stage.close();
    }
}
