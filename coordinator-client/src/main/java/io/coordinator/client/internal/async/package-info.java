/** Promises, the one bridge from asynchronous to blocking, and the executors of user code. */
@NullMarked
package io.coordinator.client.internal.async;

import org.jspecify.annotations.NullMarked;
