/** {@code coordinator member}: who is in the cluster, and changes of that. */
@NullMarked
package io.coordinator.cli.member;

import org.jspecify.annotations.NullMarked;
