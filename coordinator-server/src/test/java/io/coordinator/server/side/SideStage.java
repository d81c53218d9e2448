package io.coordinator.server.side;

import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.support.HandNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A node with streams beside those of sessions, whose thread and transports run when the test says so. */
public final class SideStage implements AutoCloseable {
    private final Leads leads = new Leads();
    private final HandNode node = new HandNode(leads);
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    public Leads leads() {
        return leads;
    }

    public HandNode node() {
        return node;
    }

    /** Other threads of the node, too, tell of proofs. */
    public void later(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
    }

    /** Runs all that waits, and what that brings about. */
    public void run() {
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

    @Override
    public void close() {
        node.close();
    }

    /** A leader, until the test deposes it. */
    public static final class Leads implements LeaderView {
        public volatile State state = State.SERVING;

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
    public final class Sink<A> implements FrameSink<A> {
        public final List<A> sent = new ArrayList<>();
        public int takenMax = Integer.MAX_VALUE;
        public int requested;
        public boolean ended;
        public boolean reset;

        @Override
        public Caller caller() {
            return new Caller("", true);
        }

        @Override
        public boolean isReady() {
            return sent.size() < takenMax;
        }

        @Override
        public void send(A frame) {
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
            SideStage.this.later(work);
        }
    }
}
