package io.coordinator.client.internal.codec;

import io.coordinator.client.AccessDeniedException;
import io.coordinator.client.AuthenticationException;
import io.coordinator.client.BatchException;
import io.coordinator.client.BuildFailedException;
import io.coordinator.client.BuildFailure;
import io.coordinator.client.BuildLostException;
import io.coordinator.client.BuildPendingException;
import io.coordinator.client.BuildTimeoutException;
import io.coordinator.client.ClosedException;
import io.coordinator.client.CompactedException;
import io.coordinator.client.ConflictException;
import io.coordinator.client.CoordinatorException;
import io.coordinator.client.CounterOverflowException;
import io.coordinator.client.DisconnectedException;
import io.coordinator.client.ErrorCode;
import io.coordinator.client.ExecutionTimeoutException;
import io.coordinator.client.FenceExhaustedException;
import io.coordinator.client.FenceMode;
import io.coordinator.client.FencedException;
import io.coordinator.client.Guard;
import io.coordinator.client.KeyNotFoundException;
import io.coordinator.client.LockAcquisitionException;
import io.coordinator.client.LockExtendException;
import io.coordinator.client.LockReentryException;
import io.coordinator.client.LockReleaseException;
import io.coordinator.client.LockTimeoutException;
import io.coordinator.client.MismatchException;
import io.coordinator.client.MultiLockException;
import io.coordinator.client.NoLeaderException;
import io.coordinator.client.NotANumberException;
import io.coordinator.client.NotOwnerException;
import io.coordinator.client.PayloadTooLargeException;
import io.coordinator.client.QueueNoResponseException;
import io.coordinator.client.QuotaExceededException;
import io.coordinator.client.RemoteJobException;
import io.coordinator.client.RequestTimeoutException;
import io.coordinator.client.ServerException;
import io.coordinator.client.SessionExpiredException;
import io.coordinator.client.SlowConsumerException;
import io.coordinator.client.ThrottledException;
import io.coordinator.client.TransactionException;
import io.coordinator.client.UnsupportedCommandException;
import io.coordinator.client.ValidationException;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CommandOrBuilder;
import io.coordinator.protocol.Error;
import java.time.Duration;

/** The one place where the cluster's typed refusals become exceptions. */
public final class Errors {
    /** Of a refusal by a guard that nobody has presented, which would be a defect of the cluster. */
    private static final Guard NO_GUARD = new Guard("unknown", "unknown", 0);

    private Errors() {}

    /** The refusal of a command, which may have carried a guard. */
    public static CoordinatorException of(Error error, CommandOrBuilder command) {
        if (error.getCode() == io.coordinator.protocol.ErrorCode.EOVERFLOW && command.hasLock()) {
            return new LockReentryException(error.getMessage()); // What is counted is entries.
        }
        return command.hasGuard() ? of(error, guard(command)) : of(error);
    }

    /** A refusal where no guard was involved. */
    public static CoordinatorException of(Error error) {
        return of(error, NO_GUARD);
    }

    private static Guard guard(CommandOrBuilder command) {
        return new Guard(
                command.getGuard().getNamespace(),
                command.getGuard().getLock(),
                command.getGuard().getToken(),
                command.getGuard().getMode() == io.coordinator.protocol.FenceMode.MONOTONIC
                        ? FenceMode.MONOTONIC
                        : FenceMode.STRICT);
    }

    private static CoordinatorException of(Error error, Guard presented) {
        String message = error.getMessage();
        return switch (error.getCode()) {
            case EDISCONNECTED -> new DisconnectedException(message, false, null);
            case ETIMEOUT -> new RequestTimeoutException(message, true, null);
            case ENOLEADER, ENOTLEADER -> new NoLeaderException(message, false, null);
            case ESESSION -> new SessionExpiredException(message, false, null);
            case EAUTH -> new AuthenticationException(message);
            case EACCES -> new AccessDeniedException(message);
            case EINVAL -> new ValidationException(message);
            case EUNKNOWN -> new UnsupportedCommandException(message);
            case ETOOLARGE -> new PayloadTooLargeException(message);
            case EBUSY -> new ThrottledException(message, Duration.ofMillis(error.getRetryAfterMillis()));
            case ENOSPACE -> new QuotaExceededException(message);
            case EINTERNAL -> new ServerException(ErrorCode.EINTERNAL, message, false, false);
            case ENOTNUMBER -> new NotANumberException(message);
            case EOVERFLOW -> new CounterOverflowException(message);
            case ELOCKTIMEOUT -> new LockTimeoutException(message);
            case ELOCKHELD -> new LockAcquisitionException(message);
            case ELOCKEXTEND -> new LockExtendException(message);
            case ELOCKRELEASE -> new LockReleaseException(message);
            case EMULTILOCK -> MultiLockException.notExtended(message, error.getLockNamesList());
            case EEXECTIMEOUT -> new ExecutionTimeoutException(message);
            case ENOTOWNER -> new NotOwnerException(message);
            case EFENCED -> new FencedException(message, presented, error.getCurrentToken());
            case EFENCEEXHAUSTED -> new FenceExhaustedException(message);
            case EKEYNOTFOUND -> new KeyNotFoundException(message);
            case EBUILDPENDING -> new BuildPendingException(message);
            case EBUILDTIMEOUT -> new BuildTimeoutException(message);
            case EBUILDFAILED -> new BuildFailedException(message, new BuildFailure("", message, "", null));
            case EBUILDLOST -> new BuildLostException(message, null);
            case ESLOWCONSUMER -> new SlowConsumerException(message);
            case ECONFLICT -> new ConflictException(message, error.getCurrentRevision());
            case EBATCH -> new BatchException(message, error.getFailedEdit());
            case ETXEXPIRED -> TransactionException.expired(message);
            case ETXNESTED -> TransactionException.nested(message);
            case ECOMPACTED -> new CompactedException(message, error.getOldestRevision());
            case ECLOSED -> new ClosedException(message, false);
            case EMISMATCH -> new MismatchException(message);
            case EQUEUENORESPONSE -> new QueueNoResponseException(message);
            case EREMOTE -> new RemoteJobException(new BuildFailure("", message, "", null));
            case EBROKER,
                    EOUTOFORDER,
                    ENOHANDLER,
                    EHANDLER,
                    ECALL,
                    EHANDLERGONE,
                    ECALLTIMEOUT,
                    ECROSSGROUP,
                    EPERSISTLOCKED,
                    ERROR_CODE_UNSPECIFIED,
                    UNRECOGNIZED -> unexpected(error);
        };
    }

    private static ServerException unexpected(Error error) {
        return new ServerException(
                ErrorCode.EBROKER,
                error.getCode() + ": " + error.getMessage() + "; see the cluster's logs",
                false,
                false);
    }

    /** An answer that does not fit its question: a defect of either side. */
    public static ServerException unexpectedAnswer(Object outcome) {
        return new ServerException(
                ErrorCode.EBROKER, "the cluster gave an answer that does not fit the call: " + outcome, false, true);
    }

    /** What a guard looks like on the wire. */
    public static void setGuard(Command.Builder command, Guard guard) {
        command.getGuardBuilder()
                .setNamespace(guard.namespace())
                .setLock(guard.lock())
                .setToken(guard.token())
                .setMode(mode(guard.mode()));
    }

    /** What a fence mode is on the wire. */
    public static io.coordinator.protocol.FenceMode mode(FenceMode mode) {
        return switch (mode) {
            case STRICT -> io.coordinator.protocol.FenceMode.STRICT;
            case MONOTONIC -> io.coordinator.protocol.FenceMode.MONOTONIC;
        };
    }
}
