package io.coordinator.server.net;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.ClientFrame;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;

/** Parses frames; garbage becomes a value, so that its stream can be ended with a word instead of an exception. */
final class InboundFrameMarshaller implements MethodDescriptor.Marshaller<InboundFrame> {

    @Override
    public InputStream stream(InboundFrame value) {
        throw new UnsupportedOperationException("a server receives these frames and sends none");
    }

    @Override
    public InboundFrame parse(InputStream stream) {
        try {
            CodedInputStream input = CodedInputStream.newInstance(stream.readAllBytes());
            return new InboundFrame(
                    ClientFrame.parser().parseFrom(input, ExtensionRegistryLite.getEmptyRegistry()), null);
        } catch (InvalidProtocolBufferException e) {
            return new InboundFrame(null, e.getMessage());
        } catch (IOException e) {
            return new InboundFrame(null, "unreadable: " + e.getMessage());
        }
    }
}
