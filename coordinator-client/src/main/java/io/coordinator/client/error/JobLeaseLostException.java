package io.coordinator.client.error;

import org.jspecify.annotations.Nullable;

/**
 * A worker spoke for a job that is not its own any more: its session was lost, the attempt took too long, or the job
 * was deleted. Nothing of what it said was done, unless {@link #outcomeUnknown()}; another worker may have the job by
 * now. Stop, and do nothing more in the job's name.
 */
public final class JobLeaseLostException extends OwnershipLostException {
    /**
     * With what was refused.
     *
     * @param outcomeUnknown whether it may have been done, since the session ended before there was an answer
     * @param cause what said so; may be null
     */
    public JobLeaseLostException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(ErrorCode.EFENCED, false, outcomeUnknown, message, cause);
    }
}
