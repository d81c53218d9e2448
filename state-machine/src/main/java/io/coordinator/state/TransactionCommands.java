package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.document.Equality;
import io.coordinator.document.JsonText;
import io.coordinator.document.Scalar;
import io.coordinator.document.Value;
import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DocumentCondition;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.GetDocument;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.GotDocument;
import io.coordinator.protocol.Guard;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.protocol.TransactionReply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several commands under conditions, of whatever types, all of them or none (B-11). */
final class TransactionCommands {
    private final State state;

    TransactionCommands(State state) {
        this.state = state;
    }

    Reply.Builder apply(Context at, TransactionCommand transaction, Recorder effects) {
        boolean held = true;
        for (Condition condition : transaction.getConditionsList()) {
            held &= holds(at, condition);
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
            replies.addReplies(reply);
        }
        return Reply.newBuilder().setTransaction(replies);
    }

    private Reply.Builder apply(Context at, Command command, Recorder effects) {
        DataType type = type(command.getBodyCase().getNumber());
        return TransactionAdmission.isAllowed(command)
                ? type.apply(at, command, effects)
                : Refusals.reply(ErrorCode.EINVAL, "a transaction cannot have the command " + command.getBodyCase());
    }

    private static Reply.Builder refused(int index, int count, Error why) {
        return Reply.newBuilder()
                .setError(Error.newBuilder()
                        .setCode(ErrorCode.EBATCH)
                        .setFailedEdit(index)
                        .setMessage("command " + index + " of " + count + " of the transaction was refused with "
                                + why.getCode() + ": " + why.getMessage() + "; none of them was applied"));
    }

    // ---- conditions ----

    private boolean holds(Context at, Condition condition) {
        return switch (condition.getSubjectCase()) {
            case CACHE -> holds(at, condition.getCache());
            case DOCUMENT -> holds(at, condition.getDocument());
            case LOCK -> holds(at, condition.getLock());
            case SUBJECT_NOT_SET -> throw new UnknownOperationException("a condition of a transaction");
        };
    }

    private boolean holds(Context at, CacheCondition condition) {
        Query query = Query.newBuilder()
                .setCache(CacheQuery.newBuilder()
                        .setNamespace(condition.getNamespace())
                        .setKey(condition.getKey())
                        .setGet(GetValue.getDefaultInstance()))
                .build();
        var got = type(Query.BodyCase.CACHE.getNumber())
                .query(at, query)
                .getCache()
                .getGot();
        CacheEntry entry = got.getEntry();
        return holds(condition.getExpect(), got.hasEntry() ? entry.getValue() : null, entry.getModRevision());
    }

    private boolean holds(Context at, DocumentCondition condition) {
        Query query = Query.newBuilder()
                .setDocument(DocumentQuery.newBuilder()
                        .setNamespace(condition.getNamespace())
                        .setId(condition.getId())
                        .setGet(GetDocument.newBuilder()
                                .addAllPath(condition.getPathList())
                                .setWithoutValue(condition.getExpect().hasRevision())))
                .build();
        GotDocument got = type(Query.BodyCase.DOCUMENT.getNumber())
                .query(at, query)
                .getDocument()
                .getGot();
        return holds(
                condition.getExpect(),
                got.getFound() ? got.getValue() : null,
                got.getInfo().getRevision());
    }

    private boolean holds(Context at, Guard lock) {
        return state.types.fence().passes(at, lock.getNamespace(), lock.getLock(), lock.getToken(), lock.getMode());
    }

    /** @param value null if there is none; then the revision is 0 */
    private static boolean holds(Expectation expect, @Nullable ByteString value, long revision) {
        return switch (expect.getExpectationCase()) {
            case ABSENT -> value == null;
            case VALUE -> value != null && areEqual(value, expect.getValue());
            case REVISION -> expect.getRevision() == revision;
            case ABSENT_OR_NULL -> value == null || JsonText.parseIfValid(value) == Scalar.NULL;
            case EXPECTATION_NOT_SET -> throw new UnknownOperationException("an expectation of a transaction");
        };
    }

    /** What is opaque is equal to nothing. */
    private static boolean areEqual(ByteString stored, ByteString expected) {
        Value one = JsonText.parseIfValid(stored);
        Value other = JsonText.parseIfValid(expected);
        return one != null && other != null && Equality.same(one, other);
    }

    private DataType type(int number) {
        DataType type = state.types.find(number);
        if (type == null) {
            throw new UnknownOperationException("a command of a transaction");
        }
        return type;
    }
}
