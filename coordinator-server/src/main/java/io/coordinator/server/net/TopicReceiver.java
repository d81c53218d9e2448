package io.coordinator.server.net;

import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.server.topic.TopicStream;
import io.grpc.stub.StreamObserver;
import java.util.Objects;

/** Carries frames from gRPC to a topic stream. */
final class TopicReceiver implements StreamObserver<InboundFrame<TopicClientFrame>> {
    private final TopicStream stream;

    TopicReceiver(TopicStream stream) {
        this.stream = stream;
    }

    @Override
    public void onNext(InboundFrame<TopicClientFrame> inbound) {
        TopicClientFrame frame = inbound.frame();
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
