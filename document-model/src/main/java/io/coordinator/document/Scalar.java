package io.coordinator.document;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.coordinator.protocol.JsonType;
import java.nio.charset.StandardCharsets;

/** Null, a boolean, a number or a string. A number keeps its digits. */
public final class Scalar extends Value {
    public static final Scalar NULL = new Scalar(JsonType.JSON_NULL, "null", ascii("null"));
    public static final Scalar TRUE = new Scalar(JsonType.JSON_BOOLEAN, "true", ascii("true"));
    public static final Scalar FALSE = new Scalar(JsonType.JSON_BOOLEAN, "false", ascii("false"));

    private final JsonType type;
    private final String content;
    private final byte[] json;
    private final long hash;

    private Scalar(JsonType type, String content, byte[] json) {
        this.type = type;
        this.content = content;
        this.json = json;
        this.hash = Hash.of(Hash.of(json), type.getNumber());
    }

    /** @param text as JSON has numbers */
    static Scalar number(String text) {
        return new Scalar(JsonType.JSON_NUMBER, text, ascii(text));
    }

    /** @param content without unpaired surrogates */
    static Scalar string(String content) {
        return new Scalar(JsonType.JSON_STRING, content, quoted(content));
    }

    /** A string as JSON text. */
    static byte[] quoted(String content) {
        byte[] inner = JsonStringEncoder.getInstance().quoteAsUTF8(content);
        byte[] text = new byte[inner.length + 2];
        text[0] = '"';
        System.arraycopy(inner, 0, text, 1, inner.length);
        text[text.length - 1] = '"';
        return text;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Of a string what it says, of another scalar its text. */
    public String content() {
        return content;
    }

    byte[] json() {
        return json;
    }

    @Override
    public JsonType type() {
        return type;
    }

    @Override
    public long hash() {
        return hash;
    }

    @Override
    public long bytes() {
        return json.length;
    }

    @Override
    public int depth() {
        return 0;
    }

    @Override
    public int length() {
        return 0;
    }
}
