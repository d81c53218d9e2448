package io.coordinator.state.document;

import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.state.kernel.Check;

/** What is wrong with commands and queries whatever the state. */
final class DocumentAdmission {
    private DocumentAdmission() {}

    static void admit(DocumentCommand command, Check check) {
        switch (command.getOperationCase()) {
            case OPEN -> admit(command.getOpen(), check);
            case EDIT -> {
                boolean lenient = command.getEdit().getLenient();
                command.getEdit().getEditsList().forEach(edit -> admit(edit, lenient, check));
            }
            case DELETE -> {}
            case OPERATION_NOT_SET -> check.unknown("the document operation");
        }
    }

    private static void admit(OpenDocument open, Check check) {
        check.atLeast("ttl_millis", 0, open.getTtlMillis())
                .require(
                        open.getTtlMillis() == 0 || open.getKind() == DocumentKind.EPHEMERAL,
                        "ttl_millis",
                        "is for ephemeral documents; open it as one, or leave the ttl out");
    }

    /** An edit that is not known is passed over where others may be as well. */
    private static void admit(DocumentEdit edit, boolean lenient, Check check) {
        switch (edit.getOperationCase()) {
            case INCREMENT -> admit(edit.getIncrement(), check);
            case OPERATION_NOT_SET -> {
                if (!lenient) {
                    check.unknown("the edit");
                }
            }
            case SET,
                    REMOVE,
                    PUSH,
                    UNSHIFT,
                    POP,
                    SHIFT,
                    SPLICE,
                    REMOVE_ITEM,
                    UPDATE_ITEM,
                    SET_ITEM,
                    INSERT_ITEM,
                    REPLACE,
                    ADD,
                    REMOVE_VALUE,
                    MOVE,
                    COPY,
                    TEST,
                    MERGE,
                    CREATE_PATH -> {}
        }
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
        switch (query.getOperationCase()) {
            case GET -> check.present("id", query.getId());
            case SCAN -> {
                String after = query.getScan().getAfter();
                check.require(
                        after.isEmpty() || after.startsWith(query.getId()),
                        "after",
                        "does not start with the prefix; give the last id of the page before");
            }
            case OPERATION_NOT_SET -> check.unknown("the document query");
        }
    }

    /** Edits and the values that they bring. */
    static long values(EditDocument edit) {
        return edit.getEditsList().stream().mapToLong(DocumentAdmission::values).sum();
    }

    private static long values(DocumentEdit edit) {
        return Math.max(
                1,
                edit.getPush().getValuesCount()
                        + edit.getUnshift().getValuesCount()
                        + edit.getSplice().getValuesCount());
    }
}
