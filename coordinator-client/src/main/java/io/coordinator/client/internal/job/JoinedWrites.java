package io.coordinator.client.internal.job;

import io.coordinator.protocol.Command;

/** A transaction that can be made together with something else. */
public interface JoinedWrites {
    /**
     * The transaction as a command, with the guard that it has.
     *
     * @param first what is done before its writes, if its conditions hold
     */
    Command.Builder with(Command first);
}
