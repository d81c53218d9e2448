package io.coordinator.client.internal.document;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.DocumentAnswer;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.DocumentReply;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** Messages about documents. Failures of all kinds, also of the body, reach the caller through the promise. */
public record DocumentChannel(Calls calls) {
    /** Reads an answer. */
    @FunctionalInterface
    interface Decoder<T> {
        /** Reads an answer that was given at that revision. */
        T decode(DocumentAnswer answer, long revision);
    }

    /** Changes something. */
    <T> Promise<T> command(Consumer<DocumentCommand.Builder> body, Function<DocumentReply, T> decoder) {
        return calls.reading()
                .command(
                        envelope -> {
                            DocumentCommand.Builder command = DocumentCommand.newBuilder();
                            body.accept(command);
                            DocumentCommand built = command.build();
                            envelope.setDocument(built);
                            return built.getSerializedSize();
                        },
                        reply -> {
                            if (!reply.hasDocument()) {
                                throw Errors.unexpectedAnswer(reply.getOutcomeCase());
                            }
                            return decoder.apply(reply.getDocument());
                        });
    }

    /** Reads. */
    <T> Promise<T> query(Consumer<DocumentQuery.Builder> body, Decoder<T> decoder) {
        return calls.reading().query(envelope -> body.accept(envelope.getDocumentBuilder()), answer -> {
            if (!answer.hasDocument()) {
                throw Errors.unexpectedAnswer(answer.getOutcomeCase());
            }
            return decoder.decode(answer.getDocument(), answer.getRevision());
        });
    }

    DocumentChannel guardedBy(Guard guard) {
        return new DocumentChannel(calls.guardedBy(guard));
    }

    DocumentChannel withTimeout(Duration timeout) {
        return new DocumentChannel(calls.withTimeout(timeout));
    }

    DocumentChannel withConsistency(ReadConsistency consistency) {
        return new DocumentChannel(calls.withConsistency(consistency));
    }

    Duration timeout() {
        return calls.timeout();
    }

    JsonCodec json() {
        return calls.json();
    }
}
