package io.coordinator.server.net;

import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gRPC stream, of a session or beside it. Whoever writes may be the applying thread, which must not end with it.
 */
final class StreamSink<F> implements FrameSink<F> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSink.class);

    private final OutboundCall<F> call;
    private final Caller caller;
    private final Executor turns;

    /**
     * @param unwritable that of the {@link OutboundFrameMarshaller} of the call
     * @param turns of the thread that this stream's frames arrive on
     */
    StreamSink(ServerCallStreamObserver<F> call, F unwritable, Caller caller, Executor turns) {
        this.call = new OutboundCall<>(call, unwritable);
        this.caller = caller;
        this.turns = turns;
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
    public void send(F frame) {
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
            turns.execute(() -> call.orCut(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }
}
