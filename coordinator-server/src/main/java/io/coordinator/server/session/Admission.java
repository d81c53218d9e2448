package io.coordinator.server.session;

import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.replica.Replica;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** Why commands must not be proposed; see {@link CommandIntake} for what becomes of those. */
final class Admission {
    private final Replica replica;
    private final BooleanSupplier overloaded;
    private final long retryAfterMillis;
    private final LongAdder refused = new LongAdder();

    Admission(Replica replica, BooleanSupplier overloaded, long retryAfterMillis) {
        this.replica = replica;
        this.overloaded = overloaded;
        this.retryAfterMillis = retryAfterMillis;
    }

    /** The reason, if there is one. */
    Optional<Error> refuse(Command command) {
        Optional<Error> refusal = refuse(command, overloaded.getAsBoolean());
        if (refusal.isPresent()) {
            refused.increment();
        }
        return refusal;
    }

    /** Commands refused so far. */
    long refused() {
        return refused.sum();
    }

    private Optional<Error> refuse(Command command, boolean busy) {
        boolean session = command.getBodyCase() == Command.BodyCase.SESSION;
        if (session && !mayComeFromClient(command.getSession())) {
            return Optional.of(Error.newBuilder()
                    .setCode(ErrorCode.EINVAL)
                    .setMessage("only the cluster itself may send this command")
                    .build());
        }
        if (busy && !session) {
            return Optional.of(Error.newBuilder()
                    .setCode(ErrorCode.EBUSY)
                    .setMessage("more commands are waiting than this node takes; try again later")
                    .setRetryAfterMillis(retryAfterMillis)
                    .build());
        }
        return replica.refuse(command);
    }

    private static boolean mayComeFromClient(SessionCommand command) {
        return switch (command.getOperationCase()) {
            case CLOSE, ACKNOWLEDGE -> true;
            case OPEN, EXPIRE, ADVANCE_VERSION, SET_QUOTA, OPERATION_NOT_SET -> false;
        };
    }

    /** The command that uses up the number of this one, and does nothing else. */
    static Command emptied(Command command) {
        return Command.newBuilder()
                .setSessionId(command.getSessionId())
                .setSeq(command.getSeq())
                .setAckedSeq(command.getAckedSeq())
                .setAckedEvent(command.getAckedEvent())
                .setSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()))
                .build();
    }
}
