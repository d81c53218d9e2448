package io.coordinator.client.internal.document;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DocumentAnswer;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.DocumentReply;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
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

    private static final TypeEnvelope<DocumentCommand, DocumentQuery> DOCUMENT = new TypeEnvelope<>(
            Command.Builder::setDocument,
            Reply.OutcomeCase.DOCUMENT,
            Query.Builder::setDocument,
            Answer.OutcomeCase.DOCUMENT);

    /** Changes something. */
    <T> Promise<T> command(Consumer<DocumentCommand.Builder> body, Function<DocumentReply, T> decoder) {
        return calls.reading()
                .command(
                        DOCUMENT,
                        () -> {
                            DocumentCommand.Builder command = DocumentCommand.newBuilder();
                            body.accept(command);
                            return command.build();
                        },
                        reply -> decoder.apply(reply.getDocument()));
    }

    /** Reads. */
    <T> Promise<T> query(Consumer<DocumentQuery.Builder> body, Decoder<T> decoder) {
        return calls.reading()
                .query(
                        DOCUMENT,
                        () -> {
                            DocumentQuery.Builder query = DocumentQuery.newBuilder();
                            body.accept(query);
                            return query.build();
                        },
                        answer -> decoder.decode(answer.getDocument(), answer.getRevision()));
    }

    DocumentChannel guardedBy(Guard guard) {
        return new DocumentChannel(calls.guardedBy(guard));
    }

    boolean isGuarded() {
        return calls.guard() != null;
    }

    DocumentChannel withTimeout(Duration timeout) {
        return new DocumentChannel(calls.withTimeout(timeout));
    }

    DocumentChannel withConsistency(ReadConsistency consistency) {
        return new DocumentChannel(calls.withConsistency(consistency));
    }

    /** The same with promises of another kind. */
    DocumentChannel with(Promises promises) {
        return new DocumentChannel(calls.with(promises));
    }

    /** Of the kind that it makes. */
    Promises promises() {
        return calls.promises();
    }

    Duration timeout() {
        return calls.timeout();
    }

    JsonCodec json() {
        return calls.json();
    }
}
