/**
 * How the cluster and the connection to it are.
 */
@NullMarked
package io.coordinator.client.cluster;

import org.jspecify.annotations.NullMarked;
