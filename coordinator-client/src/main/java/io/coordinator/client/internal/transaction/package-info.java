/** Transactions over several keys and documents. */
@NullMarked
package io.coordinator.client.internal.transaction;

import org.jspecify.annotations.NullMarked;
