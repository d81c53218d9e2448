/**
 * What submitters, workers and watchers of job queues saw, and the check of it: each job done once, in its order,
 * within the limits. Knows nothing of the cluster.
 */
@NullMarked
package io.coordinator.testing.history.job;

import org.jspecify.annotations.NullMarked;
