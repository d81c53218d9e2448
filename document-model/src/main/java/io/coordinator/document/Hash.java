package io.coordinator.document;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** 64-bit hashes of content, the same on every machine and however a value came about. They detect accidents, not forgery. */
final class Hash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = 0x9E3779B97F4A7C15L;
    private static final long FACTOR = 0xD6E8FEB86659FD93L;

    private Hash() {}

    static long of(byte[] bytes) {
        long hash = SEED + bytes.length;
        int i = 0;
        for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
            hash = of(hash, (long) LONGS.get(bytes, i));
        }
        long rest = 0;
        for (; i < bytes.length; i++) {
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
