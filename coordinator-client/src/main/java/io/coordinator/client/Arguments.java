package io.coordinator.client;

import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Text;
import io.coordinator.client.internal.net.Endpoints;
import java.time.Duration;

/** Checks of arguments; each failure names the argument. */
final class Arguments {
    private static final int SHOWN_CHARS_MAX = 200;

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
        Endpoints.fault(value).ifPresent(fault -> {
            throw new ValidationException("endpoints must be host:port, such as node-1:2379, 10.0.0.1:2379 or"
                    + " [::1]:2379, but one is '" + shortened(value) + "': " + fault);
        });
    }

    private static String shortened(String value) {
        return value.length() <= SHOWN_CHARS_MAX ? value : value.substring(0, SHOWN_CHARS_MAX) + "\u2026";
    }
}
