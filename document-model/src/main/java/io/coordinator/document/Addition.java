package io.coordinator.document;

import com.fasterxml.jackson.core.io.NumberOutput;
import com.google.protobuf.ByteString;
import io.coordinator.protocol.ErrorCode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a JSON number. Exact in 64 bits if both sides are whole by value, so that 1.0 counts as 1; otherwise in
 * doubles. A sum that whoever asked could not read is none: beyond 64 bits for who added a long, beyond the
 * finite for who added a double. The result is written alike by every Java version.
 */
public final class Addition {
    private static final double LONG_LIMIT = 0x1p63;
    /** So many digits always fit a long. */
    private static final int SAFE_DIGITS = 18;

    private Addition() {}

    public sealed interface Result permits Sum, Failure {}

    /** The new number as JSON text. */
    public record Sum(ByteString text) implements Result {}

    /** {@code ENOTNUMBER} or {@code EOVERFLOW}. */
    public record Failure(ErrorCode code) implements Result {}

    /**
     * The sum with a stored number, or why there is none: more than a long among others, also if it has a fraction.
     * Counts beforehand what reading the number takes.
     */
    public static Result add(ByteString stored, long by, Meter meter) {
        return add(stored, by, LONG_LIMIT, meter);
    }

    /** @param limit below which a sum in doubles must be, whatever its sign; the negative itself is written as more */
    private static Result add(ByteString stored, long by, double limit, Meter meter) {
        Long small = smallWhole(stored);
        if (small != null) {
            return sum(small, by);
        }
        BigDecimal number = number(stored, meter);
        if (number == null) {
            return new Failure(ErrorCode.ENOTNUMBER);
        }
        return isWhole(number) ? sum(number, by) : sum(number.doubleValue() + by, limit);
    }

    /**
     * The sum with a stored number, or why there is none: more than a long if both are whole, else more than any
     * double. Counts beforehand what reading the number takes.
     */
    public static Result add(ByteString stored, double by, Meter meter) {
        boolean whole = by == Math.rint(by);
        if (whole && Math.abs(by) < LONG_LIMIT) {
            return add(stored, (long) by, Double.POSITIVE_INFINITY, meter);
        }
        BigDecimal number = number(stored, meter);
        if (number == null) {
            return new Failure(ErrorCode.ENOTNUMBER);
        }
        return whole && isWhole(number)
                ? new Failure(ErrorCode.EOVERFLOW)
                : sum(number.doubleValue() + by, Double.POSITIVE_INFINITY);
    }

    private static Result sum(long a, long b) {
        long sum = a + b;
        boolean overflow = ((a ^ sum) & (b ^ sum)) < 0;
        return overflow ? new Failure(ErrorCode.EOVERFLOW) : new Sum(ByteString.copyFromUtf8(Long.toString(sum)));
    }

    private static Result sum(BigDecimal whole, long by) {
        try {
            return sum(whole.longValueExact(), by);
        } catch (ArithmeticException e) {
            return new Failure(ErrorCode.EOVERFLOW);
        }
    }

    private static Result sum(double sum, double limit) {
        // Double.toString changed with Java 19; replicas may run on different ones.
        return Math.abs(sum) < limit
                ? new Sum(ByteString.copyFromUtf8(NumberOutput.toString(sum, true)))
                : new Failure(ErrorCode.EOVERFLOW);
    }

    private static boolean isWhole(BigDecimal number) {
        return number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
    }

    private static @Nullable BigDecimal number(ByteString text, Meter meter) {
        meter.steps("the addition", Sizes.scanning(text.size()));
        return JsonText.parseIfValid(text) instanceof Scalar scalar ? Equality.decimal(scalar) : null;
    }

    /** The usual counter without a JSON parser: a short whole number and nothing around it. Null if it is not one. */
    private static @Nullable Long smallWhole(ByteString text) {
        int from = !text.isEmpty() && text.byteAt(0) == '-' ? 1 : 0;
        int digits = text.size() - from;
        if (digits == 0 || digits > SAFE_DIGITS || (digits > 1 && text.byteAt(from) == '0')) {
            return null;
        }
        long value = 0;
        for (int i = from; i < text.size(); i++) {
            int digit = text.byteAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            value = value * 10 + digit;
        }
        return from == 0 ? value : -value;
    }
}
