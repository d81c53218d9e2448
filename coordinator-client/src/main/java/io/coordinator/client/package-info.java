/**
 * The SDK: locks with fencing tokens, a linearizable cache, exactly-once builds and watches of a Coordinator cluster.
 * Start at {@link io.coordinator.client.CoordinatorClient#connect}. Packages named {@code internal} are no API.
 */
@NullMarked
package io.coordinator.client;

import org.jspecify.annotations.NullMarked;
