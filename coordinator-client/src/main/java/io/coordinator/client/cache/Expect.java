package io.coordinator.client.cache;

import io.coordinator.client.error.ValidationException;
import org.jspecify.annotations.Nullable;

/** What a compare-and-set expects a key to be (PM-ATOM-7). */
public sealed interface Expect {
    /** No such key. */
    record Absent() implements Expect {}

    /** No such key, or one that holds JSON null. */
    record AbsentOrNull() implements Expect {}

    /**
     * Deep JSON equality: the order of members is irrelevant, and 1 equals 1.0. Opaque values cannot be compared: a
     * compare-and-set or a transaction that tries it fails with {@link ValidationException}.
     *
     * @param value anything that the client's mapper can write; null for JSON null
     */
    record Value(@Nullable Object value) implements Expect {}

    /**
     * The key's last change has this revision.
     *
     * @param revision 0 for no such key; one that the key does not have, also a negative one, is not met
     */
    record Revision(long revision) implements Expect {}

    /** Expects that there is no such key. */
    static Expect absent() {
        return new Absent();
    }

    /** Expects that there is no such key, or JSON null. */
    static Expect absentOrNull() {
        return new AbsentOrNull();
    }

    /** Expects a value; null for JSON null. */
    static Expect value(@Nullable Object value) {
        return new Value(value);
    }

    /**
     * Expects a revision, as in {@link Entry#revision()}.
     *
     * @param revision 0 for no such key; one that the key does not have, also a negative one, is not met
     */
    static Expect revision(long revision) {
        return new Revision(revision);
    }
}
