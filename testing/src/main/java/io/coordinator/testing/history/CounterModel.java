package io.coordinator.testing.history;

import java.util.List;

/** A number that is added to; 0 at first. Each operation answers the number after it, so adding 0 is a read. */
public final class CounterModel implements Model<Long, CounterModel.Add, Long> {

    /** Adds to the number. */
    public record Add(long by) {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public List<Long> after(Long state, Add input, Long output) {
        long next = state + input.by();
        return next == output ? List.of(next) : List.of();
    }

    @Override
    public List<Long> afterUnknown(Long state, Add input) {
        return List.of(state + input.by());
    }

    @Override
    public boolean observes(Add input, Long output) {
        return input.by() == 0;
    }
}
