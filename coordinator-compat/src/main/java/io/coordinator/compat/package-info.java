/**
 * The calls of five older libraries over a Coordinator client, for code that moves from them:
 * {@link io.coordinator.compat.Compat}. They use nothing but the client's public API; new code takes that. What is
 * said of arguments in {@link io.coordinator.client} holds here as well.
 */
@NullMarked
package io.coordinator.compat;

import org.jspecify.annotations.NullMarked;
