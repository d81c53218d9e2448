package io.coordinator.server.topic;

import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.side.SideStage;
import io.coordinator.server.support.HandNode;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;

/** An exchange whose thread and transports run when the test says so. */
final class TopicStreams implements AutoCloseable {
    static final TopicSettings SETTINGS = new TopicSettings(10_000, 50_000, 1 << 20, 10_000, 20, 10, 1_000, 1 << 20);

    final SideStage stage = new SideStage();
    final SideStage.Leads leads = stage.leads();
    final HandNode node = stage.node();
    final TopicExchange exchange = new TopicExchange(
            "n1",
            SETTINGS,
            new MessageGate(Limits.DEFAULT),
            leads,
            node.gateway().sideDoor(),
            node.gateway().proofs(),
            stage::later);

    TopicStreams() {
        node.gateway().follow(exchange.follower());
    }

    /** Runs all that waits, and what that brings about. */
    void run() {
        stage.run();
    }

    SideStage.Sink<TopicServerFrame> sink() {
        return stage.new Sink<>();
    }

    @Override
    public void close() {
        stage.close();
    }
}
