package io.coordinator.state.topic;

import io.coordinator.state.kernel.Name;
import java.util.HexFormat;

/**
 * Keys of rows. What belongs to a topic or a group has the namespace and its number in front, so that a name can be
 * used again while rows of its former owner are still there.
 */
final class TopicKeys {
    static final char SEPARATOR = '\0';

    private static final HexFormat HEX = HexFormat.of();
    private static final int DIGITS = 2 * Long.BYTES;

    private TopicKeys() {}

    /** In front of all rows of a topic or a group; of a group, the name of its pool. */
    static String owner(String namespace, long id) {
        return Name.of(namespace, HEX.toHexDigits(id)).key();
    }

    /** The row about a message. */
    static String item(String owner, long offset) {
        return owner + SEPARATOR + HEX.toHexDigits(offset);
    }

    static String ownerOf(String itemKey) {
        return itemKey.substring(0, itemKey.length() - DIGITS - 1);
    }

    static long offsetOf(String itemKey) {
        return HexFormat.fromHexDigitsToLong(itemKey, itemKey.length() - DIGITS, itemKey.length());
    }

    /** The row of something that the owner has by name: a group, a producer. */
    static String named(String owner, String name) {
        return owner + SEPARATOR + name;
    }
}
