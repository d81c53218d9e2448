package io.coordinator.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** JSON in and out, in one line each. */
public final class Json {
    private static final int BRIEF_CHARS = 80;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /** The mapper for values: it keeps every digit of a number. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The text of a value, without line breaks. */
    public static String line(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree cannot be written", e);
        }
    }

    /** As {@link #line}, for people: of a long one the beginning, and the size of all of it. */
    public static String brief(JsonNode value) {
        String line = line(value);
        int chars = line.length();
        if (chars <= BRIEF_CHARS) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(BRIEF_CHARS - 1)) ? BRIEF_CHARS - 1 : BRIEF_CHARS;
        return String.format(Locale.ROOT, "%s\u2026 (%,d bytes)", line.substring(0, end), line.getBytes(UTF_8).length);
    }

    /**
     * Reads one value.
     *
     * @throws CliException with exit code 2 if the text is not exactly one JSON value
     */
    public static JsonNode parse(String text) {
        try {
            JsonNode value = MAPPER.readTree(text);
            if (value.isMissingNode()) {
                throw new CliException(
                        ExitCode.USAGE, "the value is empty; write \"\" (with its quotes) for an empty string");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "'" + text + "' is not JSON: " + e.getOriginalMessage() + "; add --string to store it as a string",
                    e);
        }
    }
}
