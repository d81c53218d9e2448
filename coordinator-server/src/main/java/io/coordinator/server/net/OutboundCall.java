package io.coordinator.server.net;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node writes on one gRPC stream. A stream that the client has cut swallows what is sent to it, and so does one
 * for which there was no memory: whoever writes must not end with one client's stream.
 */
final class OutboundCall<F> {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundCall.class);

    private final ServerCallStreamObserver<F> call;
    private final F unwritable;
    private volatile boolean broken;

    /** @param unwritable that of the {@link OutboundFrameMarshaller} of the call */
    OutboundCall(ServerCallStreamObserver<F> call, F unwritable) {
        this.call = call;
        this.unwritable = unwritable;
    }

    /** Would another frame be taken without piling up in memory? */
    boolean isReady() {
        return isOpen() && call.isReady();
    }

    private boolean isOpen() {
        return !broken && !call.isCancelled();
    }

    void send(F frame) {
        tell(() -> call.onNext(frame));
    }

    /** Ends the stream after what was sent. */
    void end() {
        tell(call::onCompleted);
    }

    /** gRPC has no call for that, but cuts a stream whose next message cannot be written. */
    void reset() {
        if (isOpen()) {
            cut();
        }
    }

    void requestFrame() {
        call.request(1);
    }

    /** What gRPC does for what fails at once. */
    void orCut(Runnable work) {
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
            call.onNext(unwritable);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.debug("the stream has ended already", e);
        }
    }
}
