/** Durable topics: publishing, reading, and taking part in consumer groups. */
@NullMarked
package io.coordinator.client.internal.durable;

import org.jspecify.annotations.NullMarked;
