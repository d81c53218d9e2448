package io.coordinator.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An element that is too large to be packed. */
record OneItem(Value value) implements ItemRun {
    @Override
    public int count() {
        return 1;
    }

    @Override
    public long hash() {
        return value.hash();
    }

    @Override
    public long bytes() {
        return value.bytes();
    }

    @Override
    public int depth() {
        return value.depth();
    }

    @Override
    public Value get(int index, Meter meter) {
        return value;
    }

    @Override
    public List<Value> values(Meter meter) {
        return List.of(value);
    }

    @Override
    public int packedBytes() {
        return 0;
    }

    @Override
    public @Nullable ItemRun replaced(int from, int to, @Nullable Value by) {
        return from < to && by != null ? ItemRun.of(by) : null;
    }

    @Override
    public @Nullable ItemRun with(ItemRun next) {
        return null;
    }

    @Override
    public ItemRun slice(int from, int to) {
        return this;
    }

    @Override
    public void write(TextOut out) {
        value.write(out);
    }
}
