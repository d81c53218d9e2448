package io.coordinator.state;

import com.google.protobuf.TextFormat;
import io.coordinator.document.OverBudgetException;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Guard;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Fence;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.UnknownOperationException;
import org.jspecify.annotations.Nullable;

/** Runs one command within its budget and the state's quota, whole or not at all. */
final class Execution {
    /** Of a command in a message to people. */
    private static final int DESCRIPTION_CHARS_MAX = 2_000;

    private final State state;
    private final Budget budget;
    private final Quota quota;
    private final SessionCommands sessionCommands;
    private final TransactionCommands transactions;

    Execution(State state, Quota quota) {
        this.state = state;
        this.quota = quota;
        this.budget = state.storage.budget();
        this.sessionCommands = new SessionCommands(state);
        this.transactions = new TransactionCommands(state);
    }

    /** The reply, which is a refusal if nothing was changed. */
    Reply run(Context at, Command command, Recorder effects) {
        start(at);
        long bytesBefore = state.storage.usage().bytes();
        boolean freeing = isFreeing(command);
        Attempt attempt = new Attempt(state, effects);
        try {
            Reply reply = reply(at, dispatch(at, command, effects));
            if (!reply.hasTransaction()) { // Its parts have been counted one by one.
                budget.bytes("reply", reply.getSerializedSize());
            }
            Reply.Builder refusal = quota.refusal(at, reply, bytesBefore, freeing);
            if (refusal != null) {
                attempt.takeBack();
                return reply(at, refusal);
            }
            attempt.keep();
            return reply;
        } catch (OverBudgetException e) {
            attempt.takeBack();
            return reply(at, tooMuch(e));
        } catch (UnknownOperationException e) {
            throw e;
        } catch (RuntimeException defect) {
            attempt.takeBack();
            effects.defect("command " + describe(command), defect);
            return reply(at, broken(defect));
        } finally {
            budget.startUnbounded();
        }
    }

    private void start(Context at) {
        if (at.sessionId() == 0) {
            budget.startOwnCommand();
        } else {
            budget.startCommand();
        }
    }

    private Reply reply(Context at, Reply.Builder outcome) {
        return outcome.setSeq(at.seq()).setRevision(state.counters.revision()).build();
    }

    private Reply.Builder dispatch(Context at, Command command, Recorder effects) {
        if (budget.isUsedUp() && command.getBodyCase() != Command.BodyCase.SESSION) {
            return Refusals.reply(
                    ErrorCode.EBUSY,
                    "other commands have used up what may be done at once, so nothing was changed; try again");
        }
        if (command.hasGuard()) {
            Error fenced = fenced(at, command.getGuard());
            if (fenced != null) {
                return Reply.newBuilder().setError(fenced);
            }
        }
        if (command.getBodyCase() == Command.BodyCase.SESSION) {
            return sessionCommands.apply(at, command, effects);
        }
        if (command.getBodyCase() == Command.BodyCase.TRANSACTION) {
            return at.sessionId() == 0 ? sessionless() : transactions.apply(at, command.getTransaction(), effects);
        }
        DataType type = type(command);
        boolean own = type.isOwn(command);
        if (own && at.sessionId() != 0) {
            return Refusals.reply(
                    ErrorCode.EINVAL,
                    "the command is not for clients, so nothing was changed; the cluster proposes it");
        }
        return at.sessionId() == 0 && !own ? sessionless() : type.apply(at, command, effects);
    }

    /** The one place where guards are checked. */
    private @Nullable Error fenced(Context at, Guard guard) {
        Fence fence = state.types.fence();
        if (fence.passes(at, guard.getNamespace(), guard.getLock(), guard.getToken(), guard.getMode())) {
            return null;
        }
        return Error.newBuilder()
                .setCode(ErrorCode.EFENCED)
                .setCurrentToken(fence.liveToken(at, guard.getNamespace(), guard.getLock()))
                .setMessage("lock \"" + guard.getLock() + "\" in namespace \"" + guard.getNamespace()
                        + "\" is not held with token " + guard.getToken()
                        + ", so nothing was changed; stop, and acquire the lock again")
                .build();
    }

    private DataType type(Command command) {
        DataType type = state.types.find(command.getBodyCase().getNumber());
        if (type == null) {
            throw new UnknownOperationException("a command without a known body");
        }
        return type;
    }

    // ---- refusals ----

    /**
     * What only gives things up is welcome whatever the quota says. Asked before the command: it may depend on what is
     * there.
     */
    private boolean isFreeing(Command command) {
        return switch (command.getBodyCase()) {
            case SESSION -> !command.getSession().hasOpen();
            case TRANSACTION -> false;
            default -> {
                DataType type = state.types.find(command.getBodyCase().getNumber());
                yield type != null && type.isFreeing(command);
            }
        };
    }

    private static Reply.Builder sessionless() {
        return Refusals.reply(ErrorCode.ESESSION, "the command belongs to no session; open one and name it");
    }

    private Reply.Builder tooMuch(OverBudgetException e) {
        return budget.isReduced()
                ? Refusals.reply(
                        ErrorCode.EBUSY,
                        "other commands have used up what may be done at once, and " + e.getMessage()
                                + ", so nothing was changed; try again")
                : Refusals.reply(
                        ErrorCode.ETOOLARGE, e.getMessage() + ", so nothing was changed; do less with one command");
    }

    private static Reply.Builder broken(RuntimeException defect) {
        return Refusals.reply(
                ErrorCode.EINTERNAL,
                "the command met a defect and was undone (" + defect.getClass().getSimpleName()
                        + "); nothing was changed. The logs of every node tell more: please report it");
    }

    private static String describe(Command command) {
        String text = TextFormat.printer().emittingSingleLine(true).printToString(command);
        return text.length() <= DESCRIPTION_CHARS_MAX ? text : text.substring(0, DESCRIPTION_CHARS_MAX) + "…";
    }
}
