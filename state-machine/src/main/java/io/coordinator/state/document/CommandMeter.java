package io.coordinator.state.document;

import io.coordinator.document.Meter;
import io.coordinator.document.OverBudgetException;

/** What one command may make and do. The same on every node for ever: what one replica refuses, all must. */
final class CommandMeter implements Meter {
    static final long BYTES_MAX = 16 << 20;
    static final long STEPS_MAX = 1_000_000;

    private long bytes = BYTES_MAX;
    private long steps = STEPS_MAX;

    @Override
    public void bytes(String part, long count) {
        if (count > bytes) {
            throw new OverBudgetException(part, "bytes", BYTES_MAX);
        }
        bytes -= count;
    }

    @Override
    public void steps(String part, long count) {
        if (count > steps) {
            throw new OverBudgetException(part, "steps", STEPS_MAX);
        }
        steps -= count;
    }
}
