/**
 * Changes of several keys and documents that are made together or not at all:
 * {@link io.coordinator.client.transaction.Transaction}.
 */
@NullMarked
package io.coordinator.client.transaction;

import org.jspecify.annotations.NullMarked;
