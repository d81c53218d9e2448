package io.coordinator.state.document;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.UpdateItem;
import io.coordinator.state.kernel.Check;
import java.util.List;

/** What is wrong with commands and queries whatever the state. */
final class DocumentAdmission {
    /** So many edits in one command are enough; more would hold up everybody else. */
    private static final int EDITS_MAX = 10_000;

    private DocumentAdmission() {}

    static void admit(DocumentCommand command, Check check) {
        check.known(command).name("namespace", command.getNamespace()).name("id", command.getId());
        switch (command.getOperationCase()) {
            case OPEN -> admit(command.getOpen(), check);
            case EDIT -> {
                List<DocumentEdit> edits = command.getEdit().getEditsList();
                check.known(command.getEdit())
                        .atLeast("the number of edits", 1, edits.size())
                        .atMost("the number of edits", EDITS_MAX, edits.size());
                boolean lenient = command.getEdit().getLenient();
                edits.forEach(edit -> admit(edit, lenient, check));
            }
            case DELETE -> check.known(command.getDelete());
            case OPERATION_NOT_SET -> check.unknown("the document operation");
        }
    }

    private static void admit(OpenDocument open, Check check) {
        check.known(open)
                .known("kind", open.getKind())
                .optionalJson("initial_content", open.getInitialContent())
                .atLeast("ttl_millis", 0, open.getTtlMillis())
                .require(
                        open.getTtlMillis() == 0 || open.getKind() == DocumentKind.EPHEMERAL,
                        "ttl_millis",
                        "is for ephemeral documents; open it as one, or leave the ttl out");
    }

    /** An edit that is not known is passed over where others may be as well. */
    private static void admit(DocumentEdit edit, boolean lenient, Check check) {
        check.known(edit);
        switch (edit.getOperationCase()) {
            case SET -> check.known(edit.getSet()).json("value", edit.getSet().getValue());
            case REMOVE -> check.known(edit.getRemove());
            case PUSH -> values(edit.getPush().getValuesList(), check);
            case UNSHIFT -> values(edit.getUnshift().getValuesList(), check);
            case POP, SHIFT, REMOVE_VALUE, CREATE_PATH -> {}
            case SPLICE -> values(edit.getSplice().getValuesList(), check);
            case REMOVE_ITEM -> admit(edit.getRemoveItem(), check);
            case UPDATE_ITEM -> admit(edit.getUpdateItem(), check);
            case SET_ITEM ->
                check.known(edit.getSetItem()).json("value", edit.getSetItem().getValue());
            case INSERT_ITEM ->
                check.known(edit.getInsertItem())
                        .json("value", edit.getInsertItem().getValue());
            case REPLACE -> check.json("value", edit.getReplace().getValue());
            case ADD -> check.json("value", edit.getAdd().getValue());
            case TEST -> check.json("value", edit.getTest().getValue());
            case MERGE -> check.json("patch", edit.getMerge().getValue());
            case MOVE -> check.known(edit.getMove());
            case COPY -> check.known(edit.getCopy());
            case INCREMENT -> admit(edit.getIncrement(), check);
            case OPERATION_NOT_SET -> {
                if (!lenient) {
                    check.unknown("the edit");
                }
            }
        }
    }

    private static void values(List<ByteString> values, Check check) {
        values.forEach(value -> check.json("value", value));
    }

    private static void admit(RemoveItem remove, Check check) {
        check.known(remove).known("comparison", remove.getComparison()).json("item", remove.getItem());
    }

    private static void admit(UpdateItem update, Check check) {
        check.known(update)
                .known("comparison", update.getComparison())
                .json("item", update.getItem())
                .json("update", update.getUpdate());
    }

    private static void admit(IncrementNumber increment, Check check) {
        switch (increment.getAmountCase()) {
            case BY -> {}
            case BY_DECIMAL ->
                check.require(Double.isFinite(increment.getByDecimal()), "by_decimal", "is not a finite number");
            case AMOUNT_NOT_SET -> check.unknown("the amount");
        }
    }

    static void admit(DocumentQuery query, Check check) {
        check.known(query).name("namespace", query.getNamespace());
        switch (query.getOperationCase()) {
            case GET -> check.known(query.getGet()).name("id", query.getId());
            case SCAN -> {
                String after = query.getScan().getAfter();
                check.known(query.getScan())
                        .prefix("prefix", query.getId())
                        .prefix("after", after)
                        .require(
                                after.isEmpty() || after.startsWith(query.getId()),
                                "after",
                                "does not start with the prefix; give the last id of the page before");
            }
            case OPERATION_NOT_SET -> check.unknown("the document query");
        }
    }
}
