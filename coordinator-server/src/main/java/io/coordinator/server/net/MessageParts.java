package io.coordinator.server.net;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a serialized message would become, without making any of it: messages, items of repeated fields at every
 * depth, and fields that this version does not know, which cost several times as much. An empty item takes two bytes on
 * the wire and about a hundred in the heap, so that the bytes of a message say little about what it takes.
 */
final class MessageParts {
    /** Four times as many as a frame may have commands. */
    static final int MAX = 4 * 65_536;

    private static final int UNKNOWN = 4;
    /** The parser goes no deeper either. */
    private static final int DEPTH_MAX = 100;

    private final Shape shape;

    MessageParts(Descriptor type) {
        this.shape = shape(type, new HashMap<>());
    }

    /**
     * How many parts a message has; no more than somewhat above the limit are counted. What is malformed or nested too
     * deeply is not counted on: the parser stops there, too.
     */
    int count(byte[] message) {
        Walk walk = new Walk(message);
        try {
            walk.fields(shape, 0);
        } catch (IOException e) {
            return walk.parts;
        }
        return walk.parts;
    }

    private static Shape shape(Descriptor type, Map<Descriptor, Shape> known) {
        Shape before = known.get(type);
        if (before != null) {
            return before;
        }
        Shape shape = new Shape(new HashMap<>());
        known.put(type, shape);
        for (FieldDescriptor field : type.getFields()) {
            boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            shape.fields.put(
                    field.getNumber(),
                    new Field(
                            field.getLiteType().getWireType(),
                            field.isRepeated(),
                            field.isPackable(),
                            message ? shape(field.getMessageType(), known) : null));
        }
        return shape;
    }

    /** A type of messages, which can contain itself. */
    private record Shape(Map<Integer, Field> fields) {}

    /**
     * A field that is known, if it comes in its own form.
     *
     * @param message what it holds; null if that is no message
     */
    private record Field(
            int wire,
            boolean repeated,
            boolean packable,
            @Nullable Shape message) {
        boolean comesAs(int form) {
            return form == wire || (packable && form == WireFormat.WIRETYPE_LENGTH_DELIMITED);
        }
    }

    /** One look at one message, which ends when there is too much. */
    private static final class Walk {
        private static final Shape NOTHING_KNOWN = new Shape(Map.of());

        private final byte[] message;
        private final CodedInputStream input;
        private int parts;

        Walk(byte[] message) {
            this.message = message;
            this.input = CodedInputStream.newInstance(message);
        }

        boolean isOver() {
            return parts > MAX;
        }

        void fields(Shape type, int depth) throws IOException {
            for (int tag = input.readTag(); tag != 0 && !isOver(); tag = input.readTag()) {
                int wire = WireFormat.getTagWireType(tag);
                if (wire == WireFormat.WIRETYPE_END_GROUP) {
                    return;
                }
                Field field = type.fields.get(WireFormat.getTagFieldNumber(tag));
                if (wire == WireFormat.WIRETYPE_START_GROUP) {
                    group(depth + 1);
                } else if (field == null || !field.comesAs(wire)) {
                    parts += UNKNOWN;
                    input.skipField(tag);
                } else if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    delimited(field, depth + 1);
                } else {
                    parts += field.repeated ? 1 : 0;
                    input.skipField(tag);
                }
            }
        }

        /** No message here has groups, so that what is in one is unknown. */
        private void group(int depth) throws IOException {
            parts += UNKNOWN;
            if (depth <= DEPTH_MAX) {
                fields(NOTHING_KNOWN, depth);
            } else {
                throw new IOException("nested too deeply");
            }
        }

        private void delimited(Field field, int depth) throws IOException {
            int length = input.readRawVarint32();
            if (field.message != null) {
                parts++;
                if (depth > DEPTH_MAX) {
                    throw new IOException("nested too deeply");
                }
                int outer = input.pushLimit(length);
                fields(field.message, depth);
                input.skipRawBytes(Math.max(0, input.getBytesUntilLimit()));
                input.popLimit(outer);
            } else if (field.packable) {
                numbers(length);
            } else {
                parts += field.repeated ? 1 : 0;
                input.skipRawBytes(length);
            }
        }

        /** Each ends with a byte whose highest bit is not set. */
        private void numbers(int length) throws IOException {
            int from = input.getTotalBytesRead();
            input.skipRawBytes(length);
            for (int i = from; i < from + length; i++) {
                parts += message[i] >= 0 ? 1 : 0;
            }
        }
    }
}
