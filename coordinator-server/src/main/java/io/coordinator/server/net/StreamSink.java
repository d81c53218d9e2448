package io.coordinator.server.net;

import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gRPC stream as a session sees it. A stream that the client has cut swallows what is sent to it, and so does one for
 * which there was no memory: whoever writes may be the applying thread, which must not end with one client's stream.
 */
final class StreamSink implements FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSink.class);

    private final ServerCallStreamObserver<ServerFrame> call;
    private final Caller caller;
    private volatile boolean broken;

    StreamSink(ServerCallStreamObserver<ServerFrame> call, Caller caller) {
        this.call = call;
        this.caller = caller;
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
}
