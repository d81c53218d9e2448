package io.coordinator.client.internal.document;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.document.AsyncDocumentNode;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.Selector;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.GotDocument;
import io.coordinator.protocol.JsonType;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** One place in a document, as messages. */
class StagedNode extends EditMessages<CompletionStage<EditOutcome>> implements AsyncDocumentNode {
    private final DocumentCalls calls;
    private final String id;

    StagedNode(DocumentCalls calls, String id, Selector selector) {
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
    Promise<EditOutcome> make(Consumer<DocumentEdit.Builder> edit) {
        return calls.edit(
                id,
                message -> edit.accept(message.setLenient(true).addEditsBuilder()),
                edited -> Outcomes.of(edited.getResults(0), json()));
    }

    @Override
    public StagedNode at(Selector below) {
        return new StagedNode(calls, id, selector().then(below));
    }

    @Override
    public Promise<Optional<JsonNode>> get() {
        return calls.get(
                id,
                selector(),
                false,
                got -> got.getFound() ? Optional.of(json().read(got.getValue())) : Optional.empty());
    }

    @Override
    public <T> Promise<Optional<T>> get(Class<T> type) {
        return get(json().type(type));
    }

    @Override
    public <T> Promise<Optional<T>> get(TypeReference<T> type) {
        return get(json().type(type));
    }

    private <T> Promise<Optional<T>> get(JavaType type) {
        return calls.get(
                id,
                selector(),
                false,
                got -> got.getFound() ? Optional.ofNullable(json().<T>read(got.getValue(), type)) : Optional.empty());
    }

    @Override
    public Promise<Boolean> exists() {
        return calls.get(id, selector(), true, GotDocument::getFound);
    }

    @Override
    public Promise<OptionalLong> length() {
        return calls.get(
                id,
                selector(),
                true,
                got -> got.getType() == JsonType.JSON_ARRAY || got.getType() == JsonType.JSON_OBJECT
                        ? OptionalLong.of(got.getLength())
                        : OptionalLong.empty());
    }
}
