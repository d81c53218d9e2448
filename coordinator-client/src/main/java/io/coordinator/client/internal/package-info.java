/** How the SDK works; no API. */
@NullMarked
package io.coordinator.client.internal;

import org.jspecify.annotations.NullMarked;
