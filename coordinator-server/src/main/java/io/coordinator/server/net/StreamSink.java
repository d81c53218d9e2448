package io.coordinator.server.net;

import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gRPC stream as a session sees it. Whoever writes may be the applying thread, which must not end with it. */
final class StreamSink implements FrameSink {
    /** Told from other frames by identity. */
    static final ServerFrame UNWRITABLE = ServerFrame.newBuilder().build();

    private static final Logger LOG = LoggerFactory.getLogger(StreamSink.class);

    private final OutboundCall<ServerFrame> call;
    private final Caller caller;
    private final Executor laterTurns;

    /** @param laterTurns of the thread that this stream's frames arrive on */
    StreamSink(ServerCallStreamObserver<ServerFrame> call, Caller caller, Executor laterTurns) {
        this.call = new OutboundCall<>(call, UNWRITABLE);
        this.caller = caller;
        this.laterTurns = laterTurns;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void send(ServerFrame frame) {
        call.send(frame);
    }

    @Override
    public void end() {
        call.end();
    }

    @Override
    public void reset() {
        call.reset();
    }

    @Override
    public void requestFrame() {
        call.requestFrame();
    }

    @Override
    public void later(Runnable work) {
        try {
            laterTurns.execute(() -> call.orCut(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }
}
