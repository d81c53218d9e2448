package io.coordinator.client.internal.document;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.document.DocumentNode;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.Selector;
import io.coordinator.client.internal.async.Await;
import io.coordinator.protocol.DocumentEdit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One place in a document, for callers that wait. */
class BlockingNode extends EditMessages<EditOutcome> implements DocumentNode {
    private final StagedNode node;

    BlockingNode(StagedNode node) {
        super(node.json(), node.selector());
        this.node = node;
    }

    @Override
    EditOutcome make(Consumer<DocumentEdit.Builder> edit) {
        return Await.result(node.make(edit));
    }

    @Override
    public DocumentNode at(Selector below) {
        return new BlockingNode(node.at(below));
    }

    @Override
    public Optional<JsonNode> get() {
        return Await.result(node.get());
    }

    @Override
    public <T> Optional<T> get(Class<T> type) {
        return Await.result(node.get(type));
    }

    @Override
    public <T> Optional<T> get(TypeReference<T> type) {
        return Await.result(node.get(type));
    }

    @Override
    public boolean exists() {
        return Await.result(node.exists());
    }

    @Override
    public OptionalLong length() {
        return Await.result(node.length());
    }
}
