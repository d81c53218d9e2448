package io.coordinator.client.internal.document;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.DocumentAnswer;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.DocumentReply;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** Where messages about documents go. Failures of all kinds, also of the body, reach the caller through the promise. */
public interface DocumentChannel {
    /** Changes something. */
    <T> Promise<T> command(Consumer<DocumentCommand.Builder> body, Function<DocumentReply, T> decoder);

    /**
     * Reads.
     *
     * @param decoder of the answer and the revision at which it was given
     */
    <T> Promise<T> query(Consumer<DocumentQuery.Builder> body, Decoder<T> decoder);

    DocumentChannel guardedBy(Guard guard);

    DocumentChannel withTimeout(Duration timeout);

    DocumentChannel withConsistency(ReadConsistency consistency);

    /** The same with promises of another kind. */
    DocumentChannel with(Promises promises);

    /** Of the kind that it makes. */
    Promises promises();

    Duration timeout();

    JsonCodec json();

    /** Reads an answer. */
    @FunctionalInterface
    interface Decoder<T> {
        T decode(DocumentAnswer answer, long revision);
    }
}
