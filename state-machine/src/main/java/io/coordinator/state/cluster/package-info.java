/** What the cluster knows about itself: its id, its members, and what operators have done to it. */
@NullMarked
package io.coordinator.state.cluster;

import org.jspecify.annotations.NullMarked;
