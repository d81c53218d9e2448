package io.coordinator.client.internal.document;

import io.coordinator.client.document.DocumentPage;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.Selector;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.DeleteDocument;
import io.coordinator.protocol.DocumentAnswer;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdited;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.DocumentOpened;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.DocumentReply;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.GetDocument;
import io.coordinator.protocol.GotDocument;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.ScanDocuments;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** The documents of one namespace, as messages. */
public final class DocumentCalls {
    private final DocumentChannel channel;
    private final String namespace;

    public DocumentCalls(DocumentChannel channel, String namespace) {
        this.channel = channel;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    String namespace() {
        return namespace;
    }

    Duration timeout() {
        return channel.timeout();
    }

    Promises promises() {
        return channel.promises();
    }

    DocumentCalls with(Promises promises) {
        return new DocumentCalls(channel.with(promises), namespace);
    }

    JsonCodec json() {
        return channel.json();
    }

    public DocumentCalls guardedBy(Guard guard) {
        return new DocumentCalls(channel.guardedBy(guard), namespace);
    }

    boolean isGuarded() {
        return channel.isGuarded();
    }

    DocumentCalls withTimeout(Duration timeout) {
        return new DocumentCalls(channel.withTimeout(timeout), namespace);
    }

    DocumentCalls withConsistency(ReadConsistency consistency) {
        return new DocumentCalls(channel.withConsistency(consistency), namespace);
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
                    options.ttl().ifPresent(ttl -> open.setTtlMillis(Times.millis(ttl)));
                    body.setOpen(open);
                },
                reply -> decoder.apply(reply.getOpened()));
    }

    <T> Promise<T> edit(String id, Consumer<EditDocument.Builder> edits, Function<DocumentEdited, T> decoder) {
        return command(id, body -> edits.accept(body.getEditBuilder()), reply -> decoder.apply(reply.getEdited()));
    }

    Promise<Boolean> delete(String id) {
        return command(
                id,
                body -> body.setDelete(DeleteDocument.getDefaultInstance()),
                reply -> reply.getDeleted().getExisted());
    }

    <T> Promise<T> get(String id, Selector selector, boolean withoutValue, Function<GotDocument, T> decoder) {
        return query(
                body -> body.setId(Calls.checkName("id", id))
                        .setGet(GetDocument.newBuilder()
                                .addAllPath(selector.path())
                                .setWithoutValue(withoutValue)),
                (answer, revision) -> decoder.apply(answer.getGot()));
    }

    Promise<DocumentPage> scan(String prefix, String after, int limit, boolean withContent) {
        return query(
                body -> {
                    if (limit < 1) {
                        throw new ValidationException("limit must be at least 1, but is " + limit);
                    }
                    body.setId(Text.prefix("prefix", prefix))
                            .setScan(ScanDocuments.newBuilder()
                                    .setAfter(Text.prefix("after", after))
                                    .setLimit(limit)
                                    .setWithContent(withContent));
                },
                this::page);
    }

    private DocumentPage page(DocumentAnswer answer, long revision) {
        return new DocumentPage(
                answer.getScanned().getDocumentsList().stream()
                        .map(one -> new DocumentPage.Item(
                                one.getId(),
                                Outcomes.of(one.getInfo()),
                                one.getBytes(),
                                json().readIfPresent(one.getContent())))
                        .toList(),
                answer.getScanned().getMore(),
                revision);
    }

    private <T> Promise<T> command(
            String id, Consumer<DocumentCommand.Builder> operation, Function<DocumentReply, T> decoder) {
        return channel.command(
                body -> operation.accept(body.setNamespace(namespace).setId(Calls.checkName("id", id))), decoder);
    }

    private <T> Promise<T> query(Consumer<DocumentQuery.Builder> operation, DocumentChannel.Decoder<T> decoder) {
        return channel.query(body -> operation.accept(body.setNamespace(namespace)), decoder);
    }
}
