package io.coordinator.client.error;

/**
 * Nobody has finished the job in time ("queue-no-response"): the caller's own time is over, or the runner's was
 * (DL-FAN-4).
 */
public final class QueueNoResponseException extends UnavailableException {
    public QueueNoResponseException(String message) {
        super(ErrorCode.EQUEUENORESPONSE, true, true, message, null);
    }
}
