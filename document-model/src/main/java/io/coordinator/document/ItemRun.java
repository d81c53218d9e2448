package io.coordinator.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements of an array that are next to each other. */
sealed interface ItemRun extends Tree.Run<ItemRun> permits PackedItems, OneItem {
    static ItemRun of(Value value) {
        return Packing.isSmall(value.bytes(), value.depth()) ? PackedItems.of(value) : new OneItem(value);
    }

    Value get(int index, Meter meter);

    List<Value> values(Meter meter);

    /** How much text is gone through to look into it or to change it. */
    int packedBytes();

    /** The run with a value, or none, in place of some; null if that is not one run. */
    @Nullable
    ItemRun replaced(int from, int to, @Nullable Value by);

    /** With commas between. */
    void write(TextOut out);

    @Override
    default long power() {
        return Hash.power(count());
    }
}
