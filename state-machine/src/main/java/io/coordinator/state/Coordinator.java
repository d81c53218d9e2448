package io.coordinator.state;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SnapshotHeader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The whole replicated state. Not thread-safe, except {@link #refuse}: the caller serializes {@link #apply},
 * {@link #query}, {@link #capture} and the views.
 */
public final class Coordinator {

    public Coordinator(Limits limits) {
        throw new UnsupportedOperationException();
    }

    /**
     * Rebuilds a state from a snapshot.
     *
     * @param header of the snapshot
     * @param rows calls its argument with each row, in any order
     * @throws CorruptStateException if rows and header disagree, by digest or count
     */
    public static Coordinator restore(Limits limits, SnapshotHeader header, RowSource rows)
            throws CorruptStateException {
        throw new UnsupportedOperationException();
    }

    /** Where {@link #restore} reads from. */
    public interface RowSource {
        void forEach(Consumer<Row> visitor);
    }

    /** One stored row. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Row(byte[] key, byte[] value) {}

    /**
     * Why this command must not be proposed: bad arguments, too large, or unknown to the active version. A pure function
     * of the command, the limits and the active version; safe on any thread.
     */
    public Optional<Error> refuse(Command command) {
        throw new UnsupportedOperationException();
    }

    /** Why this query cannot be answered at all; safe on any thread. */
    public Optional<Error> refuse(Query query) {
        throw new UnsupportedOperationException();
    }

    /**
     * Applies one entry. Refusals are replies, never exceptions.
     *
     * @throws UnknownCommandException if the entry comes from a newer version; this replica must stop
     */
    public Applied apply(long index, Entry entry) {
        throw new UnsupportedOperationException();
    }

    /** Answers from the applied state. Whether that is fresh enough is the caller's business. */
    public Answer query(Query query) {
        throw new UnsupportedOperationException();
    }

    /** Freezes what changed since the last capture, in constant time or nearly so. */
    public StateCapture capture() {
        throw new UnsupportedOperationException();
    }

    /** The index of the last entry applied. */
    public long index() {
        throw new UnsupportedOperationException();
    }

    public long clusterTimeMillis() {
        throw new UnsupportedOperationException();
    }

    public long revision() {
        throw new UnsupportedOperationException();
    }

    /** A fingerprint of every row and counter; equal on all replicas at the same index. */
    public long digest() {
        throw new UnsupportedOperationException();
    }

    /** Rows changed since the last capture. */
    public int dirtyRows() {
        throw new UnsupportedOperationException();
    }

    /** True if the last entry applied was a leader's last word (see Entry.lease_released). */
    public boolean leaseReleased() {
        throw new UnsupportedOperationException();
    }

    /** The earliest cluster time at which something expires. */
    public OptionalLong nextDeadlineMillis() {
        throw new UnsupportedOperationException();
    }

    public Optional<SessionView> session(long sessionId) {
        throw new UnsupportedOperationException();
    }

    public List<SessionView> sessions() {
        throw new UnsupportedOperationException();
    }

    /** Events of a session that it has not acknowledged, in order. */
    public List<Event> pendingEvents(long sessionId) {
        throw new UnsupportedOperationException();
    }
}
