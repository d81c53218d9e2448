package io.coordinator.client.error;

/**
 * What the cluster keeps has reached its quota ({@code state-bytes-max}), or this session its share of it. The call had
 * no effect. Reads, deletes and releases go on: remove what is not needed, and try again.
 */
public final class QuotaExceededException extends UnavailableException {
    public QuotaExceededException(String message) {
        super(ErrorCode.ENOSPACE, true, false, message, null);
    }
}
