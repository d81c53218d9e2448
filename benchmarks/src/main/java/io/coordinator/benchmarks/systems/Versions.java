package io.coordinator.benchmarks.systems;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** What stores of versioned texts have in common: reading with a version, and writing several if none has changed. */
interface Versions {
    /** A text and the version at which it was read. */
    record Versioned(String key, long version, String text) {}

    CompletionStage<Versioned> read(String key);

    /** Writes all texts if every key is still at its version; answers whether it did. */
    CompletionStage<Boolean> writeAll(List<Versioned> writes);
}
