package io.coordinator.server.net;

import com.google.protobuf.Message;
import io.coordinator.server.side.SideStream;
import io.grpc.stub.StreamObserver;
import java.util.Objects;

/** Carries frames from gRPC to a stream beside that of a session. */
final class SideReceiver<Q extends Message> implements StreamObserver<InboundFrame<Q>> {
    private final SideStream<Q, ?> stream;

    SideReceiver(SideStream<Q, ?> stream) {
        this.stream = stream;
    }

    @Override
    public void onNext(InboundFrame<Q> inbound) {
        Q frame = inbound.frame();
        if (frame == null) {
            stream.refused(Objects.requireNonNull(inbound.refusal()));
            return;
        }
        stream.received(frame);
    }

    @Override
    public void onError(Throwable failure) {
        stream.gone();
    }

    @Override
    public void onCompleted() {
        stream.closed();
    }
}
