package io.coordinator.state.kernel;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;

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
     * Tells a session something, for as long as it takes to hear it. Does nothing if the session has ended.
     *
     * @param event with {@code request_seq} and body; the number is given here
     */
    void tell(long sessionId, Event.Builder event);
}
