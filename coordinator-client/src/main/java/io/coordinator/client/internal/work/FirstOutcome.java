package io.coordinator.client.internal.work;

import org.jspecify.annotations.Nullable;

/**
 * Which outcome of a run is told to the cluster: the first one. One that its handler has tried to give, and that was
 * not taken, gives way to the next. Safe for use by many threads.
 */
public final class FirstOutcome {
    private enum Phase {
        OPEN,
        /** The handler has given one, and the cluster has not said yet whether it takes it. */
        TRIED,
        OVER
    }

    private Phase phase = Phase.OPEN;
    private @Nullable Runnable next;

    /** Whether there is one, or will be: nothing more is to be told. */
    public synchronized boolean isOver() {
        return phase != Phase.OPEN;
    }

    /** Tells an outcome if it is the first one; one that is tried goes before it, if it is taken. */
    public void give(Runnable telling) {
        synchronized (this) {
            if (phase == Phase.TRIED && next == null) {
                next = telling;
            }
            if (phase != Phase.OPEN) {
                return;
            }
            phase = Phase.OVER;
        }
        telling.run();
    }

    /** Nothing is told any more. */
    public synchronized void drop() {
        phase = Phase.OVER;
        next = null;
    }

    /** Whether an outcome may be tried; {@link #taken} or {@link #refused} is to follow. */
    public synchronized boolean tryOne() {
        if (phase != Phase.OPEN) {
            return false;
        }
        phase = Phase.TRIED;
        return true;
    }

    /** The one that was tried is the outcome. */
    public void taken() {
        drop();
    }

    /** The one that was tried is not the outcome: there may be another one, or is already. */
    public void refused() {
        Runnable telling;
        synchronized (this) {
            if (phase != Phase.TRIED) {
                return;
            }
            telling = next;
            next = null;
            phase = telling == null ? Phase.OPEN : Phase.OVER;
        }
        if (telling != null) {
            telling.run();
        }
    }
}
