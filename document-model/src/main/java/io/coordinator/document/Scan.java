package io.coordinator.document;

import java.util.Arrays;

/**
 * Goes through JSON text as it is written here: without spaces and correct. Recursion is as deep as values are nested,
 * which has a limit.
 */
final class Scan {
    private final byte[] text;
    private int at;
    private int depth;

    /** @param from where a value begins, or a member */
    Scan(byte[] text, int from) {
        this.text = text;
        this.at = from;
    }

    /** Whether there is one more after a value, which is then at hand. */
    boolean next() {
        if (at < text.length && text[at] == ',') {
            at++;
        }
        return at < text.length;
    }

    /** How deep the last value was nested. */
    int depth() {
        return depth;
    }

    /** Passes a value and answers its hash. */
    long value() {
        return switch (text[at]) {
            case '[' -> array();
            case '{' -> object();
            default -> scalar();
        };
    }

    /** Passes some elements and answers their hash; how deep they are is that of the last one. */
    long items(int count) {
        long hash = 0;
        for (int i = 0; i < count && next(); i++) {
            hash = hash * Hash.BASE + value();
        }
        return hash;
    }

    /** Where the next element begins; if there is none, one beyond the end of the text. */
    int nextStart() {
        return at == 0 ? 0 : at + 1;
    }

    /** Passes a member and answers its hash. */
    long member() {
        long key = scalar();
        at++;
        return Hash.of(key, value());
    }

    private long scalar() {
        int from = at;
        at = end(text, from);
        depth = 0;
        return Scalar.hash(text, from, at);
    }

    private long array() {
        int deepest = 0;
        int count = 0;
        long hash = 0;
        at++;
        while (text[at] != ']') {
            hash = hash * Hash.BASE + value();
            deepest = Math.max(deepest, depth);
            count++;
            at += text[at] == ',' ? 1 : 0;
        }
        at++;
        depth = deepest + 1;
        return ArrayValue.hash(count, hash);
    }

    private long object() {
        int deepest = 0;
        int count = 0;
        long hash = 0;
        at++;
        while (text[at] != '}') {
            hash += member();
            deepest = Math.max(deepest, depth);
            count++;
            at += text[at] == ',' ? 1 : 0;
        }
        at++;
        depth = deepest + 1;
        return ObjectValue.hash(count, hash);
    }

    // ---- places in texts ----

    /** Where the value ends that begins there. */
    static int end(byte[] text, int from) {
        byte first = text[from];
        if (first == '"') {
            return stringEnd(text, from);
        }
        return first == '[' || first == '{' ? containerEnd(text, from) : wordEnd(text, from);
    }

    /** Where the member ends that begins there. */
    static int memberEnd(byte[] text, int from) {
        return end(text, stringEnd(text, from) + 1);
    }

    static int stringEnd(byte[] text, int from) {
        int at = from + 1;
        while (text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static int wordEnd(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] != ',' && text[at] != ']' && text[at] != '}') {
            at++;
        }
        return at;
    }

    private static int containerEnd(byte[] text, int from) {
        int open = 0;
        int at = from;
        do {
            switch (text[at]) {
                case '"' -> at = stringEnd(text, at) - 1;
                case '[', '{' -> open++;
                case ']', '}' -> open--;
                default -> {}
            }
            at++;
        } while (open > 0);
        return at;
    }

    /** How deep brackets are nested between two places, outside of strings. */
    static int depth(byte[] text, int from, int to) {
        int deepest = 0;
        int open = 0;
        for (int at = from; at < to; at++) {
            switch (text[at]) {
                case '"' -> at = stringEnd(text, at) - 1;
                case '[', '{' -> deepest = Math.max(deepest, ++open);
                case ']', '}' -> open--;
                default -> {}
            }
        }
        return deepest;
    }

    /** The value that a part of a text is. Counts what is gone through once more to make it. */
    static Value value(byte[] text, int from, int to, Meter meter) {
        return switch (text[from]) {
            case '[' -> {
                Packing.countContainer(to - from, meter);
                yield ArrayValue.unpacked(text, from + 1, to - 1, meter);
            }
            case '{' -> {
                Packing.countContainer(to - from, meter);
                yield ObjectValue.unpacked(text, from + 1, to - 1, meter);
            }
            case 'n' -> Scalar.NULL;
            case 't' -> Scalar.TRUE;
            case 'f' -> Scalar.FALSE;
            default -> Scalar.ofJson(Arrays.copyOfRange(text, from, to));
        };
    }
}
