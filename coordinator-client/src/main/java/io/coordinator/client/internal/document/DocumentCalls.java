package io.coordinator.client.internal.document;

import io.coordinator.client.DocumentPage;
import io.coordinator.client.Guard;
import io.coordinator.client.OpenOptions;
import io.coordinator.client.ReadConsistency;
import io.coordinator.client.Selector;
import io.coordinator.client.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.DeleteDocument;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdited;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.DocumentOpened;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.GetDocument;
import io.coordinator.protocol.GotDocument;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScanDocuments;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** The documents of one namespace, as messages. */
public final class DocumentCalls {
    private final Calls calls;
    private final String namespace;

    public DocumentCalls(Calls calls, String namespace) {
        this.calls = calls;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    String namespace() {
        return namespace;
    }

    Duration timeout() {
        return calls.timeout();
    }

    JsonCodec json() {
        return calls.json();
    }

    DocumentCalls guardedBy(Guard guard) {
        return new DocumentCalls(calls.guardedBy(guard), namespace);
    }

    DocumentCalls withTimeout(Duration timeout) {
        return new DocumentCalls(calls.withTimeout(timeout), namespace);
    }

    DocumentCalls withConsistency(ReadConsistency consistency) {
        return new DocumentCalls(calls.withConsistency(consistency), namespace);
    }

    <T> Promise<T> open(String id, OpenOptions options, Function<DocumentOpened, T> decoder) {
        return command(
                id,
                body -> {
                    OpenDocument.Builder open = OpenDocument.newBuilder()
                            .setKind(
                                    switch (options.kind()) {
                                        case DURABLE -> DocumentKind.DURABLE;
                                        case EPHEMERAL -> DocumentKind.EPHEMERAL;
                                        case FILE -> DocumentKind.FILE;
                                    });
                    if (options.hasContent()) {
                        open.setInitialContent(json().write(options.content()));
                    }
                    options.ttl().ifPresent(ttl -> open.setTtlMillis(ttl.toMillis()));
                    body.setOpen(open);
                },
                reply -> decoder.apply(reply.getDocument().getOpened()));
    }

    <T> Promise<T> edit(String id, Consumer<EditDocument.Builder> edits, Function<DocumentEdited, T> decoder) {
        return command(
                id,
                body -> edits.accept(body.getEditBuilder()),
                reply -> decoder.apply(reply.getDocument().getEdited()));
    }

    Promise<Boolean> delete(String id) {
        return command(
                id,
                body -> body.setDelete(DeleteDocument.getDefaultInstance()),
                reply -> reply.getDocument().getDeleted().getExisted());
    }

    <T> Promise<T> get(String id, Selector selector, boolean withoutValue, Function<GotDocument, T> decoder) {
        return query(
                body -> body.setId(Calls.checkName("id", id))
                        .setGet(GetDocument.newBuilder()
                                .addAllPath(selector.path())
                                .setWithoutValue(withoutValue)),
                answer -> decoder.apply(answer.getDocument().getGot()));
    }

    Promise<DocumentPage> scan(String prefix, String after, int limit, boolean withContent) {
        return query(
                body -> {
                    if (limit < 1) {
                        throw new ValidationException("limit must be at least 1, but is " + limit);
                    }
                    body.setId(prefix)
                            .setScan(ScanDocuments.newBuilder()
                                    .setAfter(after)
                                    .setLimit(limit)
                                    .setWithContent(withContent));
                },
                this::page);
    }

    private DocumentPage page(Answer answer) {
        return new DocumentPage(
                answer.getDocument().getScanned().getDocumentsList().stream()
                        .map(one -> new DocumentPage.Item(
                                one.getId(),
                                Outcomes.of(one.getInfo()),
                                one.getBytes(),
                                json().readIfPresent(one.getContent())))
                        .toList(),
                answer.getDocument().getScanned().getMore(),
                answer.getRevision());
    }

    private <T> Promise<T> command(String id, Consumer<DocumentCommand.Builder> operation, Function<Reply, T> decoder) {
        return calls.command(
                envelope -> {
                    DocumentCommand.Builder body =
                            DocumentCommand.newBuilder().setNamespace(namespace).setId(Calls.checkName("id", id));
                    operation.accept(body);
                    DocumentCommand built = body.build();
                    envelope.setDocument(built);
                    return built.getSerializedSize();
                },
                reply -> {
                    if (!reply.hasDocument()) {
                        throw Errors.unexpectedAnswer(reply.getOutcomeCase());
                    }
                    return decoder.apply(reply);
                });
    }

    private <T> Promise<T> query(Consumer<DocumentQuery.Builder> operation, Function<Answer, T> decoder) {
        return calls.query(
                envelope -> {
                    DocumentQuery.Builder body = DocumentQuery.newBuilder().setNamespace(namespace);
                    operation.accept(body);
                    envelope.setDocument(body);
                },
                answer -> {
                    if (!answer.hasDocument()) {
                        throw Errors.unexpectedAnswer(answer.getOutcomeCase());
                    }
                    return decoder.apply(answer);
                });
    }
}
