package io.coordinator.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values from JSON text and back; what is JSON at all. */
public final class JsonText {
    /** Values nested deeper are refused. */
    public static final int DEPTH_MAX = 256;
    /** Numbers with more characters are refused. */
    public static final int NUMBER_CHARS_MAX = 400;

    private static final String READING = "reading values";
    private static final String WRITING = "writing values";
    private static final int SPACES_A_STEP = 16;
    /** To sort it by name and pack it. Half of what the smallest members take in an object of a hundred thousand. */
    private static final int STEPS_A_MEMBER = 8;
    /** So few of an object are sorted in no time. */
    private static final int FEW_MEMBERS = 64;

    private static final ByteString NULL = ByteString.copyFromUtf8("null");

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_CHARS_MAX)
                    // Names that come in are held to fewer below; what was stored once can be read for ever.
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            // A table of names seen would make this parser depend on what the process has parsed before.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private JsonText() {}

    /**
     * Reads one value. If an object has several members of the same name, the last one counts.
     *
     * @throws IOException if the text is not exactly one JSON value in UTF-8 within the limits; the message says why
     */
    public static Value parse(ByteString text) throws IOException {
        return parse(text, Path.STEP_BYTES_MAX);
    }

    /**
     * Reads what was written by {@link #write}, whatever the limits on names were then (C-03).
     *
     * @throws IOException if it was not
     */
    public static Value parseStored(ByteString text) throws IOException {
        return parse(text, Integer.MAX_VALUE);
    }

    private static Value parse(ByteString text, int nameBytesMax) throws IOException {
        return parse(text, parser -> read(parser, nameBytesMax));
    }

    private static <T> T parse(ByteString text, Reading<T> reading) throws IOException {
        String problem = encodingProblem(text);
        if (problem != null) {
            throw new JsonParseException(null, problem);
        }
        // It is UTF-8 for certain. Of bytes, the parser would look for that itself, which takes longer than a short
        // text.
        try (JsonParser parser = FACTORY.createParser(text.toStringUtf8())) {
            if (parser.nextToken() == null) {
                throw new JsonParseException(parser, "it is empty");
            }
            T read = reading.read(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "more follows after the first value");
            }
            return read;
        }
    }

    /** Reads one value of which the parser is at the first token, and leaves it at the last. */
    private interface Reading<T> {
        T read(JsonParser parser) throws IOException;
    }

    /** The value of a text; null if it is none. */
    public static @Nullable Value parseIfValid(ByteString text) {
        try {
            return parse(text);
        } catch (IOException e) {
            // That it is not JSON is the answer.
            return null;
        }
    }

    /**
     * The value of a text that a command brings itself; null if it is none. Counts beforehand what reading it takes.
     *
     * @throws OverBudgetException by the meter
     */
    public static @Nullable Value parseIfValid(ByteString text, Meter meter) {
        countReading(text, meter);
        return parseIfValid(text);
    }

    private static void countReading(ByteString text, Meter meter) {
        meter.steps(READING, Sizes.scanning(text.size()));
        meter.steps(READING, making(text, 1));
    }

    /**
     * What it counts to make values of a text.
     *
     * @param stepsAValue for each value; those of an object with many take more, since it is sorted by name
     */
    static long making(ByteString text, int stepsAValue) {
        // What is nested deeper is no value, which is known before it is made.
        int[] members = new int[DEPTH_MAX + 1];
        int depth = 0;
        long steps = stepsAValue;
        boolean isString = false;
        for (int i = 0; i < text.size(); i++) {
            byte b = text.byteAt(i);
            if (b == '"') {
                isString = !isString;
            } else if (isString) {
                i += b == '\\' ? 1 : 0;
            } else if (b == ',') {
                steps += stepsAValue;
            } else if (b == '[' || b == '{') {
                steps += stepsAValue;
                depth = Math.min(depth + 1, DEPTH_MAX);
                members[depth] = 0;
            } else if (b == ']' || b == '}') {
                depth = Math.max(depth - 1, 0);
            } else if (b == ':' && ++members[depth] > FEW_MEMBERS) {
                steps += STEPS_A_MEMBER;
            }
        }
        return steps;
    }

    /** Whether a text is no value because a member has too long a name. */
    static boolean hasLongName(ByteString text, Meter meter) {
        countReading(text, meter);
        try {
            parse(text);
            return false;
        } catch (LongNameException e) {
            return true;
        } catch (IOException e) {
            // What else is wrong is not asked.
            return false;
        }
    }

    private static final class LongNameException extends JsonParseException {
        private static final long serialVersionUID = 1;

        LongNameException(JsonParser parser, int bytesMax) {
            super(parser, "a member has a name of more than " + bytesMax + " bytes; shorten it, or make it a value");
        }
    }

    /**
     * What is wrong with a text as the content of a document; null if it is one value and nothing else, and no member
     * has too long a name.
     */
    public static @Nullable String problem(ByteString text) {
        return problem(text, parser -> read(parser, Path.STEP_BYTES_MAX));
    }

    /**
     * What is wrong with a text as JSON, whatever it is for; null if it is one value in UTF-8 and nothing else, within
     * the limits of nesting and numbers. It is read and nothing is made of it. Names may be of any length.
     */
    public static @Nullable String syntaxProblem(ByteString text) {
        boolean escapes = hasUnicodeEscapes(text);
        return problem(text, parser -> skip(parser, escapes));
    }

    private static @Nullable String problem(ByteString text, Reading<?> reading) {
        try {
            parse(text, reading);
            return null;
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            int end = message.indexOf('\n');
            return end < 0 ? message : message.substring(0, end);
        }
    }

    /** Without such escapes a text in UTF-8 has no half of a surrogate pair, and most texts have none. */
    private static boolean hasUnicodeEscapes(ByteString text) {
        for (int i = 0; i + 1 < text.size(); i++) {
            if (text.byteAt(i) == '\\' && text.byteAt(i + 1) == 'u') {
                return true;
            }
        }
        return false;
    }

    private static JsonToken skip(JsonParser parser, boolean withStrings) throws IOException {
        JsonToken token = parser.currentToken();
        int open = 0;
        while (true) {
            open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (withStrings && (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING)) {
                wellFormed(parser, parser.getText());
            }
            if (open == 0) {
                return token;
            }
            token = parser.nextToken();
        }
    }

    /** Whether a JSON text is null. Space around it is all that takes time. */
    public static boolean isNull(ByteString text, Meter meter) {
        int from = afterSpace(text, 0, meter);
        int to = from + NULL.size();
        return to <= text.size() && text.substring(from, to).equals(NULL) && afterSpace(text, to, meter) == text.size();
    }

    /** Whether a JSON text can be a number, told by how it begins. */
    public static boolean mayBeNumber(ByteString text, Meter meter) {
        int at = afterSpace(text, 0, meter);
        return at < text.size() && (text.byteAt(at) == '-' || Character.isDigit(text.byteAt(at)));
    }

    private static int afterSpace(ByteString text, int from, Meter meter) {
        int at = from;
        while (at < text.size() && isSpace(text.byteAt(at))) {
            if ((at - from) % SPACES_A_STEP == 0) {
                meter.steps("space in JSON values", 1);
            }
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    /**
     * The text without spaces. Counts beforehand what writing it takes.
     *
     * @throws OverBudgetException by the meter
     */
    public static ByteString write(Value value, Meter meter) {
        meter.steps(WRITING, value.length() == 0 ? Sizes.steps(value.bytes()) : Sizes.writing(value.bytes()));
        return write(value);
    }

    /** The text without spaces. */
    public static ByteString write(Value value) {
        TextOut out = new TextOut(value.bytes());
        value.write(out);
        return out.toText();
    }

    private static Value read(JsonParser parser, int nameBytesMax) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> readObject(parser, nameBytesMax);
            case START_ARRAY -> readArray(parser, nameBytesMax);
            case VALUE_STRING -> Scalar.string(wellFormed(parser, parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Scalar.number(parser.getText());
            case VALUE_TRUE -> Scalar.TRUE;
            case VALUE_FALSE -> Scalar.FALSE;
            case VALUE_NULL -> Scalar.NULL;
            default -> throw new JsonParseException(parser, "there is no value");
        };
    }

    private static Value readObject(JsonParser parser, int nameBytesMax) throws IOException {
        List<Member> members = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = wellFormed(parser, parser.currentName());
            if (Names.isLonger(name, nameBytesMax)) {
                throw new LongNameException(parser, nameBytesMax);
            }
            parser.nextToken();
            members.add(new Member(Scalar.string(name), members.size(), read(parser, nameBytesMax)));
        }
        return ObjectValue.of(members);
    }

    private static Value readArray(JsonParser parser, int nameBytesMax) throws IOException {
        ArrayValue.Builder items = new ArrayValue.Builder();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(read(parser, nameBytesMax));
        }
        return items.build();
    }

    /** JSON can escape half of a surrogate pair, which no UTF-8 text can hold. */
    private static String wellFormed(JsonParser parser, String text) throws IOException {
        if (!Names.isWellFormed(text)) {
            throw new JsonParseException(parser, "a string has half a surrogate pair");
        }
        return text;
    }

    /** The parser would also guess UTF-16 and UTF-32, and skip a byte order mark. */
    private static @Nullable String encodingProblem(ByteString text) {
        boolean plain = text.isValidUtf8();
        int head = Math.min(4, text.size());
        for (int i = 0; i < head; i++) {
            plain &= text.byteAt(i) != 0;
        }
        boolean marked = text.size() >= 3
                && text.byteAt(0) == (byte) 0xEF
                && text.byteAt(1) == (byte) 0xBB
                && text.byteAt(2) == (byte) 0xBF;
        return plain && !marked ? null : "it is not UTF-8 without a byte order mark";
    }
}
