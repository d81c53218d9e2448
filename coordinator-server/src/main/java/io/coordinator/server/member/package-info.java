/**
 * Who is in the cluster: how a node with a new disk comes in, what operators may change, and how the leader makes the
 * group of voters what the log says.
 */
@NullMarked
package io.coordinator.server.member;

import org.jspecify.annotations.NullMarked;
