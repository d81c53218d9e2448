package io.coordinator.server.net;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.coordinator.protocol.ErrorCode;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;

/**
 * Parses frames; garbage becomes a value, so that its stream can be ended with a word instead of an exception. A frame
 * of too many parts is not parsed.
 */
final class InboundFrameMarshaller<F extends Message> implements MethodDescriptor.Marshaller<InboundFrame<F>> {
    private final Parser<? extends F> parser;
    private final MessageParts parts;

    /** @param any frame of the kind that arrives */
    @SuppressWarnings("unchecked") // a message's parser makes messages of its own type
    InboundFrameMarshaller(F any) {
        this.parser = (Parser<? extends F>) any.getParserForType();
        this.parts = new MessageParts(any.getDescriptorForType());
    }

    @Override
    public InputStream stream(InboundFrame<F> value) {
        throw new UnsupportedOperationException("a server receives these frames and sends none");
    }

    @Override
    public InboundFrame<F> parse(InputStream stream) {
        try {
            byte[] bytes = bytesOf(stream);
            int count = parts.count(bytes);
            if (count > MessageParts.MAX) {
                return InboundFrame.refused(ErrorCode.ETOOLARGE, tooMany(bytes.length));
            }
            CodedInputStream input = CodedInputStream.newInstance(bytes);
            return InboundFrame.of(parser.parseFrom(input, ExtensionRegistryLite.getEmptyRegistry()), count);
        } catch (InvalidProtocolBufferException e) {
            return InboundFrame.refused(ErrorCode.EINVAL, "malformed frame: " + e.getMessage());
        } catch (IOException e) {
            return InboundFrame.refused(ErrorCode.EINVAL, "malformed frame: unreadable: " + e.getMessage());
        }
    }

    /** In one array of the right size if that is known, as it is of a frame that is not compressed. */
    private static byte[] bytesOf(InputStream stream) throws IOException {
        return stream instanceof KnownLength ? stream.readNBytes(stream.available()) : stream.readAllBytes();
    }

    private static String tooMany(int bytes) {
        return "a frame of " + bytes + " bytes has more than " + MessageParts.MAX
                + " parts, counting those of its commands" + " and queries; send them in several frames";
    }
}
