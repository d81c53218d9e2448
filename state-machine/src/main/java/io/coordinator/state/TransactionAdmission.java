package io.coordinator.state;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.DataType;

/** What is wrong with a transaction whatever the state. */
final class TransactionAdmission {
    /** So many conditions and commands in one entry are enough; more would hold up everybody else. */
    private static final int PARTS_MAX = 1_000;

    private TransactionAdmission() {}

    static void admit(TransactionCommand transaction, DataTypes types, Check check) {
        int parts = transaction.getConditionsCount() + transaction.getThenCount() + transaction.getOtherwiseCount();
        check.atMost("the number of conditions and commands", PARTS_MAX, parts);
        transaction.getConditionsList().forEach(condition -> admit(condition, types, check));
        transaction.getThenList().forEach(command -> admit(command, types, check));
        transaction.getOtherwiseList().forEach(command -> admit(command, types, check));
    }

    private static void admit(Command command, DataTypes types, Check check) {
        check.require(
                !command.hasGuard() && command.getSessionId() == 0,
                "a command of a transaction",
                "has a session or guard of its own; guard the transaction instead");
        DataType type = types.find(command.getBodyCase().getNumber());
        check.require(
                type != null && type.isReversible(command),
                "a transaction cannot have",
                "this " + command.getBodyCase() + " command, which cannot be taken back; send it by itself");
        if (type != null) {
            type.admit(command, check);
        }
    }

    private static void admit(Condition condition, DataTypes types, Check check) {
        Conditional asked = types.find(condition.getSubjectCase());
        if (asked == null) {
            check.unknown("the condition");
        } else {
            asked.admit(condition, check);
        }
    }
}
