package io.coordinator.state.cache;

import io.coordinator.document.Equality;
import io.coordinator.document.JsonText;
import io.coordinator.document.Meter;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.Expectation;
import io.coordinator.state.kernel.UnknownOperationException;
import org.jspecify.annotations.Nullable;

/** Whether an entry is as somebody expects, alike for compare-and-set and transactions. */
final class Expectations {
    private Expectations() {}

    /** The cluster cannot look into what is opaque, so it is not compared with a value. */
    static boolean cannotBeAsked(@Nullable CacheEntry entry, Expectation expected) {
        return entry != null && entry.getOpaque() && expected.hasValue();
    }

    /** What is opaque equals no value. */
    static boolean areMet(@Nullable CacheEntry entry, Expectation expected, Meter meter) {
        return switch (expected.getExpectationCase()) {
            case ABSENT -> entry == null;
            case VALUE ->
                entry != null && !entry.getOpaque() && Equality.same(entry.getValue(), expected.getValue(), meter);
            case REVISION -> expected.getRevision() == (entry == null ? 0 : entry.getModRevision());
            case ABSENT_OR_NULL -> entry == null || (!entry.getOpaque() && JsonText.isNull(entry.getValue(), meter));
            case EXPECTATION_NOT_SET -> throw new UnknownOperationException("an expectation of a cache entry");
        };
    }
}
