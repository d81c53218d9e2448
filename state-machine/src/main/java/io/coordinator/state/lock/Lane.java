package io.coordinator.state.lock;

import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.WaitQueue;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One lock: who holds it, and the queue of those who wait for it. Derived from the rows. Every operation but the
 * lists costs the same (or the logarithm) with one holder or waiter and with ten thousand.
 */
final class Lane {
    private final Name name;
    /** The only holder, as long as there has been but one at a time. */
    private @Nullable LockHold sole;
    /** Shared holders by token, once there have been two. */
    private @Nullable TreeMap<Long, LockHold> several;

    private @Nullable WaitQueue<LockWaiter> queue;

    Lane(Name name) {
        this.name = name;
    }

    Name name() {
        return name;
    }

    void hold(LockHold hold) {
        if (several != null) {
            several.put(hold.getToken(), hold);
        } else if (sole == null || sole.getToken() == hold.getToken()) {
            sole = hold;
        } else {
            several = new TreeMap<>();
            several.put(sole.getToken(), sole);
            several.put(hold.getToken(), hold);
            sole = null;
        }
    }

    /** The hold with this token; null if it is not live. */
    @Nullable
    LockHold find(long token) {
        if (several != null) {
            return several.get(token);
        }
        return sole != null && sole.getToken() == token ? sole : null;
    }

    void end(long token) {
        if (several == null) {
            sole = null;
        } else {
            several.remove(token);
            if (several.isEmpty()) {
                several = null;
            }
        }
    }

    /** The hold granted last; null if nobody holds the lock. */
    @Nullable
    LockHold newest() {
        return several == null ? sole : several.lastEntry().getValue();
    }

    /** The hold granted first; null if nobody holds the lock. */
    @Nullable
    LockHold oldest() {
        return several == null ? sole : several.firstEntry().getValue();
    }

    /** The newest first; do not keep them across changes. */
    Collection<LockHold> newestFirst() {
        return several == null ? holds() : several.descendingMap().values();
    }

    /** In the order of tokens; do not keep them across changes. */
    Collection<LockHold> holds() {
        if (several != null) {
            return several.values();
        }
        return sole == null ? List.of() : List.of(sole);
    }

    /** Whether the holders, if any, let this mode in. Either there is one exclusive holder, or all are shared. */
    boolean admits(LockMode mode) {
        LockHold newest = newest();
        return newest == null || (mode == LockMode.SHARED && newest.getMode() == LockMode.SHARED);
    }

    /** Those who wait for it; null if nobody does. */
    @Nullable
    WaitQueue<LockWaiter> queue() {
        return queue;
    }

    WaitQueue<LockWaiter> obtainQueue() {
        WaitQueue<LockWaiter> present = queue;
        if (present == null) {
            present = new WaitQueue<>(1);
            queue = present;
        }
        return present;
    }

    /** Nobody waits any more. */
    void forgetQueue() {
        queue = null;
    }

    /** Who is next; null if nobody waits. */
    @Nullable
    LockWaiter head() {
        return queue == null ? null : queue.head();
    }

    int waiting() {
        return queue == null ? 0 : queue.size();
    }

    /** The next one first; do not keep them across changes. */
    Collection<LockWaiter> waiters() {
        return queue == null ? List.of() : queue.of(0);
    }

    boolean isIdle() {
        return sole == null && several == null && queue == null;
    }
}
