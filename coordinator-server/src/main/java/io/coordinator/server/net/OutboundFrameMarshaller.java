package io.coordinator.server.net;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.InputStream;

/** Writes frames, but one: with that, gRPC cuts the stream and drops what is not on the wire yet. */
final class OutboundFrameMarshaller<F extends Message> implements MethodDescriptor.Marshaller<F> {
    private final F unwritable;
    private final MethodDescriptor.Marshaller<F> frames;

    /** @param unwritable a frame that nobody sends, told from others by identity */
    OutboundFrameMarshaller(F unwritable) {
        this.unwritable = unwritable;
        this.frames = ProtoUtils.marshaller(unwritable);
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public InputStream stream(F frame) {
        if (frame == unwritable) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("the client does not take what it is sent")
                    .asRuntimeException();
        }
        return frames.stream(frame);
    }

    @Override
    public F parse(InputStream stream) {
        throw new UnsupportedOperationException("a server sends these frames and receives none");
    }
}
