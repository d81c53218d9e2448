package io.coordinator.state;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.DataType;
import java.util.List;

/**
 * How many JSON values one command may bring, however small: each is read by itself before the command is admitted, and
 * to begin takes longer than to read a short one. They are counted before any is read.
 */
final class SmallValues {
    static final int MAX = 100_000;

    private SmallValues() {}

    static void admit(Command command, DataTypes types, Check check) {
        check.atMost("the number of edits and values of the command", MAX, count(command, types));
    }

    private static long count(Command command, DataTypes types) {
        if (command.hasTransaction()) {
            TransactionCommand transaction = command.getTransaction();
            return count(transaction.getThenList(), types) + count(transaction.getOtherwiseList(), types);
        }
        DataType type = types.find(command.getBodyCase().getNumber());
        return type == null ? 0 : type.values(command);
    }

    /** Transactions are in no other. */
    private static long count(List<Command> commands, DataTypes types) {
        return commands.stream()
                .filter(command -> !command.hasTransaction())
                .mapToLong(command -> count(command, types))
                .sum();
    }
}
