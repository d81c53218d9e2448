package io.coordinator.server.session;

import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.replica.Replica;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns away commands that must not be proposed, without a hole in their session's sequence.
 *
 * <p>A refused command still goes through the log, but with the empty body of an Acknowledge: it uses up its sequence
 * number, and those behind it apply in order. Its client is answered with the refusal. If that answer is lost and the
 * client repeats the command, the refusal is found again; should the command be admissible by then, the core knows that
 * it has dealt with this number, answers "acknowledged", and the client is told that its command was not applied.
 */
final class Admission {
    private static final Error NOT_APPLIED = Error.newBuilder()
            .setCode(ErrorCode.EBUSY)
            .setMessage(
                    "this command was refused when it was first sent and was not applied; send it again as a new one")
            .build();

    private final Replica replica;
    private final BooleanSupplier overloaded;
    private final long retryAfterMillis;

    Admission(Replica replica, BooleanSupplier overloaded, long retryAfterMillis) {
        this.replica = replica;
        this.overloaded = overloaded;
        this.retryAfterMillis = retryAfterMillis;
    }

    /**
     * Commands to propose, in order.
     *
     * @param commands those admitted as they are, those refused with an empty body
     * @param refusals by position
     */
    record Admitted(List<Command> commands, Map<Integer, Error> refusals) {

        /** What to tell the client of the commands from this position on. */
        List<Reply> translate(int from, List<Reply> replies) {
            List<Reply> result = replies;
            for (int i = 0; i < replies.size(); i++) {
                Reply original = replies.get(i);
                if (original.getOutcomeCase() == Reply.OutcomeCase.SESSION) {
                    Error error = errorFor(from + i, original);
                    if (error != null) {
                        result = result == replies ? new ArrayList<>(replies) : result;
                        result.set(i, original.toBuilder().setError(error).build());
                    }
                }
            }
            return result;
        }

        private @Nullable Error errorFor(int position, Reply reply) {
            if (!reply.getSession().hasAcknowledged()) {
                return null;
            }
            Error refusal = refusals.get(position);
            if (refusal != null) {
                return refusal;
            }
            boolean asked = commands.get(position).getBodyCase() == Command.BodyCase.SESSION;
            return asked ? null : NOT_APPLIED;
        }
    }

    Admitted admit(List<Command> commands) {
        Map<Integer, Error> refusals = Map.of();
        List<Command> admitted = commands;
        boolean busy = overloaded.getAsBoolean();
        for (int i = 0; i < commands.size(); i++) {
            Optional<Error> refusal = refuse(commands.get(i), busy);
            if (refusal.isPresent()) {
                if (refusals.isEmpty()) {
                    refusals = new HashMap<>();
                    admitted = new ArrayList<>(commands);
                }
                refusals.put(i, refusal.get());
                admitted.set(i, emptied(commands.get(i)));
            }
        }
        return new Admitted(admitted, refusals);
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

    private static Command emptied(Command command) {
        return Command.newBuilder()
                .setSessionId(command.getSessionId())
                .setSeq(command.getSeq())
                .setAckedSeq(command.getAckedSeq())
                .setAckedEvent(command.getAckedEvent())
                .setSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()))
                .build();
    }
}
