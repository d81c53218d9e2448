package io.coordinator.document;

/**
 * Compares numbers by their JSON texts, digit by digit: in proportion to their lengths, and without making anything.
 */
final class Decimals {
    /** More digits than this in an exponent fit no long; such a number is only the same as its own text. */
    private static final int EXPONENT_DIGITS_MAX = 17;

    private static final long BEYOND = Long.MAX_VALUE;
    private static final int RADIX = 10;

    private Decimals() {}

    /** Whether two texts of numbers mean the same number: 1, 1.00, 10e-1 and 0.1E1 do, and so do 0 and -0. */
    static boolean same(byte[] one, byte[] other) {
        int end = mantissaEnd(one);
        int otherEnd = mantissaEnd(other);
        int first = firstDigit(one, end);
        int otherFirst = firstDigit(other, otherEnd);
        if (first == end || otherFirst == otherEnd) {
            return first == end && otherFirst == otherEnd;
        }
        if ((one[0] == '-') != (other[0] == '-')) {
            return false;
        }
        long exponent = exponent(one, end);
        long otherExponent = exponent(other, otherEnd);
        return exponent != BEYOND
                && otherExponent != BEYOND
                && exponent + magnitude(one, first, end) == otherExponent + magnitude(other, otherFirst, otherEnd)
                && sameDigits(one, first, end, other, otherFirst, otherEnd);
    }

    /** Where the exponent begins, or the text ends. */
    private static int mantissaEnd(byte[] number) {
        int end = 0;
        while (end < number.length && number[end] != 'e' && number[end] != 'E') {
            end++;
        }
        return end;
    }

    /** Where the first digit is that is not 0; the end for zero. */
    private static int firstDigit(byte[] number, int end) {
        int first = 0;
        while (first < end && (number[first] < '1' || number[first] > '9')) {
            first++;
        }
        return first;
    }

    /** By how many places the point is right of the first digit; negative if it is left of it. */
    private static int magnitude(byte[] number, int first, int end) {
        int point = 0;
        while (point < end && number[point] != '.') {
            point++;
        }
        return point > first ? point - first : point - first + 1;
    }

    private static long exponent(byte[] number, int end) {
        int at = end + 1;
        boolean isNegative = at < number.length && number[at] == '-';
        if (at < number.length && (number[at] == '-' || number[at] == '+')) {
            at++;
        }
        while (at < number.length && number[at] == '0') {
            at++;
        }
        if (number.length - at > EXPONENT_DIGITS_MAX) {
            return BEYOND;
        }
        long exponent = 0;
        for (; at < number.length; at++) {
            exponent = exponent * RADIX + number[at] - '0';
        }
        return isNegative ? -exponent : exponent;
    }

    private static boolean sameDigits(byte[] one, int first, int end, byte[] other, int otherFirst, int otherEnd) {
        int at = first;
        int otherAt = otherFirst;
        while (at < end || otherAt < otherEnd) {
            at += at < end && one[at] == '.' ? 1 : 0;
            otherAt += otherAt < otherEnd && other[otherAt] == '.' ? 1 : 0;
            if (digit(one, at++, end) != digit(other, otherAt++, otherEnd)) {
                return false;
            }
        }
        return true;
    }

    /** A number goes on with zeros where its text ends. */
    private static int digit(byte[] number, int at, int end) {
        return at < end ? number[at] : '0';
    }
}
