/** One view of all data in a namespace, once for callers that wait and once with stages. */
@NullMarked
package io.coordinator.client.internal.data;

import org.jspecify.annotations.NullMarked;
