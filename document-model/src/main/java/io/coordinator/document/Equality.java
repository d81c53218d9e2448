package io.coordinator.document;

import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.JsonType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether values mean the same (G-9, A-08). */
public final class Equality {
    private Equality() {}

    /** Deep and by type: the order of members does not count, and 1 is 1.0. */
    public static boolean same(@Nullable Value a, @Nullable Value b) {
        if (a == b) {
            return true;
        }
        if (a == null || b == null || a.type() != b.type() || a.length() != b.length()) {
            return false;
        }
        if (a instanceof Scalar one && b instanceof Scalar other) {
            return sameScalars(one, other);
        }
        if (a instanceof ArrayValue array && b instanceof ArrayValue others) {
            return sameItems(array, others);
        }
        return sameMembers((ObjectValue) a, (ObjectValue) b);
    }

    static boolean same(@Nullable Value a, @Nullable Value b, Comparison how) {
        return same(a, b)
                || (how == Comparison.LOOSE
                        && a instanceof Scalar one
                        && b instanceof Scalar other
                        && sameLoosely(one, other));
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

    private static boolean sameScalars(Scalar one, Scalar other) {
        if (one.content().equals(other.content())) {
            return true;
        }
        BigDecimal a = decimal(one);
        BigDecimal b = decimal(other);
        return a != null && b != null && a.compareTo(b) == 0;
    }

    private static boolean sameItems(ArrayValue one, ArrayValue other) {
        for (int i = 0; i < one.length(); i++) {
            if (!same(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameMembers(ObjectValue one, ObjectValue other) {
        List<Member> members = new ArrayList<>(one.inOrder());
        for (Member member : members) {
            if (!same(member.value(), other.get(member.name()))) {
                return false;
            }
        }
        return true;
    }

    /** JavaScript's == for scalars: null only equals null, everything else is compared as numbers if types differ. */
    private static boolean sameLoosely(Scalar one, Scalar other) {
        if (one.type() == other.type()) {
            return false;
        }
        BigDecimal a = asNumber(one);
        BigDecimal b = asNumber(other);
        return a != null && b != null && a.compareTo(b) == 0;
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
        if (text.length() > JsonText.NUMBER_CHARS_MAX) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            // A text that is no number equals none.
            return null;
        }
    }
}
