package io.coordinator.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The wall clock of one node of a {@link TestCluster}: right until a test puts it wrong. It goes on at the pace of this
 * machine's, whatever it shows. Thread-safe.
 */
public final class WallClock implements LongSupplier {
    private final AtomicLong aheadMillis = new AtomicLong();

    WallClock() {}

    /** What it shows. */
    public Instant now() {
        return Instant.ofEpochMilli(getAsLong());
    }

    /** The same, in milliseconds since 1970. */
    @Override
    public long getAsLong() {
        return System.currentTimeMillis() + aheadMillis.get();
    }

    /** From now on it shows this date and what follows. */
    public void set(Instant date) {
        aheadMillis.set(date.toEpochMilli() - System.currentTimeMillis());
    }

    /** Puts it ahead, or back if the duration is negative. */
    public void jump(Duration by) {
        aheadMillis.addAndGet(by.toMillis());
    }

    /** Puts it right. */
    public void correct() {
        aheadMillis.set(0);
    }
}
