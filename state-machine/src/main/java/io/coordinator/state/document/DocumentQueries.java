package io.coordinator.state.document;

import io.coordinator.document.JsonText;
import io.coordinator.document.Path;
import io.coordinator.document.Value;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.DocumentAnswer;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GetDocument;
import io.coordinator.protocol.GotDocument;
import io.coordinator.protocol.ScanDocuments;
import io.coordinator.protocol.ScannedDocument;
import io.coordinator.protocol.ScannedDocuments;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.Table;
import org.jspecify.annotations.Nullable;

/** Reads documents. */
final class DocumentQueries {
    /** What a document has in a page besides its id and content. */
    private static final int INFO_BYTES = 64;

    private final Table<Document> documents;

    DocumentQueries(Table<Document> documents) {
        this.documents = documents;
    }

    Answer.Builder answer(Context at, DocumentQuery query) {
        Name name = Name.of(query.getNamespace(), query.getId());
        return switch (query.getOperationCase()) {
            case GET -> answer(DocumentAnswer.newBuilder().setGot(get(at, name, query.getGet())));
            case SCAN -> scan(at, name, query.getScan());
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the document query is unknown to this version; upgrade this node");
        };
    }

    /** A document that is there; null if there is none, or it is past its deadline (G-3). */
    @Nullable
    Document find(Context at, Name name) {
        Document document = documents.get(name.key());
        return document == null || at.isPast(document.info().getExpiresAtMillis()) ? null : document;
    }

    private GotDocument get(Context at, Name name, GetDocument get) {
        Document document = find(at, name);
        if (document == null) {
            return GotDocument.getDefaultInstance();
        }
        GotDocument.Builder got = GotDocument.newBuilder().setInfo(document.info());
        Value value = Path.find(document.root(), get.getPathList());
        if (value != null) {
            got.setFound(true).setType(value.type()).setLength(value.length());
            if (!get.getWithoutValue()) {
                got.setValue(JsonText.write(value));
            }
        }
        return got.build();
    }

    /** Documents that are over and not removed yet are passed over, so many of them in one page. */
    private Answer.Builder scan(Context at, Name prefix, ScanDocuments scan) {
        NameScan keys = new NameScan(documents::ceilingKey, documents::higherKey, prefix.namespace(), prefix.name());
        Page page = new Page(scan.getLimit());
        ScannedDocuments.Builder scanned = ScannedDocuments.newBuilder();
        String key = keys.firstAfter(scan.getAfter().isEmpty() ? "" : prefix.namespace(), scan.getAfter());
        while (key != null) {
            Document document = find(at, Name.ofKey(key));
            if (document == null) {
                key = keys.nextBehindNothing(key);
                continue;
            }
            long content = scan.getWithContent() ? document.root().bytes() : 0;
            if (!page.takes(key.length() + INFO_BYTES + content)) {
                return answer(DocumentAnswer.newBuilder().setScanned(scanned.setMore(true)));
            }
            ScannedDocument.Builder one = ScannedDocument.newBuilder()
                    .setId(Name.ofKey(key).name())
                    .setInfo(document.info())
                    .setBytes(document.root().bytes());
            scanned.addDocuments(scan.getWithContent() ? one.setContent(JsonText.write(document.root())) : one);
            key = keys.next(key);
        }
        return keys.hasGivenUp() && scanned.getDocumentsCount() == 0
                ? Refusals.onlyOver(NameScan.SKIPPED_MAX, "documents")
                : answer(DocumentAnswer.newBuilder().setScanned(scanned.setMore(keys.hasGivenUp())));
    }

    private static Answer.Builder answer(DocumentAnswer.Builder document) {
        return Answer.newBuilder().setDocument(document);
    }
}
