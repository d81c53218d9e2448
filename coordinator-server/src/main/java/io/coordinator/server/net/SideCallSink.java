package io.coordinator.server.net;

import io.coordinator.server.session.Caller;
import io.coordinator.server.side.SideSink;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gRPC stream beside that of a session. */
final class SideCallSink<A> implements SideSink<A> {
    private static final Logger LOG = LoggerFactory.getLogger(SideCallSink.class);

    private final OutboundCall<A> call;
    private final Caller caller;
    private final Executor loop;

    /**
     * @param unwritable that of the {@link OutboundFrameMarshaller} of the call
     * @param loop the thread that this stream's frames arrive on
     */
    SideCallSink(ServerCallStreamObserver<A> call, A unwritable, Caller caller, Executor loop) {
        this.call = new OutboundCall<>(call, unwritable);
        this.caller = caller;
        this.loop = loop;
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
    public void send(A frame) {
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
    public void run(Runnable work) {
        try {
            loop.execute(() -> call.orCut(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }
}
