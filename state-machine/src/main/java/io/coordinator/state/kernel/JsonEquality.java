package io.coordinator.state.kernel;

import com.google.protobuf.ByteString;
import io.coordinator.document.Equality;
import io.coordinator.document.JsonText;
import io.coordinator.document.Meter;
import io.coordinator.document.Value;
import org.jspecify.annotations.Nullable;

/**
 * Whether two JSON texts mean the same: the order of members does not count, and 1 is 1.0 (G-9). Counts beforehand
 * what reading and comparing takes, which depends far more on the number of values than on bytes.
 */
public final class JsonEquality {
    private static final int STEPS_A_VALUE = 6;
    private static final int BYTES_A_STEP = 16;
    private static final String PART = "the comparison of JSON values";
    private static final ByteString NULL = ByteString.copyFromUtf8("null");

    private JsonEquality() {}

    /** Texts that are not JSON are equal only byte for byte. */
    public static boolean same(ByteString a, ByteString b, Meter meter) {
        if (a.equals(b)) {
            return true;
        }
        Value value = parse(a, meter);
        return value != null && same(value, b, meter);
    }

    /** What is not JSON equals no value. */
    public static boolean same(Value value, ByteString text, Meter meter) {
        Value other = parse(text, meter);
        return other != null && Equality.same(value, other, meter);
    }

    /** Whether a JSON text is null. Space around it is all that takes time. */
    public static boolean isNull(ByteString text, Meter meter) {
        int from = afterSpace(text, 0, meter);
        int to = from + NULL.size();
        return to <= text.size() && text.substring(from, to).equals(NULL) && afterSpace(text, to, meter) == text.size();
    }

    /** Whether a JSON text can be a number, told by how it begins. */
    public static boolean mayBeNumber(ByteString text, Meter meter) {
        int at = afterSpace(text, 0, meter);
        return at < text.size() && (text.byteAt(at) == '-' || Character.isDigit(text.byteAt(at)));
    }

    private static int afterSpace(ByteString text, int from, Meter meter) {
        int at = from;
        while (at < text.size() && isSpace(text.byteAt(at))) {
            if ((at - from) % BYTES_A_STEP == 0) {
                meter.steps("space in JSON values", 1);
            }
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private static @Nullable Value parse(ByteString text, Meter meter) {
        meter.steps(PART, text.size() / BYTES_A_STEP);
        meter.steps(PART, STEPS_A_VALUE * JsonText.values(text));
        return JsonText.parseIfValid(text);
    }
}
