package io.coordinator.server;

import io.coordinator.server.read.LeaseRule;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Makes the rule that guards reads. Tests put a broken one in its place, to show that they would notice. */
@FunctionalInterface
interface LeaseRuleFactory {
    LeaseRule create(Duration lease, LongSupplier nanoTime);
}
