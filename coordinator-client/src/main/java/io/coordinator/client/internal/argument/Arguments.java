package io.coordinator.client.internal.argument;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.Objects;

/** Checks of arguments; each failure names the argument. */
public final class Arguments {
    private Arguments() {}

    /** More than 0. */
    public static void positive(String name, Duration value) {
        Times.positive(name, value);
    }

    /** At least 1. */
    public static void positive(String name, long value) {
        if (value < 1) {
            throw new ValidationException(name + " must be at least 1, but is " + value);
        }
    }

    /** At least 0. */
    public static void notNegative(String name, long value) {
        if (value < 0) {
            throw new ValidationException(name + " must not be negative, but is " + value);
        }
    }

    /** 0 or more. */
    public static void notNegative(String name, Duration value) {
        if (Objects.requireNonNull(value, name).isNegative()) {
            throw new ValidationException(name + " must not be negative, but is " + value);
        }
    }

    /** A name. */
    public static void notEmpty(String name, String value) {
        Text.name(name, value);
    }
}
