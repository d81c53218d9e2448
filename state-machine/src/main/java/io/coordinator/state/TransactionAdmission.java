package io.coordinator.state;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.DataType;

/** What is wrong with a transaction whatever the state. */
final class TransactionAdmission {
    /** So many conditions and commands in one entry are enough; more would hold up everybody else. */
    private static final int PARTS_MAX = 1_000;

    private TransactionAdmission() {}

    static void admit(TransactionCommand transaction, DataTypes types, Check check) {
        int parts = transaction.getConditionsCount() + transaction.getThenCount() + transaction.getOtherwiseCount();
        check.atMost("the number of conditions and commands", PARTS_MAX, parts);
        transaction.getConditionsList().forEach(condition -> admit(condition, check));
        transaction.getThenList().forEach(command -> admit(command, types, check));
        transaction.getOtherwiseList().forEach(command -> admit(command, types, check));
    }

    /** Whether a command can be taken back: those that tell sessions something, or hold for them, cannot. */
    static boolean isAllowed(Command command) {
        DocumentCommand document = command.getDocument();
        return command.hasCache()
                || (document.getOperationCase() == DocumentCommand.OperationCase.EDIT
                        && !document.getEdit().getLenient());
    }

    private static void admit(Command command, DataTypes types, Check check) {
        check.require(
                isAllowed(command) && !command.hasGuard() && command.getSessionId() == 0,
                "a command of a transaction",
                "is neither of the cache nor a strict edit of a document, or has a session or guard of its own;"
                        + " guard the transaction, and leave the rest out");
        DataType type = types.find(command.getBodyCase().getNumber());
        if (type != null) {
            type.admit(command, check);
        }
    }

    private static void admit(Condition condition, Check check) {
        switch (condition.getSubjectCase()) {
            case CACHE -> admit(condition.getCache().getExpect(), check);
            case DOCUMENT -> admit(condition.getDocument().getExpect(), check);
            case LOCK -> {}
            case SUBJECT_NOT_SET -> check.unknown("the condition");
        }
    }

    private static void admit(Expectation expect, Check check) {
        switch (expect.getExpectationCase()) {
            case ABSENT -> check.require(expect.getAbsent(), "absent", "must be true if it is set");
            case ABSENT_OR_NULL ->
                check.require(expect.getAbsentOrNull(), "absent_or_null", "must be true if it is set");
            case VALUE, REVISION -> {}
            case EXPECTATION_NOT_SET -> check.unknown("the expectation");
        }
    }
}
