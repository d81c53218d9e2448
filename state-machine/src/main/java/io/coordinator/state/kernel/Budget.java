package io.coordinator.state.kernel;

import io.coordinator.document.Meter;
import io.coordinator.document.OverBudgetException;

/**
 * What one command may make and do; counted alike on every replica, so constants and no configuration. A step is about
 * 20 ns of work: {@link #STEPS_MAX} of them hold up everybody else for about 20 ms.
 *
 * <p>Commands of one entry share its time. When those before have used up {@link #ENTRY_STEPS} or {@link #ENTRY_BYTES},
 * the rest of the entry gets a small allowance each: what is usual still fits, what is large is told to come again.
 * Many small ones add up as well: after {@link #ENTRY_STEPS_END} nothing more is done for clients in that entry.
 */
public final class Budget implements Meter {
    /** Of replies, events, changes, patches and results of one command together. */
    public static final long BYTES_MAX = 16L << 20;

    public static final long STEPS_MAX = 1_000_000;
    /** How much of a large job is done in one entry. */
    public static final long SLICE_STEPS = 60_000;

    static final long ENTRY_BYTES = 2 * BYTES_MAX;
    static final long ENTRY_STEPS = 2 * STEPS_MAX;
    /** From here on a command of an entry gets nothing at all. */
    public static final long ENTRY_STEPS_END = 2 * ENTRY_STEPS;

    private static final long SMALL_BYTES = 16L << 10;
    private static final long SMALL_STEPS = 5_000;
    /** Enough to end a session with the largest set of locks; what can be more is done in slices. */
    static final long OWN_STEPS = 50_000;

    /** To write or remove a row, whatever its size. */
    private static final long ROW_STEPS = 60;

    /** They are hashed and kept for the next snapshot. */
    private static final int BYTES_A_STEP = 128;

    private long entryBytes;
    private long entrySteps;
    private long bytes;
    private long steps;
    private long bytesMax = Long.MAX_VALUE;
    private long stepsMax = Long.MAX_VALUE;
    private long sliceSteps = SLICE_STEPS;

    /** An entry begins. */
    public void startEntry() {
        startUnbounded();
        // Last: what the entry before did after its commands must not count here; a replica restored in between knows
        // nothing of it.
        entryBytes = 0;
        entrySteps = 0;
    }

    /** A command begins. */
    public void startCommand() {
        end();
        bytesMax = entryBytes < ENTRY_BYTES ? BYTES_MAX : SMALL_BYTES;
        stepsMax = entrySteps < ENTRY_STEPS ? STEPS_MAX : SMALL_STEPS;
    }

    /**
     * As a command, for one by which the cluster gets rid of something: it is not put off because others came first.
     */
    public void startOwnCommand() {
        startCommand();
        bytesMax = BYTES_MAX;
        stepsMax = Math.max(stepsMax, OWN_STEPS);
    }

    /** Work of the cluster's own begins, which is cut into slices by whoever does it. */
    public void startUnbounded() {
        end();
        bytesMax = Long.MAX_VALUE;
        stepsMax = Long.MAX_VALUE;
    }

    private void end() {
        entryBytes += bytes;
        entrySteps += steps;
        bytes = 0;
        steps = 0;
    }

    /** What the present entry has taken so far, the work of the cluster's own with it. */
    public long stepsOfEntry() {
        return entrySteps + steps;
    }

    /** As {@link #stepsOfEntry}. */
    public long bytesOfEntry() {
        return entryBytes + bytes;
    }

    /** Whether the commands of the present entry have used up what there is, so that no more of them is begun. */
    public boolean isUsedUp() {
        return stepsOfEntry() >= ENTRY_STEPS_END;
    }

    /** Whether the present command would have had more, had it come first in its entry. */
    public boolean isReduced() {
        return stepsMax == SMALL_STEPS || bytesMax == SMALL_BYTES;
    }

    @Override
    public void bytes(String part, long count) {
        if (count > bytesMax - bytes) {
            throw new OverBudgetException(part, "bytes", bytesMax);
        }
        bytes += count;
    }

    @Override
    public void steps(String part, long count) {
        if (count > stepsMax - steps) {
            throw new OverBudgetException(part, "steps", stepsMax);
        }
        steps += count;
    }

    /** A row of so many bytes is written or removed. */
    public void row(long size) {
        steps("rows", ROW_STEPS + size / BYTES_A_STEP);
    }

    /** A part of the present work that ends after {@link #SLICE_STEPS} from now, or sooner if little is left. */
    public Slice slice() {
        return slice(Math.min(sliceSteps, (stepsMax - steps) / 4));
    }

    /** A slice of work of the cluster's own. */
    public Slice wholeSlice() {
        return slice(sliceSteps);
    }

    /** For tests that take work back and do it again as if for the first time. */
    Runnable refund() {
        long bytesBefore = bytes;
        long stepsBefore = steps;
        return () -> {
            bytes = bytesBefore;
            steps = stepsBefore;
        };
    }

    /** Tests cut thinner, so that little is enough for several slices. */
    void setSliceSteps(long steps) {
        sliceSteps = steps;
    }

    /** A part of the present work that ends after so many steps from now. */
    public Slice slice(long length) {
        long end = steps + length;
        return () -> steps >= end;
    }
}
