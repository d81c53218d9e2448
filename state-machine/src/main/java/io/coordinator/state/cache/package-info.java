/** Cache: JSON values with ttl, revisions, counters and compare-and-set. */
@NullMarked
package io.coordinator.state.cache;

import org.jspecify.annotations.NullMarked;
