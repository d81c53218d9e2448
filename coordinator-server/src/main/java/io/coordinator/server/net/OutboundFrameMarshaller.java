package io.coordinator.server.net;

import io.coordinator.protocol.ServerFrame;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.InputStream;

/** Writes frames, but one: with that, gRPC cuts the stream and drops what is not on the wire yet. */
final class OutboundFrameMarshaller implements MethodDescriptor.Marshaller<ServerFrame> {
    /** Told from other frames by identity. */
    static final ServerFrame UNWRITABLE = ServerFrame.newBuilder().build();

    private final MethodDescriptor.Marshaller<ServerFrame> frames =
            ProtoUtils.marshaller(ServerFrame.getDefaultInstance());

    @Override
    @SuppressWarnings("ReferenceEquality")
    public InputStream stream(ServerFrame frame) {
        if (frame == UNWRITABLE) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("the client does not take what it is sent")
                    .asRuntimeException();
        }
        return frames.stream(frame);
    }

    @Override
    public ServerFrame parse(InputStream stream) {
        throw new UnsupportedOperationException("a server sends these frames and receives none");
    }
}
