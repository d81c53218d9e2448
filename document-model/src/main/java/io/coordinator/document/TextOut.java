package io.coordinator.document;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Arrays;

/** Takes JSON text. Grows if it must. */
final class TextOut {
    private byte[] bytes;
    private int size;

    /**
     * For a text of so many bytes.
     *
     * @throws IllegalArgumentException if no text can be that long
     */
    TextOut(long capacity) {
        if (capacity > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(capacity + " bytes fit no text");
        }
        bytes = new byte[(int) capacity];
    }

    int size() {
        return size;
    }

    void write(char ascii) {
        reserve(1);
        bytes[size++] = (byte) ascii;
    }

    void write(byte[] text) {
        write(text, 0, text.length);
    }

    void write(byte[] text, int from, int to) {
        reserve(to - from);
        System.arraycopy(text, from, bytes, size, to - from);
        size += to - from;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    void clear() {
        size = 0;
    }

    /** What was written, exactly. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** What was written, for the last time. */
    byte[] done() {
        return size == bytes.length ? bytes : toBytes();
    }

    /** What was written, for the last time. */
    ByteString toText() {
        return UnsafeByteOperations.unsafeWrap(done());
    }
}
