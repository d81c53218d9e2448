package io.coordinator.document;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.coordinator.protocol.JsonType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Null, a boolean, a number or a string, as its JSON text. A number keeps its digits. Compares as bytes. */
public final class Scalar extends Value implements Comparable<Scalar> {
    public static final Scalar NULL = new Scalar(ascii("null"));
    public static final Scalar TRUE = new Scalar(ascii("true"));
    public static final Scalar FALSE = new Scalar(ascii("false"));

    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    private final byte[] json;
    private final long hash;

    private Scalar(byte[] json) {
        this.json = json;
        this.hash = hash(json, 0, json.length);
    }

    /** @param json of a number or a string as it is written here; no longer the caller's */
    static Scalar ofJson(byte[] json) {
        return new Scalar(json);
    }

    /** @param text as JSON has numbers */
    static Scalar number(String text) {
        return new Scalar(ascii(text));
    }

    /**
     * A string.
     *
     * @param content without unpaired surrogates
     */
    public static Scalar string(String content) {
        return new Scalar(quoted(content));
    }

    static long hash(byte[] text, int from, int to) {
        return Hash.of(Hash.of(text, from, to), type(text[from]).getNumber());
    }

    private static byte[] quoted(String content) {
        byte[] text = new byte[content.length() + 2];
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                return escaped(content);
            }
            text[i + 1] = (byte) c;
        }
        text[0] = '"';
        text[text.length - 1] = '"';
        return text;
    }

    private static byte[] escaped(String content) {
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
        if (json[0] != '"') {
            return new String(json, StandardCharsets.US_ASCII);
        }
        String text = new String(json, 1, json.length - 2, StandardCharsets.UTF_8);
        return text.indexOf('\\') < 0 ? text : unescaped(text);
    }

    private static String unescaped(String text) {
        StringBuilder content = new StringBuilder(text.length());
        int at = 0;
        for (int escape = text.indexOf('\\'); escape >= 0; escape = text.indexOf('\\', at)) {
            content.append(text, at, escape);
            char what = text.charAt(escape + 1);
            at = escape + 2;
            if (what == 'u') {
                content.append((char) Integer.parseInt(text, at, at + HEX_DIGITS, HEX));
                at += HEX_DIGITS;
            } else {
                content.append(unescaped(what));
            }
        }
        return content.append(text, at, text.length()).toString();
    }

    private static char unescaped(char escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    boolean hasTextOf(Scalar other) {
        return Arrays.equals(json, other.json);
    }

    @Override
    public int compareTo(Scalar other) {
        return Arrays.compareUnsigned(json, other.json);
    }

    /**
     * Compares with the string that a text begins with. One string ends where the other differs, so its end need not be
     * found.
     */
    int compareToStartOf(byte[] text) {
        return Arrays.compareUnsigned(json, 0, json.length, text, 0, Math.min(json.length, text.length));
    }

    int compareTo(byte[] text, int from, int to) {
        return Arrays.compareUnsigned(json, 0, json.length, text, from, to);
    }

    @Override
    public JsonType type() {
        return type(json[0]);
    }

    private static JsonType type(byte first) {
        return switch (first) {
            case '"' -> JsonType.JSON_STRING;
            case 'n' -> JsonType.JSON_NULL;
            case 't', 'f' -> JsonType.JSON_BOOLEAN;
            default -> JsonType.JSON_NUMBER;
        };
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

    @Override
    void write(TextOut out) {
        out.write(json);
    }

    @Override
    byte[] text() {
        return json;
    }
}
