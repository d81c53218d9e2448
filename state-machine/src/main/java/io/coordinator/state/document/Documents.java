package io.coordinator.state.document;

import com.google.protobuf.ByteString;
import io.coordinator.document.Edits;
import io.coordinator.document.JsonText;
import io.coordinator.document.ObjectValue;
import io.coordinator.document.Value;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeleteDocument;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentDeleted;
import io.coordinator.protocol.DocumentEdited;
import io.coordinator.protocol.DocumentInfo;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.DocumentOpened;
import io.coordinator.protocol.DocumentReply;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.StoredDocument;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * JSON documents. The log carries edits and watchers are told patches, never whole documents; an edit costs in
 * proportion to its path. Edits that change nothing get no revision (G-10).
 */
public final class Documents implements DataType {
    /** So many documents end with one session at most; the same on every node for ever. */
    static final int EPHEMERAL_MAX = 100_000;

    private static final int DOCUMENTS = 0;

    private final Table<Document> documents;
    /** Those that end with a session, by the revision of their creation. */
    private final SessionIndex bySession;

    private final DocumentQueries queries;
    private final DocumentConditions conditions;

    public Documents(Storage storage) {
        bySession = new SessionIndex(storage.undo());
        documents = storage.sortedTable(
                DataKind.DOCUMENT,
                DOCUMENTS,
                Document.FORMAT,
                document -> document.info().getExpiresAtMillis());
        queries = new DocumentQueries(documents);
        conditions = new DocumentConditions(queries);
    }

    @Override
    public DataKind kind() {
        return DataKind.DOCUMENT;
    }

    @Override
    public void admit(Command command, Check check) {
        DocumentAdmission.admit(command.getDocument(), check);
    }

