package io.coordinator.client.internal.document;

import com.google.protobuf.ByteString;
import io.coordinator.client.document.BatchOutcome;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.document.JsonText;
import io.coordinator.document.Value;
import io.coordinator.protocol.DocumentEdited;
import io.coordinator.protocol.EditResult;

/** What the cluster says of documents, in the words of the SDK. */
final class Outcomes {
    private Outcomes() {}

    static EditOutcome of(EditResult result, JsonCodec json) {
        return switch (result.getStatus()) {
            case DONE -> new EditOutcome.Applied(json.readIfPresent(result.getValue()), result.getLength());
            case EMPTY -> new EditOutcome.Empty();
            case NO_SUCH_PATH -> not(EditOutcome.Reason.NO_SUCH_PATH);
            case NOT_AN_OBJECT -> not(EditOutcome.Reason.NOT_AN_OBJECT);
            case NOT_AN_ARRAY -> not(EditOutcome.Reason.NOT_AN_ARRAY);
            case NO_MATCH -> not(EditOutcome.Reason.NO_MATCH);
            case OUT_OF_RANGE -> not(EditOutcome.Reason.OUT_OF_RANGE);
            case NOT_A_NUMBER -> not(EditOutcome.Reason.NOT_A_NUMBER);
            case OVERFLOW -> not(EditOutcome.Reason.OVERFLOW);
            case TEST_FAILED -> not(EditOutcome.Reason.TEST_FAILED);
            case TOO_DEEP -> not(EditOutcome.Reason.TOO_DEEP);
            case INTO_ITSELF -> not(EditOutcome.Reason.INTO_ITSELF);
            case NAME_TOO_LONG -> not(EditOutcome.Reason.NAME_TOO_LONG);
            case UNKNOWN, UNRECOGNIZED -> not(EditOutcome.Reason.UNKNOWN);
        };
    }

    static BatchOutcome of(DocumentEdited edited, JsonCodec json) {
        return new BatchOutcome(
                of(edited.getInfo()),
                edited.getResultsList().stream().map(result -> of(result, json)).toList());
    }

    static DocumentInfo of(io.coordinator.protocol.DocumentInfo info) {
        return new DocumentInfo(
                info.getRevision(),
                info.getCreateRevision(),
                info.getVersion(),
                switch (info.getKind()) {
                    case EPHEMERAL -> DocumentInfo.Kind.EPHEMERAL;
                    case FILE -> DocumentInfo.Kind.FILE;
                    case DURABLE, UNRECOGNIZED -> DocumentInfo.Kind.DURABLE;
                },
                info.getExpiresAtMillis());
    }

    /** The content of a document that came from the cluster. */
    static Value root(ByteString text) {
        Value root = JsonText.parseIfValid(text);
        if (root == null) {
            throw new ServerException(
                    ErrorCode.EBROKER, "the cluster sent a document that is not JSON; see its logs", false, false);
        }
        return root;
    }

    private static EditOutcome not(EditOutcome.Reason reason) {
        return new EditOutcome.NotApplied(reason);
    }
}
