package io.coordinator.client.internal.codec;

import io.coordinator.client.error.AccessDeniedException;
import io.coordinator.client.error.AuthenticationException;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildFailure;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.BuildPendingException;
import io.coordinator.client.error.BuildTimeoutException;
import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CounterOverflowException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.ExecutionTimeoutException;
import io.coordinator.client.error.FenceExhaustedException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.LockReentryException;
import io.coordinator.client.error.LockReleaseException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.MismatchException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.NoLeaderException;
import io.coordinator.client.error.NotANumberException;
import io.coordinator.client.error.NotOwnerException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.QuotaExceededException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RemoteJobException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.SlowConsumerException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.TransactionException;
import io.coordinator.client.error.UnsupportedCommandException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.FenceMode;
import io.coordinator.client.option.Guard;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CommandOrBuilder;
import io.coordinator.protocol.Error;
import java.time.Duration;

/** The one place where the cluster's typed refusals become exceptions. */
public final class Errors {
    /** Of a refusal by a guard that nobody has presented, which would be a defect of the cluster. */
    private Errors() {}

    /** The refusal of a command, which may have carried a guard. */
    public static CoordinatorException of(Error error, CommandOrBuilder command) {
        if (error.getCode() == io.coordinator.protocol.ErrorCode.EOVERFLOW && command.hasLock()) {
            return new LockReentryException(error.getMessage()); // What is counted is entries.
        }
        return of(error, command.getGuard());
    }

    /** A refusal where no guard was involved. */
    public static CoordinatorException of(Error error) {
        return of(error, io.coordinator.protocol.Guard.getDefaultInstance());
    }

    private static CoordinatorException of(Error error, io.coordinator.protocol.Guard presented) {
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
            case EFENCED -> fenced(message, presented, error.getCurrentToken());
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
            case ENOHANDLER -> new NoHandlerException(message);
            case EHANDLER -> new RemoteException("the call", "", message, "");
            case EHANDLERGONE -> new HandlerGoneException(message);
            case ECALLTIMEOUT -> new CallTimeoutException(message);
            case EBROKER, EOUTOFORDER, ECALL, ECROSSGROUP, EPERSISTLOCKED, ERROR_CODE_UNSPECIFIED, UNRECOGNIZED ->
                unexpected(error);
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

    private static FencedException fenced(String message, io.coordinator.protocol.Guard presented, long currentToken) {
        return new FencedException(
                message, presented.getNamespace(), presented.getLock(), presented.getToken(), currentToken);
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
