package io.coordinator.document;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.JsonType;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether values mean the same (G-9, A-08). */
public final class Equality {
    private static final String PART = "comparing";
    private static final String TEXTS = "the comparison of JSON values";
    private static final int STEPS_A_VALUE = 6;
    private static final int BYTES_A_STEP = 16;
    /** What it takes to make two numbers of texts, beside reading them. */
    private static final int DECIMAL_STEPS = 10;

    /** Of what may be a number: to make it of digits takes far longer than to go through them. */
    private static final int DIGITS_PER_STEP = 2;

    /** What has matched is not given back, so that a long number with a letter behind it is gone through once. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?+(?:[0-9]++\\.?+[0-9]*+|\\.[0-9]++)(?:[eE][+-]?+[0-9]{1,9}+)?+");

    private Equality() {}

    /**
     * Deep and by type: the order of members does not count, and 1 is 1.0. Costs in proportion to the smaller of both,
     * and counts that.
     *
     * @throws OverBudgetException by the meter
     */
    public static boolean same(@Nullable Value a, @Nullable Value b, Meter meter) {
        if (a == b) {
            return true;
        }
        if (a == null || b == null || a.type() != b.type() || a.length() != b.length()) {
            return false;
        }
        if (a.length() == 0 && !(a instanceof Scalar)) {
            // One that edits have emptied is another object than one that was read, and must not cost more.
            return true;
        }
        if (a instanceof Scalar one && b instanceof Scalar other) {
            return sameScalars(one, other, meter);
        }
        if (a instanceof ArrayValue array && b instanceof ArrayValue others) {
            return sameItems(array, others, meter);
        }
        return sameMembers((ObjectValue) a, (ObjectValue) b, meter);
    }

    /**
     * The same of two JSON texts. Texts that are not JSON are equal only byte for byte. Counts beforehand what reading
     * and comparing takes, which depends far more on the number of values than on bytes.
     *
     * @throws OverBudgetException by the meter
     */
    public static boolean same(ByteString a, ByteString b, Meter meter) {
        if (a.equals(b)) {
            return true;
        }
        Value value = parse(a, meter);
        return value != null && same(value, b, meter);
    }

    /**
     * The same of a value and a JSON text. What is not JSON equals no value.
     *
     * @throws OverBudgetException by the meter
     */
    public static boolean same(Value value, ByteString text, Meter meter) {
        Value other = parse(text, meter);
        return other != null && same(value, other, meter);
    }

    private static @Nullable Value parse(ByteString text, Meter meter) {
        meter.steps(TEXTS, text.size() / BYTES_A_STEP);
        meter.steps(TEXTS, JsonText.making(text, STEPS_A_VALUE));
        try {
            return JsonText.parseStored(text);
        } catch (IOException e) {
            // That it is not JSON is the answer.
            return null;
        }
    }

    /**
     * Whether one can stand for the other without anybody's noticing: stricter than {@link #same}, as the digits
     * of numbers and the order of members count. Values that differ are told apart without looking into them.
     *
     * @throws OverBudgetException by the meter
     */
    static boolean identical(@Nullable Value a, @Nullable Value b, Meter meter) {
        if (a == null || b == null || a.bytes() != b.bytes() || a.hash() != b.hash()) {
            return a == null && b == null;
        }
        // Whether both are one object depends on how they came about, which must not show in what is counted (G-12).
        meter.steps(PART, 2 * Sizes.scanning(a.bytes()));
        return a == b || Arrays.equals(a.text(), b.text());
    }

    static boolean same(@Nullable Value a, @Nullable Value b, Comparison how, Meter meter) {
        return same(a, b, meter)
                || (how == Comparison.LOOSE
                        && a instanceof Scalar one
                        && b instanceof Scalar other
                        && sameLoosely(one, other, meter));
    }

    /** The number that a scalar is; null if it is none. */
    static @Nullable BigDecimal decimal(Scalar scalar) {
        if (scalar.type() != JsonType.JSON_NUMBER) {
            return null;
        }
        try {
            return new BigDecimal(scalar.content());
        } catch (NumberFormatException e) {
            // An exponent beyond all bounds: it is equal to its own text only, and nothing can be added to it.
            return null;
        }
    }

    private static boolean sameScalars(Scalar one, Scalar other, Meter meter) {
        boolean isNumber = one.type() == JsonType.JSON_NUMBER;
        if (!isNumber && one.bytes() != other.bytes()) {
            return false;
        }
        meter.steps(PART, Sizes.steps(one.bytes()));
        return one.hasTextOf(other) || (isNumber && Decimals.same(one.text(), other.text()));
    }

    private static boolean sameItems(ArrayValue one, ArrayValue other, Meter meter) {
        Iterator<Value> others = other.iterator(meter);
        for (Iterator<Value> items = one.iterator(meter); items.hasNext(); ) {
            meter.steps(PART, 1);
            if (!same(items.next(), others.next(), meter)) {
                return false;
            }
        }
        return true;
    }

    /** Both have their members by name. */
    private static boolean sameMembers(ObjectValue one, ObjectValue other, Meter meter) {
        Iterator<Member> others = other.byName(meter);
        for (Iterator<Member> members = one.byName(meter); members.hasNext(); ) {
            meter.steps(PART, 1);
            Member member = members.next();
            Member counterpart = others.next();
            if (!member.key().hasTextOf(counterpart.key()) || !same(member.value(), counterpart.value(), meter)) {
                return false;
            }
        }
        return true;
    }

    /** JavaScript's == for scalars: null only equals null, everything else is compared as numbers if types differ. */
    private static boolean sameLoosely(Scalar one, Scalar other, Meter meter) {
        if (one.type() == other.type()) {
            return false;
        }
        meter.steps(PART, DECIMAL_STEPS + reading(one) + reading(other));
        BigDecimal a = asNumber(one);
        BigDecimal b = asNumber(other);
        return a != null && b != null && a.compareTo(b) == 0;
    }

    /** What it counts to read a scalar as a number. A text that begins with a letter is none, and most do. */
    private static long reading(Scalar scalar) {
        byte[] text = scalar.text();
        byte first = text[text[0] == '"' ? 1 : 0];
        // Space before a number is passed over; it can be escaped, or lie beyond ASCII, where bytes are negative.
        boolean mayBeNumber = first <= '9' || first == '\\';
        boolean isRead = mayBeNumber && text.length <= JsonText.NUMBER_CHARS_MAX + 2;
        return Sizes.scanning(text.length) + (isRead ? text.length / DIGITS_PER_STEP : 0);
    }

    private static @Nullable BigDecimal asNumber(Scalar scalar) {
        return switch (scalar.type()) {
            case JSON_BOOLEAN -> scalar == Scalar.TRUE ? BigDecimal.ONE : BigDecimal.ZERO;
            case JSON_NUMBER -> decimal(scalar);
            case JSON_STRING -> asNumber(scalar.content().strip());
            default -> null;
        };
    }

    private static @Nullable BigDecimal asNumber(String text) {
        if (text.isEmpty()) {
            return BigDecimal.ZERO;
        }
        // Asked first, since an exception for each of many texts would take most of the time.
        return text.length() <= JsonText.NUMBER_CHARS_MAX
                        && DECIMAL.matcher(text).matches()
                ? new BigDecimal(text)
                : null;
    }
}
