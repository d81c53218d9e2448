package io.coordinator.benchmarks.harness;

import java.util.concurrent.CompletionStage;

/** What one in-flight slot does again and again; called by one thread at a time. */
@FunctionalInterface
public interface SlotAction {
    CompletionStage<?> start();
}
