/** gRPC: the transport of clients. Nothing else imports its transport classes. */
@NullMarked
package io.coordinator.server.net;

import org.jspecify.annotations.NullMarked;
