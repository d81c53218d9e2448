package io.coordinator.state.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.state.kernel.Json;
import java.util.Comparator;

/** Whether two JSON texts mean the same: the order of members does not count, and 1 is 1.0 (G-9). */
final class JsonEquality {
    private static final Comparator<JsonNode> SCALARS = JsonEquality::compareScalars;

    private JsonEquality() {}

    /** Texts that are not JSON are equal only byte for byte. */
    static boolean same(ByteString a, ByteString b) {
        if (a.equals(b)) {
            return true;
        }
        JsonNode left = Json.parse(a);
        JsonNode right = Json.parse(b);
        return left != null && right != null && left.equals(SCALARS, right);
    }

    private static int compareScalars(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }
}
