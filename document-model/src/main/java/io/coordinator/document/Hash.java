package io.coordinator.document;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * 64-bit hashes of content, the same on every machine and however a value came about. They detect accidents, not
 * forgery.
 */
final class Hash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = 0x9E3779B97F4A7C15L;
    private static final long FACTOR = 0xD6E8FEB86659FD93L;

    /**
     * Of a sequence it is the sum of the hashes of its elements, each times this to the power of how many follow. It is
     * odd, so that its powers do not run out.
     */
    static final long BASE = 0x9FB21C651E98DF25L;

    private static final int POWERS_KEPT = 256;
    private static final long[] POWERS = powers();

    private Hash() {}

    /** A power of {@link #BASE}. */
    static long power(int exponent) {
        long power = POWERS[exponent % POWERS.length];
        for (int i = exponent / POWERS.length; i > 0; i--) {
            power *= POWERS[POWERS.length - 1] * BASE;
        }
        return power;
    }

    private static long[] powers() {
        long[] powers = new long[POWERS_KEPT];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * BASE;
        }
        return powers;
    }

    static long of(byte[] bytes, int from, int to) {
        long hash = SEED + (to - from);
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = of(hash, (long) LONGS.get(bytes, i));
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = (rest << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return of(hash, rest);
    }

    /** Of two numbers; order counts. */
    static long of(long a, long b) {
        long mixed = (a ^ Long.rotateLeft(b, 32) ^ SEED) * FACTOR;
        mixed ^= mixed >>> 32;
        mixed = (mixed + b) * FACTOR;
        return mixed ^ (mixed >>> 29);
    }
}
