package io.coordinator.state.kernel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON text in UTF-8, as values are stored. */
public final class Json {
    /** Values nested deeper are refused. */
    public static final int DEPTH_MAX = 256;
    /** Numbers with more characters are refused. */
    public static final int NUMBER_CHARS_MAX = 400;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_CHARS_MAX)
                    .build())
            // A table of names seen would make this parser depend on what the process has parsed before.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY).build();

    private Json() {}

    /** What is wrong with a text as JSON; null if it is one value and nothing else. */
    public static @Nullable String problem(ByteString text) {
        if (!isPlainUtf8(text)) {
            return "it is not UTF-8 without a byte order mark";
        }
        try (JsonParser parser = FACTORY.createParser(text.toByteArray())) {
            if (parser.nextToken() == null) {
                return "it is empty";
            }
            parser.skipChildren();
            return parser.nextToken() == null ? null : "more follows after the first value";
        } catch (IOException e) {
            return firstLine(e);
        }
    }

    /** One object of strings, as JSON text. */
    public static ByteString object(String... namesAndValues) {
        var object = MAPPER.createObjectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return ByteString.copyFromUtf8(object.toString());
    }

    /** The parser would also guess UTF-16 and UTF-32, and skip a byte order mark. */
    private static boolean isPlainUtf8(ByteString text) {
        if (!text.isValidUtf8()) {
            return false;
        }
        int head = Math.min(4, text.size());
        for (int i = 0; i < head; i++) {
            if (text.byteAt(i) == 0) {
                return false;
            }
        }
        return head < 3
                || text.byteAt(0) != (byte) 0xEF
                || text.byteAt(1) != (byte) 0xBB
                || text.byteAt(2) != (byte) 0xBF;
    }

    private static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
