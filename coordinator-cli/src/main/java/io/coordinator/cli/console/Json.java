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
import java.util.regex.Pattern;

/** JSON in and out, in one line each. */
public final class Json {
    private static final int BRIEF_CHARS = 80;
    private static final int REASON_CHARS = 200;
    /** How to set up the parser, which is nothing that a user of the command line could do. */
    private static final Pattern ADVICE = Pattern.compile(
            "\\[Source: [^]]*?; |: enable `[^`]*` to allow| \\(bound as `[^`]*`\\): not allowed as per `.*");

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
        if (line.length() <= BRIEF_CHARS) {
            return line;
        }
        return String.format(Locale.ROOT, "%s (%,d bytes)", beginning(line, BRIEF_CHARS), line.getBytes(UTF_8).length);
    }

    /** Of a long text the beginning. */
    private static String beginning(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
        return text.substring(0, end) + "\u2026";
    }

    /** What the parser says, without its advice on how to set up the parser, and not at any length. */
    private static String reason(JsonProcessingException e) {
        return beginning(ADVICE.matcher(e.getOriginalMessage()).replaceAll(""), REASON_CHARS);
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
                    "'" + beginning(text, BRIEF_CHARS) + "' is not JSON: " + reason(e) + "; add --string if it is text",
                    e);
        }
    }
}
