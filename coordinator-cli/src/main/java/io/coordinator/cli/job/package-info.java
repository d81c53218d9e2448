/** {@code coordinator job} and {@code coordinator queue}: jobs, the queues in which they wait, and their workers. */
@NullMarked
package io.coordinator.cli.job;

import org.jspecify.annotations.NullMarked;
