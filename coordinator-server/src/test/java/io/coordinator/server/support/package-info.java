/** What the server's own tests share: nodes on free ports, and a client that speaks the raw protocol. */
@NullMarked
package io.coordinator.server.support;

import org.jspecify.annotations.NullMarked;
