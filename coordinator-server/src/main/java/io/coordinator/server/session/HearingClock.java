package io.coordinator.server.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time during which this leader could hear and answer. It stands still while the leader itself was held up: its
 * process paused, an entry that does not commit or apply, transport threads that do not run. A session's silence is
 * measured by it, so a stall of the leader is never counted against a session (C-09, C-13).
 *
 * <p>It never runs faster than real time, so measuring by it only makes an expiry late. It runs on as soon as anything
 * moves, so a leader that is slow but alive still ends dead sessions.
 */
public final class HearingClock {
    /** Something that has not moved for so long is held up. Shorter delays are ordinary. */
    static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final LongSupplier nanoTime;
    private final long countedNanosMax;
    private final List<LongSupplier> probes = new CopyOnWriteArrayList<>();
    private volatile Look last;

    /**
     * A clock that is read between looks and moved by them.
     *
     * @param nanoTime a monotonic clock
     * @param intervalNanos how often {@link #look} is called; if it comes much later, the process was held up
     */
    public HearingClock(LongSupplier nanoTime, long intervalNanos) {
        this.nanoTime = nanoTime;
        this.countedNanosMax = 2 * intervalNanos;
        this.last = new Look(nanoTime.getAsLong(), 0, false);
    }

    /**
     * The state after a look.
     *
     * @param atNanos when it was
     * @param hearingNanos what the clock showed then
     * @param stalled something was held up
     */
    private record Look(long atNanos, long hearingNanos, boolean stalled) {}

    /** Adds something to look at: for how long, in nanoseconds, it has been held up; 0 if it is not. */
    public void watch(LongSupplier heldUpNanos) {
        probes.add(heldUpNanos);
    }

    /** Counts the time since the last look, unless something is held up. Called by one thread. */
    public void look() {
        boolean stalled = probes.stream().anyMatch(probe -> probe.getAsLong() > STALL_NANOS);
        Look before = last;
        long now = nanoTime.getAsLong();
        long counted = stalled ? 0 : Math.min(now - before.atNanos(), countedNanosMax);
        last = new Look(now, before.hearingNanos() + counted, stalled);
    }

    /** What the clock shows at most: as if everything had moved since the last look. Safe on any thread. */
    long nanos() {
        Look before = last;
        return before.hearingNanos() + Math.min(nanoTime.getAsLong() - before.atNanos(), countedNanosMax);
    }

    /** What the clock showed at the last look. */
    long looked() {
        return last.hearingNanos();
    }

    /** Whether something was held up at the last look: nobody is to be judged now. */
    boolean isStalled() {
        return last.stalled();
    }
}
