package io.coordinator.server.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the texts of configuration values are read, for the {@linkplain Keys list of keys}. Each method throws
 * IllegalArgumentException with what is wrong, in words that go after the name of the key.
 */
final class ValueTexts {
    /** Printable ASCII without blanks: what a header of a call can carry, and what survives a copy by hand. */
    private static final Pattern PEER_TOKEN_TEXT = Pattern.compile("[!-~]{16,1024}");

    private static final int TOKEN_CHARS_MAX = 4_096;

    private ValueTexts() {}

    static String text(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text;
    }

    /** An empty one would be whatever directory the process was started in. */
    static Path directory(String text) {
        return Path.of(text(text));
    }

    static Integer integer(String text, int min, int max) {
        int value;
        try {
            value = Integer.parseInt(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected an integer, found '" + text + "'", e);
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException("must be from " + min + " to " + max + ", found " + value);
        }
        return value;
    }

    static Long bytes(String text) {
        long value;
        try {
            value = Long.parseLong(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected an integer, found '" + text + "'", e);
        }
        if (value < 0) {
            throw new IllegalArgumentException("must be 0 or more, found " + value);
        }
        return value;
    }

    static Boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false, found '" + text + "'");
        };
    }

    static ReadMode readMode(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "lease" -> ReadMode.LEASE;
            case "quorum" -> ReadMode.QUORUM;
            default -> throw new IllegalArgumentException("expected lease or quorum, found '" + text + "'");
        };
    }

    /** What an HTTP header can carry unchanged. */
    static Optional<String> token(String text) {
        if (text.length() > TOKEN_CHARS_MAX || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "must have at most " + TOKEN_CHARS_MAX + " printable ASCII characters and no space");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** The message never holds the text: it would end up in a log. */
    static Optional<String> peerToken(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!PEER_TOKEN_TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("must be 16 to 1024 ASCII letters, digits and signs without blanks, as"
                    + " `openssl rand -hex 32` prints them; found something else, " + text.length()
                    + " characters long");
        }
        return Optional.of(text);
    }
}
