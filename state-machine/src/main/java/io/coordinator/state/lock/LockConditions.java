package io.coordinator.state.lock;

import io.coordinator.document.Meter;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.Guard;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Fence;

/** Whether a lock is held with a token, for transactions. */
record LockConditions(Fence fence) implements Conditional {

    @Override
    public Condition.SubjectCase subject() {
        return Condition.SubjectCase.LOCK;
    }

    @Override
    public void admit(Condition condition, Check check) {} // Its names are checked by their rules.

    @Override
    public boolean holds(Context at, Condition condition, Meter meter) {
        Guard lock = condition.getLock();
        return fence.passes(at, lock.getNamespace(), lock.getLock(), lock.getToken(), lock.getMode());
    }
}
