package io.coordinator.server.support;

import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The transport of a client that takes everything. */
public final class SentFrames implements FrameSink<ServerFrame> {
    private final List<ServerFrame> frames = new CopyOnWriteArrayList<>();
    private volatile Consumer<ServerFrame> reaction = frame -> {};

    /** What the client was sent, in order. */
    public List<ServerFrame> all() {
        return frames;
    }

    /** What the client does as soon as it has a frame, on the thread that sends it. */
    public void react(Consumer<ServerFrame> to) {
        reaction = to;
    }

    @Override
    public Caller caller() {
        return new Caller("10.0.0.1", true);
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void send(ServerFrame frame) {
        frames.add(frame);
        reaction.accept(frame);
    }

    @Override
    public void end() {}

    @Override
    public void reset() {}

    @Override
    public void requestFrame() {}

    @Override
    public void later(Runnable work) {
        work.run();
    }
}
