/** How ephemeral topics are done: one stream beside the session's, and whose messages it brings. */
@NullMarked
package io.coordinator.client.internal.topic;

import org.jspecify.annotations.NullMarked;
