package io.coordinator.server.read;

/** Where entries come from that prove leadership. */
public interface EntrySource {
    /** The ordinal of the last entry submitted. */
    long submitted();

    /** Has an entry submitted after this call. */
    void requestEntry();
}
