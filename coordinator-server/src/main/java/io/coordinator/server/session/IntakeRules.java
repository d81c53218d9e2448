package io.coordinator.server.session;

import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.SessionCommand;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Why commands must not be proposed; see {@link CommandIntake} for what becomes of those. */
final class IntakeRules implements CommandIntake.Gate {
    private static final SessionCommand ACKNOWLEDGE = SessionCommand.newBuilder()
            .setAcknowledge(Acknowledge.getDefaultInstance())
            .build();

    private final Function<Command, Optional<Error>> core;
    private final BooleanSupplier overloaded;
    private final BooleanSupplier flooded;
    private final Optional<Error> busy;
    private final Optional<Error> flood;
    private final Supplier<Optional<Error>> writesRefused;
    private final LongAdder refused = new LongAdder();

    /**
     * An admission.
     *
     * @param core why the core would not take a command
     * @param overloaded whether the queue is full
     * @param flooded whether it has what it takes beyond that too
     * @param writesRefused why all but the ends of sessions is refused at present
     */
    IntakeRules(
            Function<Command, Optional<Error>> core,
            BooleanSupplier overloaded,
            BooleanSupplier flooded,
            Supplier<Optional<Error>> writesRefused,
            long retryAfterMillis) {
        this.core = core;
        this.overloaded = overloaded;
        this.flooded = flooded;
        this.writesRefused = writesRefused;
        this.busy =
                Optional.of(busy("more commands are waiting than this node takes; try again later", retryAfterMillis));
        this.flood = Optional.of(busy(
                "far more commands are waiting than this node takes, and this stream ends; resume its session later"
                        + " and send again what is unanswered",
                retryAfterMillis));
    }

    private static Error busy(String message, long retryAfterMillis) {
        return SessionRefusals.of(ErrorCode.EBUSY, message).toBuilder()
                .setRetryAfterMillis(retryAfterMillis)
                .build();
    }

    @Override
    public Optional<Error> flooded() {
        return flooded.getAsBoolean() ? flood : Optional.empty();
    }

    @Override
    public Optional<Error> refuse(Command command) {
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

    private Optional<Error> refuse(Command command, boolean full) {
        boolean session = command.getBodyCase() == Command.BodyCase.SESSION;
        if (session && !mayComeFromClient(command.getSession())) {
            return Optional.of(Error.newBuilder()
                    .setCode(ErrorCode.EINVAL)
                    .setMessage("only the cluster itself may send this command")
                    .build());
        }
        if (goesPastAFullQueue(command)) {
            return core.apply(command);
        }
        Optional<Error> noWrites = writesRefused.get();
        if (noWrites.isPresent()) {
            return noWrites;
        }
        return full ? busy : core.apply(command);
    }

    /**
     * The end of a session frees what it has. What a client acknowledges by a command of its own needs no way past: the
     * command that stands in for the refused ones says it too.
     */
    private static boolean goesPastAFullQueue(Command command) {
        return command.getSession().hasClose();
    }

    private static boolean mayComeFromClient(SessionCommand command) {
        return switch (command.getOperationCase()) {
            case CLOSE, ACKNOWLEDGE -> true;
            case OPEN, EXPIRE, ADVANCE_VERSION, SET_QUOTA, SET_TOPIC_DEFAULTS, OPERATION_NOT_SET -> false;
        };
    }

    /** The command that uses up the number of this one, and does nothing else. */
    static Command emptied(Command command) {
        return Command.newBuilder()
                .setSessionId(command.getSessionId())
                .setSeq(command.getSeq())
                .setAckedSeq(command.getAckedSeq())
                .setAckedEvent(command.getAckedEvent())
                .setSession(ACKNOWLEDGE)
                .build();
    }
}
