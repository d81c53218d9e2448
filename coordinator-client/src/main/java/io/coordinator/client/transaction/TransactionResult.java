package io.coordinator.client.transaction;

/**
 * What a transaction came to.
 *
 * @param held whether all conditions held, and so which branch was applied
 * @param revision of the cluster after it
 */
public record TransactionResult(boolean held, long revision) {}
