package io.coordinator.state;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.Check;
import java.util.List;

/**
 * How many JSON values one command may bring, however small: each is read by itself before the command is admitted, and
 * to begin takes longer than to read a short one. They are counted before any is read.
 */
final class SmallValues {
    static final int MAX = 100_000;

    private SmallValues() {}

    static void admit(Command command, Check check) {
        check.atMost("the number of edits and values of the command", MAX, count(command));
    }

    private static long count(Command command) {
        return switch (command.getBodyCase()) {
            case DOCUMENT ->
                command.getDocument().getEdit().getEditsList().stream()
                        .mapToLong(SmallValues::count)
                        .sum();
            case CACHE -> command.getCache().getPutAll().getValuesCount();
            case TRANSACTION -> count(command.getTransaction());
            case LOCK, BUILD, SEMAPHORE, SESSION, BODY_NOT_SET -> 0;
        };
    }

    private static long count(TransactionCommand transaction) {
        return count(transaction.getThenList()) + count(transaction.getOtherwiseList());
    }

    /** Transactions are in no other. */
    private static long count(List<Command> commands) {
        return commands.stream()
                .filter(command -> !command.hasTransaction())
                .mapToLong(SmallValues::count)
                .sum();
    }

    private static long count(DocumentEdit edit) {
        return Math.max(
                1,
                edit.getPush().getValuesCount()
                        + edit.getUnshift().getValuesCount()
                        + edit.getSplice().getValuesCount());
    }
}
