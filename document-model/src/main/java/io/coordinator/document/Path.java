package io.coordinator.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ways from the root of a value to a part of it: names of members and indexes of elements (DJ-SEL-*). */
public final class Path {
    /** Names of members, and so the steps of paths, have at most so many bytes in UTF-8. */
    public static final int STEP_BYTES_MAX = 1_024;

    private static final int INDEX_DIGITS_MAX = 9;
    private static final int NO_INDEX = -1;

    private Path() {}

    /** The value at the end of a path; null if there is none. Never fails, also not in scalars (DJ-SEL-5). */
    public static @Nullable Value find(Value root, List<String> path) {
        return find(root, path, Meter.UNMETERED);
    }

    /**
     * As {@link #find(Value, List)}; counts each step and what is unpacked for it.
     *
     * @throws OverBudgetException by the meter
     */
    public static @Nullable Value find(Value root, List<String> path, Meter meter) {
        Value at = root;
        for (String step : path) {
            at = step(at, step, meter);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /** The member or element of that name; null if there is none. */
    static @Nullable Value step(Value value, String step, Meter meter) {
        meter.steps("paths", 1);
        if (value instanceof ObjectValue object) {
            return object.get(step, meter);
        }
        if (value instanceof ArrayValue array) {
            int index = index(step);
            return index >= 0 && index < array.length() ? array.get(index, meter) : null;
        }
        return null;
    }

    /** A decimal number without leading zeros (DJ-SEL-6); negative if it is none. */
    static int index(String step) {
        int digits = step.length();
        if (digits == 0 || digits > INDEX_DIGITS_MAX || (digits > 1 && step.charAt(0) == '0')) {
            return NO_INDEX;
        }
        int index = 0;
        for (int i = 0; i < digits; i++) {
            int digit = step.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_INDEX;
            }
            index = index * 10 + digit;
        }
        return index;
    }

    /** As a JSON Pointer (RFC 6901 §3). */
    public static String toPointer(List<String> path) {
        StringBuilder pointer = new StringBuilder();
        for (String step : path) {
            pointer.append('/').append(step.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
