package io.coordinator.client.internal.lock;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import java.util.List;

/** What is asked for and may be held: the commands about it, and what their answers and its events say. Immutable. */
interface Claim {
    String namespace();

    /** What is asked for together; one name for a single lock or a semaphore. */
    List<String> names();

    /** Withdraws a request, or releases what it was granted. */
    Command.Builder cancel(long requestSeq);

    Command.Builder release(long token);

    Command.Builder extend(long token, long ttlMillis);

    /** Reads the answer to a request. */
    Told told(Reply reply);

    /** Reads an event. */
    Told told(Event event);

    /** Reads the answer to an extension: the new deadline in cluster time. */
    long extended(Reply reply);

    /** Reads the answer to a release. */
    Released released(Reply reply);
}
