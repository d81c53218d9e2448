/** {@code coordinator demo}: a real cluster and real workers on this host, jobs, and who is killed meanwhile. */
@NullMarked
package io.coordinator.cli.demo;

import org.jspecify.annotations.NullMarked;
