/** Remote procedure calls: workers register for names, and the log decides which of them gets a call. */
@NullMarked
package io.coordinator.state.rpc;

import org.jspecify.annotations.NullMarked;
