package io.coordinator.state.semaphore;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.SemaphoreSize;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import org.jspecify.annotations.Nullable;

/** How many permits each semaphore has that is in use or was resized. */
final class SemaphoreSizes {
    private static final int NUMBER = 0;

    private final Table<SemaphoreSize> rows;

    SemaphoreSizes(Storage storage) {
        rows = storage.sortedTable(DataKind.SEMAPHORE, NUMBER, SemaphoreSize.parser(), size -> 0);
    }

    @Nullable
    SemaphoreSize find(Name name) {
        return rows.get(name.key());
    }

    /** The number of permits, unsigned; {@code otherwise} for a semaphore that nobody uses or has resized. */
    long limit(Name name, int otherwise) {
        SemaphoreSize size = find(name);
        return Integer.toUnsignedLong(size == null ? otherwise : size.getLimit());
    }

    void put(Name name, int limit, boolean configured) {
        rows.put(
                name.key(),
                SemaphoreSize.newBuilder()
                        .setLimit(limit)
                        .setConfigured(configured)
                        .build());
    }

    /** Forgets the number of a semaphore that nobody uses, unless it was set for good. */
    void forgetUnused(Name name) {
        SemaphoreSize size = find(name);
        if (size != null && !size.getConfigured()) {
            rows.remove(name.key());
        }
    }

    int size() {
        return rows.size();
    }

    NameScan scan(String namespace, String prefix) {
        return new NameScan(rows::ceilingKey, rows::higherKey, namespace, prefix);
    }
}
