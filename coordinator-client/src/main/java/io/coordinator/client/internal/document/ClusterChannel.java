package io.coordinator.client.internal.document;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.DocumentReply;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** To the cluster, by the client's session. */
public record ClusterChannel(Calls calls) implements DocumentChannel {
    @Override
    public <T> Promise<T> command(Consumer<DocumentCommand.Builder> body, Function<DocumentReply, T> decoder) {
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

    @Override
    public <T> Promise<T> query(Consumer<DocumentQuery.Builder> body, Decoder<T> decoder) {
        return calls.reading().query(envelope -> body.accept(envelope.getDocumentBuilder()), answer -> {
            if (!answer.hasDocument()) {
                throw Errors.unexpectedAnswer(answer.getOutcomeCase());
            }
            return decoder.decode(answer.getDocument(), answer.getRevision());
        });
    }

    @Override
    public DocumentChannel guardedBy(Guard guard) {
        return new ClusterChannel(calls.guardedBy(guard));
    }

    @Override
    public DocumentChannel withTimeout(Duration timeout) {
        return new ClusterChannel(calls.withTimeout(timeout));
    }

    @Override
    public DocumentChannel withConsistency(ReadConsistency consistency) {
        return new ClusterChannel(calls.withConsistency(consistency));
    }

    @Override
    public DocumentChannel with(Promises promises) {
        return new ClusterChannel(calls.with(promises));
    }

    @Override
    public Promises promises() {
        return calls.promises();
    }

    @Override
    public Duration timeout() {
        return calls.timeout();
    }

    @Override
    public JsonCodec json() {
        return calls.json();
    }
}
