package io.coordinator.server.tick;

import java.util.concurrent.CompletableFuture;

/** Asks members how much heap their processes may use. */
@FunctionalInterface
public interface MemberHeaps {
    /**
     * Asks one; never blocks.
     *
     * @param clientAddress of the member
     * @return bytes; 0 if it does not say; fails if it does not answer
     */
    CompletableFuture<Long> ask(String clientAddress);
}
