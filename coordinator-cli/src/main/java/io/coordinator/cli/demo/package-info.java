/** {@code coordinator demo}: a real cluster and real workers on this host, one job, and a leader that is killed. */
@NullMarked
package io.coordinator.cli.demo;

import org.jspecify.annotations.NullMarked;
