package io.coordinator.server.topic;

import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.support.HandNode;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** An exchange whose thread and transports run when the test says so. */
final class TopicStreams implements AutoCloseable {
    static final TopicSettings SETTINGS = new TopicSettings(10_000, 50_000, 1 << 20, 10_000, 20, 10, 1_000, 1 << 20);

    final Leads leads = new Leads();
    final HandNode node = new HandNode(leads);
    final Queue<Runnable> tasks = new ArrayDeque<>();
    final TopicExchange exchange = new TopicExchange(
            "n1",
            SETTINGS,
            new MessageGate(Limits.DEFAULT),
            leads,
            node.gateway().sideDoor(),
            node.gateway().proofs(),
            this::later);

    TopicStreams() {
        node.gateway().follow(exchange);
    }

    /** Other threads of the node, too, tell of proofs. */
    private void later(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
    }

    /** Runs all that waits, and what that brings about. */
    void run() {
        Runnable next = poll();
        while (next != null) {
            next.run();
            next = poll();
        }
    }

    private Runnable poll() {
        synchronized (tasks) {
            return tasks.poll();
        }
    }

    TopicStream next() {
        return exchange.connect(new Sink());
    }

    @Override
    public void close() {
        node.close();
    }

    /** A leader, until the test deposes it. */
    static final class Leads implements LeaderView {
        volatile State state = State.SERVING;

        @Override
        public State state() {
            return state;
        }

        @Override
        public long term() {
            return 7;
        }

        @Override
        public long leaderSilenceNanos() {
            return 0;
        }

        @Override
        public long heartbeatNanos() {
            return 1;
        }

        @Override
        public String leaderAddress() {
            return "other:1";
        }
    }

    /** A transport that takes so many frames. */
    final class Sink implements FrameSink<TopicServerFrame> {
        final List<TopicServerFrame> sent = new ArrayList<>();
        int takenMax = Integer.MAX_VALUE;
        int requested;
        boolean ended;
        boolean reset;

        @Override
        public Caller caller() {
            return new Caller("", true);
        }

        @Override
        public boolean isReady() {
            return sent.size() < takenMax;
        }

        @Override
        public void send(TopicServerFrame frame) {
            sent.add(frame);
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void reset() {
            reset = true;
        }

        @Override
        public void requestFrame() {
            requested++;
        }

        @Override
        public void later(Runnable work) {
            TopicStreams.this.later(work);
        }
    }
}
