package io.coordinator.state.kernel;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A 64-bit hash of stored rows, from their bytes alone, so that it is the same on every machine and survives a restart.
 * Each 16 bytes go through one 64×64→128 bit multiplication whose halves are folded, as in wyhash. It detects
 * accidents, not forgery.
 *
 * <p>Holds a buffer that it encodes into, and so is not thread-safe.
 */
public final class Fingerprint {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED_A = 0x9E3779B97F4A7C15L;
    private static final long SEED_B = 0xD6E8FEB86659FD93L;
    private static final long SEED_C = 0xA0761D6478BD642FL;
    private static final int BLOCK = 16;
    private static final int MAX_UTF8_PER_CHAR = 3;

    private byte[] buffer = new byte[1024];

    /** Of two numbers, order counts. */
    public static long of(long a, long b) {
        return fold(fold(a ^ SEED_A, b ^ SEED_B) ^ a, SEED_C ^ b);
    }

    /** Of a row as it is stored: its table, key and encoded message. */
    public long ofRow(int kind, int table, String key, MessageLite row) {
        int rowSize = row.getSerializedSize();
        reserve(key.length() * MAX_UTF8_PER_CHAR + rowSize);
        int keySize = putKey(key);
        encode(row, keySize, rowSize);
        return finish(kind << Byte.SIZE | table, keySize, rowSize);
    }

    /** The same from bytes already encoded. */
    public long ofRow(int kind, int table, byte[] key, int keyFrom, byte[] row) {
        int keySize = key.length - keyFrom;
        reserve(keySize + row.length);
        System.arraycopy(key, keyFrom, buffer, 0, keySize);
        System.arraycopy(row, 0, buffer, keySize, row.length);
        return finish(kind << Byte.SIZE | table, keySize, row.length);
    }

    /** Of a message in one place of a numbered sequence. */
    public long ofMessage(long sequence, long number, MessageLite message) {
        int size = message.getSerializedSize();
        reserve(size);
        encode(message, 0, size);
        return finish(of(sequence, number), 0, size);
    }

    /** The same from bytes already encoded. */
    public long ofMessage(long sequence, long number, byte[] message) {
        reserve(message.length);
        System.arraycopy(message, 0, buffer, 0, message.length);
        return finish(of(sequence, number), 0, message.length);
    }

    private void reserve(int size) {
        if (buffer.length < size + BLOCK) {
            buffer = Arrays.copyOf(buffer, Math.max(size + BLOCK, buffer.length * 2));
        }
    }

    private int putKey(String key) {
        int length = key.length();
        for (int i = 0; i < length; i++) {
            char c = key.charAt(i);
            if (c >= 0x80) {
                byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
                System.arraycopy(utf8, 0, buffer, 0, utf8.length);
                return utf8.length;
            }
            buffer[i] = (byte) c;
        }
        return length;
    }

    private void encode(MessageLite message, int at, int size) {
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(buffer, at, size);
            message.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException("a message outgrew its own serialized size", e);
        }
    }

    private long finish(long seed, int keySize, int rest) {
        int size = keySize + rest;
        Arrays.fill(buffer, size, size + BLOCK, (byte) 0);
        long hash = fold(seed ^ SEED_A, SEED_B + keySize);
        for (int i = 0; i < size; i += BLOCK) {
            hash = fold((long) LONGS.get(buffer, i) ^ SEED_C, (long) LONGS.get(buffer, i + Long.BYTES) ^ hash);
        }
        return fold(hash ^ SEED_A, SEED_C + size);
    }

    private static long fold(long a, long b) {
        // The high half of the unsigned product; that of the signed one is the same for (a, b) and (-a, -b).
        long high = Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
        return high ^ (a * b);
    }
}
