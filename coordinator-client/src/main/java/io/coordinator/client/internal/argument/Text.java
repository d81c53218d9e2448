package io.coordinator.client.internal.argument;

import io.coordinator.client.error.ValidationException;
import java.nio.charset.StandardCharsets;

/**
 * Checks of texts that become names in messages. Half of a surrogate pair would be sent as a question mark, and then
 * name something else (C-40).
 */
public final class Text {
    /** What the cluster takes. */
    private static final int NAME_BYTES_MAX = 1_024;

    private Text() {}

    /** Whether there can be something of this name: it is one, and no longer than the cluster takes. */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= NAME_BYTES_MAX
                && name.indexOf('\0') < 0
                && half(name) < 0
                && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX;
    }

    /**
     * A name: not empty, without NUL, well-formed.
     *
     * @throws ValidationException that names what is bad
     */
    public static String name(String what, String name) {
        if (name.isEmpty()) {
            throw new ValidationException(what + " must not be empty");
        }
        return prefix(what, name);
    }

    /**
     * The beginning of a name, which can be empty.
     *
     * @throws ValidationException that names what is bad
     */
    public static String prefix(String what, String prefix) {
        if (prefix.indexOf('\0') >= 0) {
            throw new ValidationException(what + " must not contain the character NUL");
        }
        return wellFormed(what, prefix);
    }

    /**
     * Any text without halves of surrogate pairs.
     *
     * @throws ValidationException that names what is bad
     */
    public static String wellFormed(String what, String text) {
        int half = half(text);
        if (half >= 0) {
            throw new ValidationException(
                    what + " must be well-formed Unicode, but has half of a surrogate pair at index " + half);
        }
        return text;
    }

    /** Where the first half of a surrogate pair is; negative if there is none. */
    public static int half(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
