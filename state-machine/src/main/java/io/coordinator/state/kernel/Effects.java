package io.coordinator.state.kernel;

import com.google.protobuf.ByteString;
import io.coordinator.document.Meter;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import java.util.List;

/** What a data type does to the world beyond its own rows. */
public interface Effects {

    /** A fencing token greater than every one before it, whatever it was minted for. */
    long mintToken();

    /** Whether a token has ever been minted, for whatever it was. */
    boolean isMinted(long token);

    /** A place in a queue, behind every one given before. */
    long nextTicket();

    /**
     * Announces an effective change and gives it its revision. Every change has a revision of its own, and there is no
     * revision without a change.
     *
     * @param value the new value, empty where the kind has none
     * @return the revision
     */
    long change(DataKind data, Name name, ChangeKind kind, ByteString value);

    /**
     * As {@link #change(DataKind, Name, ChangeKind, ByteString)}, for a JSON Patch.
     *
     * @param appended see {@code Change.appended}
     */
    long change(DataKind data, Name name, ChangeKind kind, ByteString patch, List<Integer> appended);

    /**
     * Tells a session something, for as long as it takes to hear it. Does nothing if the session has ended.
     *
     * @param event with {@code request_seq} and body; the number is given here
     */
    void tell(long sessionId, Event.Builder event);

    /**
     * A value that many sessions are going to be told, kept once for all of them.
     *
     * @return puts it into an event
     */
    Shared share(ByteString value);

    /**
     * Notes how long something took, as a figure for people: nothing is kept of it in the state.
     *
     * @param millis what is negative, since dates can be behind, counts as 0
     */
    void took(DataKind data, Span span, Name name, long millis);

    /** The present command's budget, for work that is done outside of tables. */
    Meter meter();

    /** How much of a job that grows with the state is to be done in this entry. */
    Slice slice();

    /**
     * Has the rest of a job done in later entries; see {@link DataType#resume}. Jobs are done in the order in which
     * they were left, each to its end before the next one.
     *
     * @param rest without {@code data}
     */
    void later(DataKind data, Chore.Builder rest);

    /** The same for jobs of which nobody can see whether they are done: they come after all others. */
    void reclaimLater(DataKind data, Chore.Builder rest);

    /** A value in an event, either itself or by reference. */
    interface Shared {
        void putInto(Event.Builder event);

        /** How a {@link Chore} refers to it, 0 if it holds the value itself. */
        long id();
    }
}
