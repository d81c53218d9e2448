package io.coordinator.client.error;

/** The value is being built; ask again, or use {@code getOrBuild} to wait (JC-GET-4). */
public final class BuildPendingException extends ContentionException {
    public BuildPendingException(String message) {
        super(ErrorCode.EBUILDPENDING, true, false, message, null);
    }
}
