package io.coordinator.state;

/**
 * A committed command that this version does not know. The replica must stop: to skip it would be to diverge. Install
 * the version that the other members run.
 */
public final class UnknownCommandException extends RuntimeException {
    public UnknownCommandException(long index, String what) {
        super("log entry " + index + " holds " + what + ", which this version does not know; upgrade this node");
    }
}
