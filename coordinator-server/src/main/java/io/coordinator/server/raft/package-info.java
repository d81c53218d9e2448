/** The replicated log: the port that the server uses, and its Ratis implementation. Nothing else imports Ratis. */
@NullMarked
package io.coordinator.server.raft;

import org.jspecify.annotations.NullMarked;
