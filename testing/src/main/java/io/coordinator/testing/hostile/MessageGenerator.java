package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;

/**
 * Writes messages of any type from its descriptor, as bytes. Cases of a oneof that were chosen seldom so far are
 * preferred, so that after some hundred messages every case has occurred. The same seed and calls give the same bytes.
 * Not thread-safe.
 */
public final class MessageGenerator {
    private static final int DEPTH_MAX = 9;
    private static final int MANY = 10_000;
    private static final int NESTING = 2_000;

    private final Random random;
    private final Values values;
    private final int bytesMax;
    private final Coverage coverage = new Coverage();
    private int left;

    /**
     * A generator at its beginning.
     *
     * @param bytesMax about the largest message; a message that has reached it gets nothing more
     */
    public MessageGenerator(long seed, int bytesMax) {
        this.random = new Random(seed);
        this.values = new Values(random);
        this.bytesMax = bytesMax;
    }

    /** What has been generated so far. */
    public Coverage coverage() {
        return coverage;
    }

    /** The next message. */
    public ByteString next(Descriptor type, Style style) {
        left = bytesMax;
        if (style == Style.PLAUSIBLE) {
            return message(type, style, 0);
        }
        if (oneIn(20)) {
            return Recursion.of(type).map(cycle -> cycle.nested(NESTING)).orElse(ByteString.EMPTY);
        }
        ByteString whole = message(type, style, 0);
        return oneIn(10) ? whole.substring(0, random.nextInt(whole.size() + 1)) : whole;
    }

    private ByteString message(Descriptor type, Style style, int depth) {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            if (depth < DEPTH_MAX && left > 0) {
                writeFields(type, style, depth, out);
            }
            if (style == Style.WILD && oneIn(8)) {
                writeUnknown(out);
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot be written", e);
        }
        return bytes.toByteString();
    }

    private void writeFields(Descriptor type, Style style, int depth, CodedOutputStream out) throws IOException {
        for (OneofDescriptor oneof : type.getRealOneofs()) {
            for (int cases = cases(style); cases > 0; cases--) {
                write(choose(oneof.getFields()), style, depth, out);
            }
        }
        for (FieldDescriptor field : type.getFields()) {
            if (field.getRealContainingOneof() == null && isWanted(field, style)) {
                for (int count = field.isRepeated() ? repeats(style) : 1; count > 0 && left > 0; count--) {
                    write(field, style, depth, out);
                }
            }
        }
    }

    private int cases(Style style) {
        if (style == Style.PLAUSIBLE) {
            return 1;
        }
        return oneIn(6) ? 0 : oneIn(6) ? 2 : 1;
    }

    private FieldDescriptor choose(List<FieldDescriptor> fields) {
        FieldDescriptor chosen = fields.get(random.nextInt(fields.size()));
        if (random.nextBoolean()) {
            for (FieldDescriptor field : fields) {
                if (coverage.of(field) < coverage.of(chosen)) {
                    chosen = field;
                }
            }
        }
        return chosen;
    }

    private boolean isWanted(FieldDescriptor field, Style style) {
        boolean named = style == Style.PLAUSIBLE && field.getType() == FieldDescriptor.Type.STRING;
        return named || !oneIn(4);
    }

    private int repeats(Style style) {
        if (style == Style.WILD && oneIn(30)) {
            return MANY;
        }
        return 1 + random.nextInt(3);
    }

    private void write(FieldDescriptor field, Style style, int depth, CodedOutputStream out) throws IOException {
        coverage.add(field);
        int before = out.getTotalBytesWritten();
        int number = field.getNumber();
        switch (field.getType()) {
            case MESSAGE, GROUP -> out.writeBytes(number, message(field.getMessageType(), style, depth + 1));
            case STRING -> out.writeBytes(number, values.string(field, style, left));
            case BYTES -> out.writeBytes(number, values.bytes(field, style, left));
            case BOOL -> out.writeBool(number, random.nextBoolean());
            case ENUM -> out.writeInt32(number, values.enumeration(field, style));
            case DOUBLE -> out.writeDouble(number, values.decimal(style));
            case FLOAT -> out.writeFloat(number, (float) values.decimal(style));
            case FIXED64, SFIXED64 -> out.writeFixed64(number, values.number(field, style));
            case FIXED32, SFIXED32 -> out.writeFixed32(number, (int) values.number(field, style));
            case SINT32, SINT64 -> out.writeSInt64(number, values.number(field, style));
            case INT32, INT64, UINT32, UINT64 -> out.writeUInt64(number, values.number(field, style));
        }
        left -= out.getTotalBytesWritten() - before;
    }

    /** A field of a later version, or one that is broken: a group that never ends, a length beyond the end. */
    private void writeUnknown(CodedOutputStream out) throws IOException {
        int number = 1_000 + random.nextInt(1_000);
        switch (random.nextInt(5)) {
            case 0 -> out.writeTag(number, WireFormat.WIRETYPE_START_GROUP);
            case 1 -> {
                out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(Integer.MAX_VALUE);
            }
            case 2 -> out.writeUInt64(number, random.nextLong());
            default -> out.writeBytes(number, ByteString.copyFromUtf8("unknown"));
        }
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }
}
