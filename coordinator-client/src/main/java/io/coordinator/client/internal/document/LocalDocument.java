package io.coordinator.client.internal.document;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.client.document.DocumentNode;
import io.coordinator.client.document.DocumentTransaction;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.Selector;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.document.Edits;
import io.coordinator.document.JsonText;
import io.coordinator.document.Meter;
import io.coordinator.document.Path;
import io.coordinator.document.Scalar;
import io.coordinator.document.Value;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.GotDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A document in this process' memory, edited by the cluster's own rules; those edits that were made are kept for a
 * commit.
 */
final class LocalDocument extends EditMessages<EditOutcome> implements DocumentTransaction {
    private final Draft draft;

    private LocalDocument(Draft draft, JsonCodec json, Selector selector) {
        super(json, selector);
        this.draft = draft;
    }

    static LocalDocument of(GotDocument got, JsonCodec json) {
        return new LocalDocument(
                new Draft(Outcomes.root(got.getValue()), got.getInfo().getRevision()), json, Selector.root());
    }

    /** What all places of one document share. */
    private static final class Draft {
        private final long revision;
        private final List<DocumentEdit> edits = new ArrayList<>();
        private Value root;
        private volatile boolean ended;

        Draft(Value root, long revision) {
            this.root = root;
            this.revision = revision;
        }
    }

    /** No edit is made any more: nobody would commit it. */
    void end() {
        draft.ended = true;
    }

    List<DocumentEdit> edits() {
        return List.copyOf(draft.edits);
    }

    @Override
    public long revision() {
        return draft.revision;
    }

    @Override
    EditOutcome make(Consumer<DocumentEdit.Builder> edit) {
        if (draft.ended) {
            throw new ValidationException(
                    "the transaction's function has ended, so the edit would be lost; make it before, "
                            + "or on the document");
        }
        DocumentEdit.Builder message = DocumentEdit.newBuilder();
        edit.accept(message);
        DocumentEdit built = message.build();
        Edits.Result result = Edits.apply(draft.root, List.of(built), true, Edits.BYTES_MAX, Meter.UNMETERED);
        if (!(result instanceof Edits.Outcome outcome)) {
            throw new PayloadTooLargeException("the edit would make a document of more than " + Edits.BYTES_MAX
                    + " bytes, which no commit would pass; keep it smaller, or spread it over several documents");
        }
        if (outcome.changed()) {
            draft.root = outcome.root();
            draft.edits.add(built);
        }
        return Outcomes.of(outcome.results().get(0), json());
    }

    @Override
    public DocumentNode at(Selector below) {
        return new LocalDocument(draft, json(), selector().then(below));
    }

    private @Nullable Value here() {
        return Path.find(draft.root, selector().path());
    }

    @Override
    public Optional<JsonNode> get() {
        return text().map(json()::read);
    }

    @Override
    public <T> Optional<T> get(Class<T> type) {
        return text().map(text -> json().read(text, json().type(type)));
    }

    @Override
    public <T> Optional<T> get(TypeReference<T> type) {
        return text().map(text -> json().read(text, json().type(type)));
    }

    private Optional<ByteString> text() {
        return Optional.ofNullable(here()).map(JsonText::write);
    }

    @Override
    public boolean exists() {
        return here() != null;
    }

    @Override
    public OptionalLong length() {
        Value value = here();
        return value == null || value instanceof Scalar ? OptionalLong.empty() : OptionalLong.of(value.length());
    }
}
