package io.coordinator.server.net;

import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gRPC stream as a session sees it. A stream that the client has cut swallows what is sent to it. */
final class StreamSink implements FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSink.class);

    private final ServerCallStreamObserver<ServerFrame> call;
    private final Caller caller;

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
        return !call.isCancelled() && call.isReady();
    }

    @Override
    public void send(ServerFrame frame) {
        if (call.isCancelled()) {
            return;
        }
        try {
            call.onNext(frame);
        } catch (StatusRuntimeException | IllegalStateException e) {
            LOG.debug("the client left while it was being answered", e);
        }
    }

    @Override
    public void end() {
        if (call.isCancelled()) {
            return;
        }
        try {
            call.onCompleted();
        } catch (StatusRuntimeException | IllegalStateException e) {
            LOG.debug("the client left first", e);
        }
    }

    /** gRPC has no call for that, but cuts a stream whose next message cannot be written. */
    @Override
    public void reset() {
        if (!call.isCancelled()) {
            call.onNext(OutboundFrameMarshaller.UNWRITABLE);
        }
    }

    @Override
    public void requestFrame() {
        call.request(1);
    }
}
