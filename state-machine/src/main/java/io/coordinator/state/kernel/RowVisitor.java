package io.coordinator.state.kernel;

/** Receives stored rows. */
public interface RowVisitor {
    void put(byte[] key, byte[] value);

    void delete(byte[] key);
}
