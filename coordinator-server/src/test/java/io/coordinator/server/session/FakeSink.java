package io.coordinator.server.session;

import io.coordinator.protocol.ServerFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The transport of a stream whose client takes so many frames, and whose thread does later what it is told to. */
final class FakeSink implements FrameSink<ServerFrame> {
    final List<ServerFrame> sent = new ArrayList<>();
    /** What is to be done in later turns of the thread. */
    final Queue<Runnable> later = new ArrayDeque<>();

    int takenMax = Integer.MAX_VALUE;
    boolean requested;

    @Override
    public Caller caller() {
        return new Caller("", true);
    }

    @Override
    public boolean isReady() {
        return sent.size() < takenMax;
    }

    @Override
    public void send(ServerFrame frame) {
        sent.add(frame);
    }

    @Override
    public void end() {}

    @Override
    public void reset() {}

    @Override
    public void requestFrame() {
        requested = true;
    }

    @Override
    public void later(Runnable work) {
        later.add(work);
    }
}
