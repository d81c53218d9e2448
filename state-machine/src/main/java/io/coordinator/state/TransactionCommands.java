package io.coordinator.state;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.protocol.TransactionReply;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.List;

/** Several commands under conditions, of whatever types, all of them or none (B-11). */
final class TransactionCommands {
    private final State state;

    TransactionCommands(State state) {
        this.state = state;
    }

    Reply.Builder apply(Context at, TransactionCommand transaction, Recorder effects) {
        boolean held = true;
        for (Condition condition : transaction.getConditionsList()) {
            Conditional asked = asked(condition);
            Error refusal = asked.refusal(at, condition);
            if (refusal != null) {
                return Reply.newBuilder().setError(refusal);
            }
            if (!asked.holds(at, condition, effects.meter())) {
                held = false;
                break;
            }
        }
        List<Command> branch = held ? transaction.getThenList() : transaction.getOtherwiseList();
        TransactionReply.Builder replies = TransactionReply.newBuilder().setHeld(held);
        Recorder.Mark mark = effects.mark();
        int undone = state.storage.undo().mark();
        for (Command command : branch) {
            Reply.Builder reply = apply(at, command, effects);
            if (reply.hasError()) {
                state.storage.undo().backTo(undone);
                effects.backTo(mark);
                return refused(replies.getRepliesCount(), branch.size(), reply.getError());
            }
            Reply part = reply.build();
            effects.meter().bytes("reply", part.getSerializedSize());
            replies.addReplies(part);
        }
        return Reply.newBuilder().setTransaction(replies);
    }

    private Reply.Builder apply(Context at, Command command, Recorder effects) {
        DataType type = type(command.getBodyCase().getNumber());
        return type.isReversible(command)
                ? type.apply(at, command, effects)
                : Refusals.reply(ErrorCode.EINVAL, "a transaction cannot have the command " + command.getBodyCase());
    }

    private static Reply.Builder refused(int index, int count, Error why) {
        return Reply.newBuilder()
                .setError(Error.newBuilder()
                        .setCode(ErrorCode.EBATCH)
                        .setFailedEdit(index)
                        .setMessage("command " + (index + 1) + " of " + count + " of the transaction was refused with "
                                + why.getCode() + ": " + why.getMessage() + "; none of them was applied"));
    }

    private Conditional asked(Condition condition) {
        Conditional asked = state.types.find(condition.getSubjectCase());
        if (asked == null) {
            throw new UnknownOperationException("a condition of a transaction");
        }
        return asked;
    }

    private DataType type(int number) {
        DataType type = state.types.find(number);
        if (type == null) {
            throw new UnknownOperationException("a command of a transaction");
        }
        return type;
    }
}
