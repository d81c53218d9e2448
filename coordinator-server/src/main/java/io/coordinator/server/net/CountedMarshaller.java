package io.coordinator.server.net;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Parses and charges the messages of calls that have only one; with one of too many parts, the call ends. */
final class CountedMarshaller<T extends Message> implements MethodDescriptor.Marshaller<T> {
    private final MethodDescriptor.Marshaller<T> messages;
    private final MessageParts parts;

    CountedMarshaller(T type) {
        this.messages = ProtoUtils.marshaller(type);
        this.parts = new MessageParts(type.getDescriptorForType());
    }

    @Override
    public InputStream stream(T message) {
        return messages.stream(message);
    }

    @Override
    public T parse(InputStream stream) {
        return messages.parse(new ByteArrayInputStream(counted(stream)));
    }

    private byte[] counted(InputStream stream) {
        try {
            byte[] bytes = stream.readAllBytes();
            int count = parts.count(bytes);
            if (count > MessageParts.MAX) {
                throw Status.RESOURCE_EXHAUSTED
                        .withDescription("a message of more than " + MessageParts.MAX + " parts; ask for less at once")
                        .asRuntimeException();
            }
            InboundMeter.current().ifPresent(meter -> meter.parsed(count));
            return bytes;
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("unreadable message")
                    .withCause(e)
                    .asRuntimeException();
        }
    }
}
