package io.coordinator.server.read;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The lease that the log gives: an entry submitted at <i>s</i> that committed in this leadership proves that nobody
 * else was elected before <i>s</i>, and whoever is elected later stays silent for longer than the lease. So this node
 * may answer until <i>s</i> + lease.
 */
public final class LogLease implements LeaseRule {
    private final long leaseNanos;
    private final LongSupplier nanoTime;
    private boolean suspended = true;
    private long countsFrom;
    private volatile boolean granted;
    private volatile long until;

    /**
     * A lease that is suspended until a leadership begins.
     *
     * @param nanoTime a monotonic clock that does not stop while the process runs or is paused
     */
    public LogLease(Duration lease, LongSupplier nanoTime) {
        this.leaseNanos = lease.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public boolean holds() {
        return granted && nanoTime.getAsLong() - until < 0;
    }

    @Override
    public synchronized void proven(long submittedNanos) {
        if (suspended || submittedNanos - countsFrom < 0) {
            return;
        }
        long end = submittedNanos + leaseNanos;
        if (!granted || end - until > 0) {
            until = end;
            granted = true;
        }
    }

    @Override
    public synchronized void suspend() {
        suspended = true;
        granted = false;
    }

    @Override
    public synchronized void resume() {
        suspended = false;
        countsFrom = nanoTime.getAsLong();
    }
}
