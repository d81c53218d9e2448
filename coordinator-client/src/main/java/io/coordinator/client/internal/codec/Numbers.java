package io.coordinator.client.internal.codec;

import io.coordinator.client.error.ValidationException;

/** Checks of numbers that become numbers in messages. */
public final class Numbers {
    private Numbers() {}

    /**
     * A number that JSON has.
     *
     * @throws ValidationException that names what is infinite, or no number
     */
    public static double finite(String what, double number) {
        if (!Double.isFinite(number)) {
            throw new ValidationException(what + " must be a finite number, but is " + number);
        }
        return number;
    }
}
