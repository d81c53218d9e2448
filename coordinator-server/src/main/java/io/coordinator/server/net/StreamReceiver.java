package io.coordinator.server.net;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.server.session.ClientStream;
import io.grpc.stub.StreamObserver;

/** Carries frames from gRPC to a session's stream. */
final class StreamReceiver implements StreamObserver<InboundFrame> {
    private final ClientStream stream;

    StreamReceiver(ClientStream stream) {
        this.stream = stream;
    }

    @Override
    public void onNext(InboundFrame inbound) {
        ClientFrame frame = inbound.frame();
        if (frame != null) {
            stream.received(frame);
        } else {
            stream.receivedGarbage(String.valueOf(inbound.problem()));
        }
    }

    @Override
    public void onError(Throwable failure) {
        stream.closed();
    }

    @Override
    public void onCompleted() {
        stream.closed();
    }
}
