package io.coordinator.compat;

import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What options must be, and how times count: in whole milliseconds, rounded up, and no more than 146 years. */
final class Checks {
    private static final long NANOS_OF_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE / 2 / NANOS_OF_MILLI);

    private Checks() {}

    /** More than 0. */
    static Duration positive(String name, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new ValidationException(name + " must be more than 0, but is " + time);
        }
        return time;
    }

    /** A time to wait: what is negative counts as 0. */
    static Duration wait(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }

    /** A number of attempts: 0 or more. */
    static int count(String name, int count) {
        if (count < 0) {
            throw new ValidationException(name + " must not be negative, but is " + count);
        }
        return count;
    }

    /** A time in milliseconds. */
    static long millis(Duration time) {
        if (time.isNegative()) {
            return 0;
        }
        Duration most = time.compareTo(LONGEST) > 0 ? LONGEST : time;
        return most.plusNanos(NANOS_OF_MILLI - 1).toMillis();
    }

    /** So many times a time; at least 0. */
    static Duration times(Duration time, int factor) {
        long millis = millis(time);
        boolean fits = factor == 0 || millis <= LONGEST.toMillis() / factor;
        return fits ? Duration.ofMillis(millis * factor) : LONGEST;
    }

    /** A name as the cluster takes it: not empty, without NUL, well-formed. */
    static String name(String what, String name) {
        if (name.isEmpty()) {
            throw new ValidationException(what + " must not be empty");
        }
        if (name.indexOf('\0') >= 0) {
            throw new ValidationException(what + " must not contain the character NUL");
        }
        return wellFormed(what, name);
    }

    private static String wellFormed(String what, String text) {
        int index = 0;
        while (index < text.length()) {
            int point = text.codePointAt(index);
            if (Character.getType(point) == Character.SURROGATE) {
                throw new ValidationException(
                        what + " must be well-formed Unicode, but has half of a surrogate pair at index " + index);
            }
            index += Character.charCount(point);
        }
        return text;
    }
}
