package io.coordinator.state.lock;

import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SortedKeys;
import io.coordinator.state.kernel.WaitQueue;
import io.coordinator.state.kernel.WaitQueues;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The locks that are held or waited for, by name and in the order of names. Each has its queue beside its holders. */
final class Lanes implements WaitQueues.Places<LockWaiter> {
    private final Map<String, Lane> byKey = new HashMap<>();
    private final SortedKeys order = new SortedKeys();

    /** Null if the lock is neither held nor waited for. */
    @Nullable
    Lane find(String key) {
        return byKey.get(key);
    }

    @Override
    public @Nullable WaitQueue<LockWaiter> queue(String key) {
        Lane lane = byKey.get(key);
        return lane == null ? null : lane.queue();
    }

    @Override
    public WaitQueue<LockWaiter> obtainQueue(String key) {
        Lane lane = byKey.get(key);
        return (lane == null ? obtain(Name.ofKey(key)) : lane).obtainQueue();
    }

    @Override
    public void forgetQueue(String key) {
        Lane lane = byKey.get(key);
        if (lane != null) {
            lane.forgetQueue();
            forgetIfIdle(lane);
        }
    }

    Lane obtain(Name name) {
        Lane lane = byKey.get(name.key());
        if (lane == null) {
            lane = new Lane(name);
            byKey.put(name.key(), lane);
            order.add(name.key());
        }
        return lane;
    }

    /** Forgets a lock that is neither held nor waited for any more. */
    void forgetIfIdle(Lane lane) {
        if (lane.isIdle()) {
            byKey.remove(lane.name().key());
            order.remove(lane.name().key());
        }
    }

    int size() {
        return byKey.size();
    }

    /** The first key at or after this one. */
    @Nullable
    String ceilingKey(String key) {
        return order.ceiling(key);
    }

    /** The first key after this one. */
    @Nullable
    String higherKey(String key) {
        return order.higher(key);
    }
}
