package io.coordinator.server.net;

import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gRPC stream as a session sees it. A stream that the client has cut swallows what is sent to it, and so does one
 * for which there was no memory: whoever writes may be the applying thread, which must not end with one client's
 * stream.
 */
final class StreamSink implements FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSink.class);

    private final ServerCallStreamObserver<ServerFrame> call;
    private final Caller caller;
    private final Executor laterTurns;
    private volatile boolean broken;

    /** @param laterTurns of the thread that this stream's frames arrive on */
    StreamSink(ServerCallStreamObserver<ServerFrame> call, Caller caller, Executor laterTurns) {
        this.call = call;
        this.caller = caller;
        this.laterTurns = laterTurns;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public boolean isReady() {
        return isOpen() && call.isReady();
    }

    private boolean isOpen() {
        return !broken && !call.isCancelled();
    }

    @Override
    public void send(ServerFrame frame) {
        tell(() -> call.onNext(frame));
    }

    @Override
    public void end() {
        tell(call::onCompleted);
    }

    /** gRPC has no call for that, but cuts a stream whose next message cannot be written. */
    @Override
    public void reset() {
        if (isOpen()) {
            cut();
        }
    }

    /** What gRPC does for what fails at once. */
    private void orCut(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | VirtualMachineError e) {
            LOG.warn("a frame of a client could not be dealt with; its stream is cut, its session goes on", e);
            broken = true;
            cut();
        }
    }

    private void tell(Runnable word) {
        if (!isOpen()) {
            return;
        }
        try {
            word.run();
        } catch (StatusRuntimeException | IllegalStateException e) {
            LOG.debug("the client left while it was being answered", e);
        } catch (OutOfMemoryError e) {
            // The transport's memory is bounded apart from the heap, and is asked for by whoever writes.
            LOG.warn("no memory for a frame to a client; its stream is cut, its session goes on", e);
            broken = true;
            cut();
        }
    }

    private void cut() {
        try {
            call.onNext(OutboundFrameMarshaller.UNWRITABLE);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.debug("the stream has ended already", e);
        }
    }

    @Override
    public void requestFrame() {
        call.request(1);
    }

    @Override
    public void later(Runnable work) {
        try {
            laterTurns.execute(() -> orCut(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }
}
