package io.coordinator.testing.workload;

import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.testing.history.Operation;
import java.util.List;
import java.util.Optional;

/** Compares what clients were told about an object with what a watch heard of it. */
@FunctionalInterface
interface WatchRule<I, O> {
    /** What is missing or too much in {@code heard}; empty if all is well. */
    Optional<String> fault(List<Operation<I, O>> operations, List<ChangeEvent> heard);
}
