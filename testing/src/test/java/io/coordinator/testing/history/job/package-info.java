/** Tests of the check of job queues. */
@NullMarked
package io.coordinator.testing.history.job;

import org.jspecify.annotations.NullMarked;
