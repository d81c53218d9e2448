package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Random;

/**
 * What single fields are filled with. Plausible names are few, so that commands meet, and never those of a good client.
 */
final class Values {
    private static final int LONG_NAME = 60_000;
    private static final int DEEP = 100_000;
    private static final List<String> NAMES = List.of("a", "b", "c", "list", "o", "0", "e/f");
    private static final List<String> JSON = List.of(
            "null",
            "0",
            "-7",
            "1.5",
            "\"s\"",
            "{\"a\":1,\"list\":[1,2,3],\"o\":{}}",
            "[]",
            "[1,2,3]",
            "9223372036854775807",
            "\"" + "x".repeat(300) + "\"");
    private static final List<String> NOT_JSON = List.of(
            "",
            "{",
            "oops",
            "1e999999999",
            "-",
            "[1,]",
            "{\"a\":1,\"a\":2}",
            "\"\\ud83d\"",
            "0." + "1".repeat(3_000),
            "NaN",
            "1 2");
    private static final long[] EXTREMES = {
        Long.MIN_VALUE, Long.MAX_VALUE, -1, 0, 1, 1L << 31, (1L << 32) - 1, 1L << 32, Integer.MIN_VALUE, 1L << 62
    };
    private static final double[] DECIMALS = {
        Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 0.1
    };
    /** Half a surrogate pair, an overlong NUL, a byte that no UTF-8 has, NUL, and a whole character. */
    private static final List<ByteString> ODD_STRINGS =
            List.of(of(0xED, 0xA0, 0xBD), of(0xC0, 0x80), of(0xFF), of(0), of(0xF0, 0x9F, 0x98, 0x80), of('a', 0, 'b'));

    private final Random random;

    Values(Random random) {
        this.random = random;
    }

    private static ByteString of(int... bytes) {
        byte[] copy = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            copy[i] = (byte) bytes[i];
        }
        return ByteString.copyFrom(copy);
    }

    ByteString string(FieldDescriptor field, Style style, int bytesMax) {
        return style == Style.PLAUSIBLE ? ByteString.copyFromUtf8(name(field)) : oddString(bytesMax);
    }

    private String name(FieldDescriptor field) {
        return switch (field.getName()) {
            case "namespace" -> "hostile-" + random.nextInt(4);
            // Any cluster, no token; nobody to hand the leadership to, which would be no attack but an order.
            case "cluster", "auth_token", "after", "after_name", "after_namespace" -> "";
            case "to" -> "nobody";
            default -> NAMES.get(random.nextInt(NAMES.size()));
        };
    }

    private ByteString oddString(int bytesMax) {
        return switch (random.nextInt(8)) {
            case 0 -> filled('n', Math.min(LONG_NAME, bytesMax));
            case 1 -> filled('n', random.nextInt(1, Math.max(2, bytesMax)));
            case 2 -> filled('n', 1024 + random.nextInt(2));
            case 3 -> ByteString.EMPTY;
            case 4 -> ByteString.copyFromUtf8(NAMES.get(random.nextInt(NAMES.size())));
            default -> ODD_STRINGS.get(random.nextInt(ODD_STRINGS.size()));
        };
    }

    ByteString bytes(FieldDescriptor field, Style style, int bytesMax) {
        if (field.getName().equals("resume_token")) {
            return random(style == Style.PLAUSIBLE ? 24 : random.nextInt(2_000));
        }
        if (style == Style.PLAUSIBLE) {
            return ByteString.copyFromUtf8(JSON.get(random.nextInt(JSON.size())));
        }
        return switch (random.nextInt(6)) {
            case 0 -> random(random.nextInt(1, Math.max(2, Math.min(bytesMax, 4_000))));
            case 1 -> filled('[', Math.max(1, Math.min(bytesMax, DEEP)));
            case 2 -> filled('1', random.nextInt(1, Math.max(2, bytesMax)));
            case 3 -> ByteString.copyFromUtf8(JSON.get(random.nextInt(JSON.size())));
            default -> ByteString.copyFromUtf8(NOT_JSON.get(random.nextInt(NOT_JSON.size())));
        };
    }

    long number(FieldDescriptor field, Style style) {
        if (style == Style.WILD) {
            return random.nextInt(4) == 0 ? random.nextLong() : EXTREMES[random.nextInt(EXTREMES.length)];
        }
        String name = field.getName();
        if (name.startsWith("version")) {
            return 1;
        }
        if (name.equals("lease_millis")) {
            return 5_000;
        }
        if (name.endsWith("_millis")) {
            return random.nextInt(600);
        }
        return name.endsWith("token") ? random.nextInt(200) : random.nextInt(5);
    }

    int enumeration(FieldDescriptor field, Style style) {
        if (style == Style.WILD && random.nextBoolean()) {
            return random.nextInt();
        }
        List<EnumValueDescriptor> known = field.getEnumType().getValues();
        return known.get(random.nextInt(known.size())).getNumber();
    }

    double decimal(Style style) {
        return style == Style.WILD ? DECIMALS[random.nextInt(DECIMALS.length)] : random.nextInt(9) / 2.0 - 2;
    }

    private ByteString random(int bytes) {
        byte[] any = new byte[bytes];
        random.nextBytes(any);
        return ByteString.copyFrom(any);
    }

    static ByteString filled(char with, int bytes) {
        return ByteString.copyFromUtf8(String.valueOf(with).repeat(bytes));
    }
}
