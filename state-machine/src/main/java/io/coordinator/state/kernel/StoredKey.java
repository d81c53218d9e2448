package io.coordinator.state.kernel;

import java.nio.charset.StandardCharsets;

/** The bytes under which a row is stored: kind, table number, then the key in UTF-8. */
public final class StoredKey {
    /** Where the key itself starts. */
    public static final int PREFIX = 2;

    private StoredKey() {}

    public static byte[] encode(int kind, int table, String key) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        byte[] stored = new byte[PREFIX + utf8.length];
        stored[0] = (byte) kind;
        stored[1] = (byte) table;
        System.arraycopy(utf8, 0, stored, PREFIX, utf8.length);
        return stored;
    }

    public static int kind(byte[] stored) {
        return stored[0];
    }

    public static int table(byte[] stored) {
        return stored[1];
    }

    public static String key(byte[] stored) {
        return new String(stored, PREFIX, stored.length - PREFIX, StandardCharsets.UTF_8);
    }
}
