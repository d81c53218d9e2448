package io.coordinator.state.document;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.document.JsonText;
import io.coordinator.document.Value;
import io.coordinator.protocol.DocumentInfo;
import io.coordinator.protocol.StoredDocument;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.RowFormat;
import java.io.IOException;

/**
 * One document.
 *
 * @param record all but the content
 * @param root the content
 */
record Document(StoredDocument record, Value root) {
    /** A byte of JSON text takes up to so many of heap. Measured; see docs/limits.md. */
    private static final int HEAP_FACTOR = 8;
    /** What a container with anything in it takes besides, which shows in small documents only. Measured likewise. */
    private static final int CONTAINER_HEAP = 240;

    /** Digests the content by the value's own hash, so that an edit of a large document costs what it changes. */
    static final RowFormat<Document> FORMAT = new RowFormat<>() {
        @Override
        public byte[] toBytes(Document row) {
            return row.record().toBuilder()
                    .setContent(JsonText.write(row.root()))
                    .build()
                    .toByteArray();
        }

        @Override
        public long size(Document row) {
            return row.record().getSerializedSize() + row.root().bytes();
        }

        @Override
        public long heap(String key, Document row) {
            long container = row.root().length() == 0 ? 0 : CONTAINER_HEAP;
            return MESSAGE_HEAP + container + HEAP_FACTOR * row.root().bytes();
        }

        @Override
        public Document parse(byte[] stored) throws InvalidProtocolBufferException {
            StoredDocument document = StoredDocument.parseFrom(stored);
            try {
                Value root = JsonText.parseStored(document.getContent());
                return new Document(
                        document.toBuilder().setContent(ByteString.EMPTY).build(), root);
            } catch (IOException e) {
                throw new InvalidProtocolBufferException("the content of a document is not JSON: " + e.getMessage(), e);
            }
        }

        @Override
        public long hash(Fingerprint fingerprint, int kind, int table, String key, Document row) {
            return Fingerprint.of(
                    fingerprint.ofRow(kind, table, key, row.record()),
                    row.root().hash());
        }
    };

    DocumentInfo info() {
        return record.getInfo();
    }

    long sessionId() {
        return record.getSessionId();
    }

    Document changed(Value content, long revision) {
        DocumentInfo.Builder info = info().toBuilder().setRevision(revision).setVersion(info().getVersion() + 1);
        return new Document(record.toBuilder().setInfo(info).build(), content);
    }

    Document expiringAt(long millis) {
        DocumentInfo.Builder info = info().toBuilder().setExpiresAtMillis(millis);
        return new Document(record.toBuilder().setInfo(info).build(), root);
    }
}
