package io.coordinator.server.net;

import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Parses and charges the messages of calls that have only one. With garbage, or one of too many parts, the call ends
 * with a refusal, and nobody serves the empty message that comes in its place: gRPC would log an exception with its
 * stack, as often as a client likes.
 */
final class CountedMarshaller<T extends Message> implements MethodDescriptor.Marshaller<T> {
    private final T nothing;
    private final Parser<T> parser;
    private final MessageParts parts;

    @SuppressWarnings("unchecked") // every generated message has a parser of its own type
    CountedMarshaller(T type) {
        this.nothing = type;
        this.parser = (Parser<T>) type.getParserForType();
        this.parts = new MessageParts(type.getDescriptorForType());
    }

    @Override
    public InputStream stream(T message) {
        throw new UnsupportedOperationException("a server receives these messages and sends none");
    }

    @Override
    public T parse(InputStream stream) {
        try {
            byte[] bytes = stream.readAllBytes();
            int count = parts.count(bytes);
            if (count > MessageParts.MAX) {
                return refused(
                        ErrorCode.ETOOLARGE,
                        "a message of more than " + MessageParts.MAX + " parts; ask for less at once");
            }
            InboundMeter.current().ifPresent(meter -> meter.parsed(count));
            return parser.parseFrom(bytes, ExtensionRegistryLite.getEmptyRegistry());
        } catch (InvalidProtocolBufferException e) {
            return refused(ErrorCode.EINVAL, "malformed message: " + e.getMessage());
        } catch (IOException e) {
            return refused(ErrorCode.EINVAL, "malformed message: unreadable: " + e.getMessage());
        }
    }

    private T refused(ErrorCode code, String message) {
        Optional<InboundMeter> meter = InboundMeter.current();
        if (meter.isEmpty()) {
            // Outside of a call nothing keeps what stands in for the message from being served.
            throw Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException();
        }
        meter.get().refuse(Error.newBuilder().setCode(code).setMessage(message).build());
        return nothing;
    }
}
