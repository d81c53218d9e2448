package io.coordinator.client;

import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Text;
import java.time.Duration;

/** Checks of arguments; each failure names the argument. */
final class Arguments {
    private Arguments() {}

    static void positive(String name, Duration value) {
        Times.positive(name, value);
    }

    static void positive(String name, long value) {
        if (value < 1) {
            throw new ValidationException(name + " must be at least 1, but is " + value);
        }
    }

    static void notEmpty(String name, String value) {
        Text.name(name, value);
    }

    /** What an HTTP header can carry unchanged. */
    static void secret(String name, String value) {
        if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ValidationException(name + " must consist of printable ASCII characters, without spaces");
        }
    }

    static void endpoint(String value) {
        int colon = value.lastIndexOf(':');
        boolean digits = colon > 0
                && colon < value.length() - 1
                && value.substring(colon + 1).chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || value.length() - colon > 6 || Integer.parseInt(value.substring(colon + 1)) > 65_535) {
            throw new ValidationException("endpoints must be host:port, but one is '" + value + "'");
        }
    }
}
