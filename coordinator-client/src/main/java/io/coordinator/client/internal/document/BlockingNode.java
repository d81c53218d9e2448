package io.coordinator.client.internal.document;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.DocumentNode;
import io.coordinator.client.EditOutcome;
import io.coordinator.client.Selector;
import io.coordinator.client.internal.async.Await;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.GotDocument;
import io.coordinator.protocol.JsonType;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One place in a document, for callers that wait. */
class BlockingNode extends EditMessages<EditOutcome> implements DocumentNode {
    private final DocumentCalls calls;
    private final String id;

    BlockingNode(DocumentCalls calls, String id, Selector selector) {
        super(calls.json(), selector);
        this.calls = calls;
        this.id = id;
    }

    DocumentCalls calls() {
        return calls;
    }

    public String id() {
        return id;
    }

    @Override
    EditOutcome make(Consumer<DocumentEdit.Builder> edit) {
        return Outcomes.of(
                Await.result(calls.edit(
                                id,
                                message -> edit.accept(message.setLenient(true).addEditsBuilder())))
                        .getResults(0),
                json());
    }

    @Override
    public DocumentNode at(Selector below) {
        return new BlockingNode(calls, id, selector().then(below));
    }

    @Override
    public Optional<JsonNode> get() {
        GotDocument got = read(false);
        return got.getFound() ? Optional.of(json().read(got.getValue())) : Optional.empty();
    }

    @Override
    public <T> Optional<T> get(Class<T> type) {
        return get(json().type(type));
    }

    @Override
    public <T> Optional<T> get(TypeReference<T> type) {
        return get(json().type(type));
    }

    private <T> Optional<T> get(JavaType type) {
        GotDocument got = read(false);
        return got.getFound() ? Optional.ofNullable(json().read(got.getValue(), type)) : Optional.empty();
    }

    @Override
    public boolean exists() {
        return read(true).getFound();
    }

    @Override
    public OptionalLong length() {
        GotDocument got = read(true);
        return got.getType() == JsonType.JSON_ARRAY || got.getType() == JsonType.JSON_OBJECT
                ? OptionalLong.of(got.getLength())
                : OptionalLong.empty();
    }

    GotDocument read(boolean withoutValue) {
        return Await.result(calls.get(id, selector(), withoutValue));
    }
}
