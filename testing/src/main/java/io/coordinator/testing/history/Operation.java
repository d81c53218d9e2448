package io.coordinator.testing.history;

import java.util.Optional;

/**
 * One operation of a history, with the interval in which it took effect.
 *
 * @param client who asked; operations of one client do not overlap unless their outcome is unknown
 * @param key the object asked; objects are checked apart from each other
 * @param output the answer; empty if nobody saw it, so that the operation took effect at any time after its call, or
 *     never
 * @param callNanos when it was asked, on the clock of {@link System#nanoTime}
 * @param returnNanos when it was answered; {@link Long#MAX_VALUE} while the outcome is unknown
 */
public record Operation<I, O>(
        String client, String key, I input, Optional<O> output, long callNanos, long returnNanos) {

    public Operation {
        if (output.isEmpty() != (returnNanos == Long.MAX_VALUE)) {
            throw new IllegalArgumentException("an operation has an answer and an end, or neither");
        }
        if (returnNanos < callNanos) {
            throw new IllegalArgumentException("an operation cannot end before it begins");
        }
    }

    /** An operation that was answered. */
    public static <I, O> Operation<I, O> answered(
            String client, String key, I input, O output, long callNanos, long returnNanos) {
        return new Operation<>(client, key, input, Optional.of(output), callNanos, returnNanos);
    }

    /** An operation whose answer nobody saw. */
    public static <I, O> Operation<I, O> unknown(String client, String key, I input, long callNanos) {
        return new Operation<>(client, key, input, Optional.empty(), callNanos, Long.MAX_VALUE);
    }

    boolean isUnknown() {
        return output.isEmpty();
    }
}
