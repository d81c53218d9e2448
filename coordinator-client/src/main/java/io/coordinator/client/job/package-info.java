/**
 * Jobs that wait in queues until a worker has done them: {@link io.coordinator.client.job.JobQueues}.
 */
@NullMarked
package io.coordinator.client.job;

import org.jspecify.annotations.NullMarked;
