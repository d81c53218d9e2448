package io.coordinator.client.internal.session;

/**
 * How many commands of a session may be on their way. The cluster keeps each reply until the client acknowledges it,
 * and applies nothing more of a session for which it keeps too many bytes. So the larger the replies are, the fewer
 * commands go before the acknowledgements that later ones carry; and where the cluster takes less than was expected,
 * half of what it took goes at once, and slowly more again. Lives on the loop.
 */
final class ReplyWindow {
    /**
     * At most so many, however small the replies are; far below what a session may leave unacknowledged in the cluster.
     */
    static final int COMMANDS_MAX = 4096;

    /** So many bytes of replies are expected at once: half of what a cluster keeps for a session. */
    static final long BYTES_MAX = 8L << 20;

    /** What one reply adds to the mean of all. */
    private static final int MEAN_OF = 8;

    /** The window grows by one with so many replies: with each answered whole by a part of it. */
    private static final int REPLIES_TO_GROW = 16;

    private long meanBytes;
    private int commands = COMMANDS_MAX;
    private int repliesSinceGrowth;

    int commands() {
        return (int) Math.max(1, Math.min(commands, BYTES_MAX / Math.max(1, meanBytes)));
    }

    /** A reply of so many bytes has come. */
    void replied(int bytes) {
        meanBytes += (bytes - meanBytes) / MEAN_OF;
        repliesSinceGrowth++;
        if (repliesSinceGrowth == REPLIES_TO_GROW) {
            repliesSinceGrowth = 0;
            commands = Math.min(COMMANDS_MAX, commands + 1);
        }
    }

    /** The cluster applied so many commands without an acknowledgement, and no more. */
    void turnedBack(long applied) {
        commands = (int) Math.max(1, Math.min(commands, applied) / 2);
    }
}
