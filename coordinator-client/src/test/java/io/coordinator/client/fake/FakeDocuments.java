package io.coordinator.client.fake;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DocumentAnswer;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentInfo;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.DocumentReply;
import io.coordinator.protocol.EditResult;

/** Documents that all hold the string "v", whatever is done to them. */
final class FakeDocuments {
    private static final DocumentInfo INFO = DocumentInfo.newBuilder()
            .setRevision(1)
            .setCreateRevision(1)
            .setVersion(1)
            .build();

    private static final ByteString VALUE = ByteString.copyFromUtf8("\"v\"");

    private FakeDocuments() {}

    static DocumentReply.Builder reply(DocumentCommand command) {
        DocumentReply.Builder reply = DocumentReply.newBuilder();
        switch (command.getOperationCase()) {
            case OPEN -> reply.getOpenedBuilder().setInfo(INFO).setCreated(true);
            case EDIT -> {
                reply.getEditedBuilder().setInfo(INFO);
                command.getEdit()
                        .getEditsList()
                        .forEach(edit -> reply.getEditedBuilder()
                                .addResults(EditResult.newBuilder().setValue(VALUE)));
            }
            case DELETE -> reply.getDeletedBuilder().setExisted(true);
            case OPERATION_NOT_SET -> throw new IllegalArgumentException("not faked: " + command);
        }
        return reply;
    }

    static DocumentAnswer.Builder answer(DocumentQuery query) {
        DocumentAnswer.Builder answer = DocumentAnswer.newBuilder();
        if (query.hasScan()) {
            answer.getScannedBuilder();
        } else {
            answer.getGotBuilder().setInfo(INFO).setFound(true).setValue(VALUE);
        }
        return answer;
    }
}
