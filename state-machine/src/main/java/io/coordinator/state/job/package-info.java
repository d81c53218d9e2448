/** Job queues: each job is leased to one worker at a time, and its completion is accepted once. */
@NullMarked
package io.coordinator.state.job;

import org.jspecify.annotations.NullMarked;
