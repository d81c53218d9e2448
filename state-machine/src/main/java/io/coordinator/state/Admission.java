package io.coordinator.state;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.FieldRules;
import io.coordinator.state.kernel.Refusals;
import java.util.Optional;

/**
 * What is turned away before it reaches the log, whatever the state. A pure function of its arguments, the limits and
 * the active version; safe on any thread. Limits live only here: members may be configured differently, so nothing that
 * is applied may depend on them.
 */
final class Admission {
    private static final long RETRY_AFTER_MILLIS = 100;

    private final Limits limits;
    private final DataTypes types;

    Admission(Limits limits, DataTypes types) {
        this.limits = limits;
        this.types = types;
    }

    Optional<Error> refuse(Command command, int activeVersion) {
        Check check = new Check(limits.nameBytesMax(), limits.valueBytesMax(), activeVersion);
        int size = command.getSerializedSize();
        if (size > limits.requestBytesMax()) {
            check.refuse(
                    ErrorCode.ETOOLARGE,
                    "the command has " + size + " bytes and the limit is " + limits.requestBytesMax()
                            + "; send less at once"
                            + (limits.requestBytesMax() < Limits.DEFAULT.requestBytesMax()
                                    ? ", or raise request-bytes-max on every node"
                                    : ""));
        }
        SmallValues.admit(command, types, check);
        FieldRules.admit(command, check);
        check.since("the " + command.getBodyCase() + " operation", Coordinator.VERSION_INITIAL);
        if (command.getBodyCase() == Command.BodyCase.TRANSACTION) {
            admitSession(command, check);
            TransactionAdmission.admit(command.getTransaction(), types, check);
        } else if (command.getBodyCase() == Command.BodyCase.SESSION) {
            SessionCommands.admit(command, limits, check);
        } else {
            admitData(command, check);
        }
        admitSeq(command, check);
        return check.result();
    }

    Optional<Error> refuse(Query query) {
        Check check = Check.ofThisNode(limits.nameBytesMax(), limits.valueBytesMax(), limits.versionMax(), false);
        FieldRules.admit(query, check);
        if (query.getBodyCase() == Query.BodyCase.SESSION) {
            if (query.getSession().getOperationCase() == SessionQuery.OperationCase.OPERATION_NOT_SET) {
                check.unknown("the session query");
            }
            return check.result();
        }
        DataType type = types.find(query.getBodyCase().getNumber());
        if (type == null) {
            check.unknown("the query");
        } else {
            type.admit(query, check);
        }
        return check.result();
    }

    private void admitData(Command command, Check check) {
        DataType type = types.find(command.getBodyCase().getNumber());
        if (type == null) {
            check.unknown("the command");
            return;
        }
        if (type.isOwn(command)) {
            check.require(
                    command.getSessionId() == 0, "the command", "is not for clients; the cluster itself proposes it");
        } else {
            admitSession(command, check);
        }
        type.admit(command, check);
    }

    private static void admitSession(Command command, Check check) {
        check.require(command.getSessionId() != 0, "the command", "belongs to no session; open one and name it");
    }

    /** The window is the client's own word: what it sends shows how much it has left unacknowledged. */
    private void admitSeq(Command command, Check check) {
        if (command.getSessionId() == 0) {
            return;
        }
        check.atLeast("seq", 1, command.getSeq());
        if (command.getSeq() - command.getAckedSeq() > limits.unacknowledgedMax()) {
            check.refuse(Refusals.error(
                            ErrorCode.EBUSY,
                            "the session has more than " + limits.unacknowledgedMax()
                                    + " unacknowledged replies; acknowledge what has arrived, then send again")
                    .toBuilder()
                    .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                    .build());
        }
    }
}
