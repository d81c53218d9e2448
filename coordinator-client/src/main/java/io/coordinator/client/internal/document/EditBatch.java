package io.coordinator.client.internal.document;

import io.coordinator.client.document.DocumentBatch;
import io.coordinator.client.document.Selector;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.protocol.DocumentEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Edits that are collected; places of one batch share the list. */
public final class EditBatch extends EditMessages<DocumentBatch> implements DocumentBatch {
    private final List<DocumentEdit> edits;

    private EditBatch(JsonCodec json, Selector selector, List<DocumentEdit> edits) {
        super(json, selector);
        this.edits = edits;
    }

    /** What a function collects. */
    public static List<DocumentEdit> collect(JsonCodec json, Consumer<DocumentBatch> function) {
        EditBatch batch = new EditBatch(json, Selector.root(), new ArrayList<>());
        function.accept(batch);
        return List.copyOf(batch.edits);
    }

    @Override
    DocumentBatch make(Consumer<DocumentEdit.Builder> edit) {
        DocumentEdit.Builder message = DocumentEdit.newBuilder();
        edit.accept(message);
        edits.add(message.build());
        return this;
    }

    @Override
    public DocumentBatch at(Selector below) {
        return new EditBatch(json(), selector().then(below), edits);
    }
}
