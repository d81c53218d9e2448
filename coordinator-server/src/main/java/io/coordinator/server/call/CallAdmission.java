package io.coordinator.server.call;

import io.coordinator.protocol.EphemeralCall;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.side.SideMemory;
import java.util.Optional;

/** Which calls are taken. */
final class CallAdmission {
    private static final long TIMEOUT_DEFAULT_MILLIS = 30_000;

    private final CallSettings settings;
    private final SideMemory memory;

    CallAdmission(CallSettings settings, SideMemory memory) {
        this.settings = settings;
        this.memory = memory;
    }

    /** How long a call may take. */
    static long timeoutMillis(EphemeralCall asked) {
        return asked.getTimeoutMillis() == 0 ? TIMEOUT_DEFAULT_MILLIS : asked.getTimeoutMillis();
    }

    /** Why a call is not taken, if it is not. */
    Optional<Error> refuse(CallStream caller, EphemeralCall asked, ProcedureLine line) {
        if (asked.getTimeoutMillis() < 0 || asked.getWaitForWorkerMillis() < -1) {
            return Optional.of(CallAnswers.error(
                    ErrorCode.EINVAL, "timeout_millis must be at least 0, and wait_for_worker_millis at least -1"));
        } else if (caller.calls().containsKey(asked.getId())) {
            return Optional.of(CallAnswers.error(
                    ErrorCode.EINVAL, "the call id " + asked.getId() + " is in use; choose another one"));
        } else if (caller.calls().size() >= settings.callsPerStream()
                || caller.callBytes() + PendingCall.cost(asked) > settings.callBytesPerStream()) {
            return Optional.of(
                    CallAnswers.busy("this session has " + caller.calls().size() + " ephemeral calls of "
                            + caller.callBytes() + " bytes that are not over, and no more may be; wait for results"));
        } else if (memory.isFull()) {
            return Optional.of(CallAnswers.busy(
                    "this node has as many ephemeral calls as it has memory for; it was not run, try again later"));
        }
        return line.isFull() ? Optional.of(CallAnswers.backlogIsFull(line)) : Optional.empty();
    }
}
