package io.coordinator.state.kernel;

/**
 * The circumstances of one command or expiry: all that a data type may know besides its own rows.
 *
 * @param index of the log entry
 * @param nowMillis cluster time
 * @param sessionId whose command it is; 0 if the cluster's own
 * @param seq the command's number in its session; 0 if the cluster's own
 * @param dateMillis the latest date of the leaders that proposed entries, since 1970; for people, and for nothing that
 *     is decided but where the times of a schedule begin
 */
public record Context(long index, long nowMillis, long sessionId, long seq, long dateMillis) {

    /**
     * The cluster time that lies {@code millis} ahead, or 0 (never) if {@code millis} is not positive. So far ahead
     * that a long cannot hold it is as good as never, but stays a deadline.
     */
    public long deadlineAfter(long millis) {
        if (millis <= 0) {
            return 0;
        }
        return nowMillis > Long.MAX_VALUE - millis ? Long.MAX_VALUE : nowMillis + millis;
    }

    /** Whether a deadline has passed; 0 never does. */
    public boolean isPast(long deadlineMillis) {
        return deadlineMillis != 0 && deadlineMillis <= nowMillis;
    }
}
