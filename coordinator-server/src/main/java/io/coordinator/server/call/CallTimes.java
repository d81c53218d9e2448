package io.coordinator.server.call;

import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** When to look at which call, in nanoseconds since the exchange began. Used by the exchange's thread only. */
final class CallTimes {
    private final LongSupplier nanoTime;
    private final long began;
    private final NavigableSet<PendingCall> byTime = new TreeSet<>(PendingCall.FIRST_DUE_FIRST);

    CallTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        began = nanoTime.getAsLong();
    }

    long now() {
        return nanoTime.getAsLong() - began;
    }

    /** A time from now on, or the end of all time. */
    long in(long nanos) {
        long now = now();
        return Long.MAX_VALUE - now < nanos ? Long.MAX_VALUE : now + nanos;
    }

    long inMillis(long millis) {
        return in(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    boolean isPast(long time) {
        return time <= now();
    }

    /** Rounded up; 0 if it is past. */
    long millisUntil(long time) {
        long nanos = time - now();
        return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos - 1) + 1;
    }

    /** Looks at a call at this time, and not at the one before. */
    void set(PendingCall call, long due) {
        byTime.remove(call);
        call.due(due);
        byTime.add(call);
    }

    /** Does not look at a call any more. */
    void clear(PendingCall call) {
        byTime.remove(call);
    }

    /** Takes one whose time has come, or null. */
    @Nullable
    PendingCall nextDue() {
        if (byTime.isEmpty() || !isPast(byTime.first().due())) {
            return null;
        }
        return byTime.pollFirst();
    }
}
