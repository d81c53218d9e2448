package io.coordinator.server.net;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.server.session.ClientStream;
import io.coordinator.state.MessageGate;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.Optional;

/** Carries frames from gRPC to a session's stream. */
final class StreamReceiver implements StreamObserver<InboundFrame<ClientFrame>> {
    private final ClientStream stream;
    private final MessageGate gate;

    StreamReceiver(ClientStream stream, MessageGate gate) {
        this.stream = stream;
        this.gate = gate;
    }

    @Override
    public void onNext(InboundFrame<ClientFrame> inbound) {
        ClientFrame frame = inbound.frame();
        if (frame == null) {
            stream.refused(Objects.requireNonNull(inbound.refusal()));
            return;
        }
        Optional<Error> refusal = gate.refuse(frame);
        if (refusal.isPresent()) {
            stream.refused(refusal.get());
        } else {
            stream.received(frame, (long) inbound.parts() * InboundMeter.PART_BYTES);
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