    @Override
    public void admit(Query query, Check check) {
        DocumentAdmission.admit(query.getDocument(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        DocumentCommand document = command.getDocument();
        Name name = Name.of(document.getNamespace(), document.getId());
        Document old = live(at, name, effects);
        return switch (document.getOperationCase()) {
            case OPEN -> open(at, name, old, document.getOpen(), effects);
            case EDIT -> old == null ? missing(name) : edit(name, old, document.getEdit(), effects);
            case DELETE -> delete(name, old, document.getDelete(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a document operation");
        };
    }

    /** A document that is there, for a command: what is past its deadline goes first (G-3). */
    private @Nullable Document live(Context at, Name name, Effects effects) {
        Document document = documents.get(name.key());
        if (document != null && at.isPast(document.info().getExpiresAtMillis())) {
            remove(name, document, ChangeKind.EXPIRED, effects);
            return null;
        }
        return document;
    }

    private Reply.Builder open(Context at, Name name, @Nullable Document old, OpenDocument open, Effects effects) {
        if (old == null) {
            return create(at, name, open, effects);
        }
        if (old.info().getKind() != open.getKind()) {
            return Refusals.reply(
                    ErrorCode.EINVAL,
                    "document " + name + " is " + old.info().getKind() + " and cannot be opened as " + open.getKind()
                            + "; open it as what it is, or take another id");
        }
        Document renewed = old;
        if (old.record().getTtlMillis() != 0) {
            renewed = old.expiringAt(at.deadlineAfter(old.record().getTtlMillis()));
            documents.put(name.key(), renewed);
        }
        return opened(false, renewed.info());
    }

    private Reply.Builder create(Context at, Name name, OpenDocument open, Effects effects) {
        Value content = open.getInitialContent().isEmpty()
                ? ObjectValue.EMPTY
                : JsonText.parseIfValid(open.getInitialContent(), effects.meter());
        if (content == null) {
            return Refusals.reply(
                    ErrorCode.EINVAL,
                    "the initial content of document " + name + " is not a JSON value within the limits: "
                            + JsonText.problem(open.getInitialContent()));
        }
        if (content.bytes() > Edits.BYTES_MAX) {
            return tooLarge(name, content.bytes());
        }
        boolean ephemeral = open.getKind() == DocumentKind.EPHEMERAL;
        boolean owned = ephemeral && open.getTtlMillis() == 0;
        if (owned && bySession.count(at.sessionId()) >= EPHEMERAL_MAX) {
            return tooMany(name, at.sessionId());
        }
        long revision =
                effects.change(DataKind.DOCUMENT, name, ChangeKind.PUT, JsonText.write(content, effects.meter()));
        DocumentInfo.Builder info = DocumentInfo.newBuilder()
                .setRevision(revision)
                .setCreateRevision(revision)
                .setVersion(1)
                .setKind(open.getKind())
                .setExpiresAtMillis(ephemeral ? at.deadlineAfter(open.getTtlMillis()) : 0);
        StoredDocument.Builder record = StoredDocument.newBuilder()
                .setInfo(info)
                .setSessionId(owned ? at.sessionId() : 0)
                .setTtlMillis(ephemeral ? open.getTtlMillis() : 0);
        Document created = new Document(record.build(), content);
        documents.put(name.key(), created);
        index(name.key(), created);
        return opened(true, created.info());
    }

    private Reply.Builder edit(Name name, Document old, EditDocument edit, Effects effects) {
        if (isConflict(old, edit.getExpectedRevision())) {
            return conflict(name, old, edit.getExpectedRevision());
        }
        Edits.Result result =
                Edits.apply(old.root(), edit.getEditsList(), edit.getLenient(), Edits.BYTES_MAX, effects.meter());
        if (result instanceof Edits.TooLarge tooLarge) {
            return tooLarge(name, tooLarge.bytes());
        }
        Edits.Outcome outcome = (Edits.Outcome) result;
        if (outcome.failed() >= 0) {
            return notMade(name, edit, outcome);
        }
        Document now = old;
        if (outcome.changed()) {
            long revision =
                    effects.change(DataKind.DOCUMENT, name, ChangeKind.EDITED, outcome.patch(), outcome.appended());
            now = old.changed(outcome.root(), revision);
            documents.put(name.key(), now);
        }
        return reply(DocumentReply.newBuilder()
                .setEdited(DocumentEdited.newBuilder().setInfo(now.info()).addAllResults(outcome.results())));
    }

    private Reply.Builder delete(Name name, @Nullable Document old, DeleteDocument delete, Effects effects) {
        if (old != null && isConflict(old, delete.getExpectedRevision())) {
            return conflict(name, old, delete.getExpectedRevision());
        }
        if (old != null) {
            remove(name, old, ChangeKind.DELETED, effects);
        }
        return reply(DocumentReply.newBuilder()
                .setDeleted(DocumentDeleted.newBuilder().setExisted(old != null)));
    }

    private void remove(Name name, Document old, ChangeKind how, Effects effects) {
        documents.remove(name.key());
        bySession.remove(old.sessionId(), old.info().getCreateRevision());
        effects.change(DataKind.DOCUMENT, name, how, ByteString.EMPTY);
    }

    /** Edits, unless they are lenient: opening one for a session holds it for that session. */
    @Override
    public boolean isReversible(Command command) {
        DocumentCommand document = command.getDocument();
        return document.hasEdit() && !document.getEdit().getLenient();
    }

    @Override
    public long values(Command command) {
        return DocumentAdmission.values(command.getDocument().getEdit());
    }

    @Override
    public Conditional conditions() {
        return conditions;
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.answer(at, query.getDocument());
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        end(due.key(), effects);
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        String key = bySession.first(sessionId);
        while (key != null && !slice.isSpent()) {
            end(key, effects);
            key = bySession.first(sessionId);
        }
        return key == null;
    }

    @Override
    public boolean isFreeing(Command command) {
        return command.getDocument().hasDelete();
    }

    private void end(String key, Effects effects) {
        Document document = documents.get(key);
        if (document == null) {
            throw new IllegalStateException("a document is due that is gone");
        }
        remove(Name.ofKey(key), document, ChangeKind.EXPIRED, effects);
    }

    @Override
    public void rebuild() {
        documents.forEachInOrder(this::index);
    }

    private void index(String key, Document document) {
        if (document.sessionId() != 0) {
            bySession.add(document.sessionId(), document.info().getCreateRevision(), key);
        }
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("documents", documents.size());
    }

    // ---- refusals ----

    private static boolean isConflict(Document document, long expectedRevision) {
        return expectedRevision != 0 && expectedRevision != document.info().getRevision();
    }

    private static Reply.Builder conflict(Name name, Document document, long expected) {
        long current = document.info().getRevision();
        String message = "document " + name + " is at revision " + current + " and not at " + expected
                + ", so nothing was changed; read it again and decide anew";
        return Reply.newBuilder()
                .setError(
                        Refusals.error(ErrorCode.ECONFLICT, message).toBuilder().setCurrentRevision(current));
    }

    private static Reply.Builder missing(Name name) {
        return Refusals.reply(ErrorCode.EKEYNOTFOUND, "there is no document " + name + "; open it first");
    }

    private static Reply.Builder tooLarge(Name name, long bytes) {
        return Refusals.reply(
                ErrorCode.ETOOLARGE,
                "document " + name + " would have " + bytes + " bytes and the limit is " + Edits.BYTES_MAX
                        + ", so nothing was changed; keep it smaller, or spread it over several documents");
    }

    private static Reply.Builder tooMany(Name name, long sessionId) {
        return Refusals.reply(
                ErrorCode.ENOSPACE,
                "session " + sessionId + " owns " + EPHEMERAL_MAX + " documents, which is the limit, so " + name
                        + " was not opened; delete some, give them a ttl, or open it durable");
    }

    private static Reply.Builder notMade(Name name, EditDocument edit, Edits.Outcome outcome) {
        int failed = outcome.failed();
        return Reply.newBuilder()
                .setError(Error.newBuilder()
                        .setCode(ErrorCode.EBATCH)
                        .setFailedEdit(failed)
                        .setMessage(
                                "edit " + (failed + 1) + " of " + edit.getEditsCount() + " of document " + name + " ("
                                        + edit.getEdits(failed).getOperationCase() + ") cannot be made: "
                                        + outcome.results().get(failed).getStatus()
                                        + "; none of them was"));
    }

    private static Reply.Builder opened(boolean created, DocumentInfo info) {
        return reply(DocumentReply.newBuilder()
                .setOpened(DocumentOpened.newBuilder().setCreated(created).setInfo(info)));
    }

    private static Reply.Builder reply(DocumentReply.Builder document) {
        return Reply.newBuilder().setDocument(document);
    }
}
