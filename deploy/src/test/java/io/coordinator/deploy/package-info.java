/** Checks of the manifests. */
@NullMarked
package io.coordinator.deploy;

import org.jspecify.annotations.NullMarked;
