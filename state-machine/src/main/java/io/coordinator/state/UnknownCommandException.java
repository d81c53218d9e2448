package io.coordinator.state;

/**
 * A committed command that this node does not know. The replica must stop: to skip it would be to diverge. Install the
 * version that the other members run.
 */
public final class UnknownCommandException extends RuntimeException {
    /**
     * A command that is not known.
     *
     * @param index of the entry that it is in
     * @param what is not known
     * @param known the newest core version of this node
     */
    public UnknownCommandException(long index, String what, int known) {
        super("log entry " + index + " holds " + what + ", and this node knows core versions up to " + known
                + "; upgrade this node: install the release that the other members run"
                + VersionAdvice.ofPinned(known));
    }
}
