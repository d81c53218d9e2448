package io.coordinator.benchmarks.harness;

import java.nio.charset.StandardCharsets;

/**
 * Messages that carry a number, in sixteen hexadecimal digits after the first byte: a value of the data set that has
 * one is still a JSON string.
 */
final class Numbered {
    /** The shortest message that has room: the digits and two quotes. */
    static final int SHORTEST = 18;

    private static final int FROM = 1;
    private static final int TO = 17;
    private static final int DIGIT_BITS = 4;
    private static final int DIGIT_MASK = 15;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private Numbered() {}

    /** A copy of a message of at least {@link #SHORTEST} bytes that carries {@code number}. */
    static byte[] with(byte[] message, long number) {
        byte[] numbered = message.clone();
        long rest = number;
        for (int i = TO - 1; i >= FROM; i--) {
            numbered[i] = DIGITS[(int) rest & DIGIT_MASK];
            rest >>>= DIGIT_BITS;
        }
        return numbered;
    }

    /**
     * The number that a message carries.
     *
     * @throws IllegalArgumentException if it carries none
     */
    static long of(byte[] message) {
        if (message.length < SHORTEST) {
            throw new IllegalArgumentException("a message of " + message.length + " bytes carries no number");
        }
        long number = 0;
        for (int i = FROM; i < TO; i++) {
            int digit = Character.digit((char) message[i], DIGIT_MASK + 1);
            if (digit < 0) {
                throw new IllegalArgumentException(
                        "no message of ours: " + new String(message, StandardCharsets.ISO_8859_1));
            }
            number = number << DIGIT_BITS | digit;
        }
        return number;
    }
}
